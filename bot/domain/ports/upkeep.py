"""What is asked of the database about all of it: what is forgotten, whose it is, and who did what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.audit import AuditEntry


class Upkeep(Protocol):
    """What the watcher, the start and operators ask."""

    async def clean(self, now: datetime) -> None:
        """Forget what ended long ago, and jobs nobody watches."""
        ...

    async def forget_team(self, team_id: str) -> int:
        """Remove everything of a workspace. Returns how many subscriptions that were."""
        ...

    async def teams(self) -> Sequence[str]:
        """The workspaces that something is to be told in."""
        ...

    async def adopt(self, old_team_id: str, team_id: str, now: datetime) -> int:
        """Let what is stored under the old workspace be this one's. Returns how many rows that were.

        Where a job then has two threads in one channel, all subscribers move into the one that was there.
        """
        ...


class AuditStore(Protocol):
    """The audit trail: handlers add to it, operators read it."""

    async def append(self, entry: AuditEntry) -> None:
        """Add it; its subject is cut at `bot.domain.audit.MAX_SUBJECT`."""
        ...

    async def entries(
        self, since: datetime | None = None, user_id: str | None = None
    ) -> Sequence[AuditEntry]:
        """All of them, or those since then or of this person; oldest first."""
        ...

    async def forget_person(self, user_id: str) -> None:
        """Let an opaque number stand for this person; what they did and when stays."""
        ...

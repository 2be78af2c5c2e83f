"""What is asked of the database about all of it: what is forgotten, whose it is, and who did what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.domain.audit import AuditEntry

Stored = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by the name of their table; tables without any are left out."""


class Upkeep(Protocol):
    """What the watcher, the start and operators ask."""

    async def clean(self, now: datetime) -> None:
        """Forget what ended long ago, and jobs nobody watches."""
        ...

    async def forget_team(self, team_id: str) -> int:
        """Remove everything of a workspace. Returns how many subscriptions that were."""
        ...

    async def forget_person(self, user_id: str) -> int:
        """Remove the traces that a person leaves beside `Subscriptions.forget_user`, in every workspace.

        Those are the subscriptions in their direct messages with the bot, of which nothing is sent any more,
        and their name where they installed the app or set a key. In the audit trail an opaque number stands
        for them; what they did and when stays. Returns how many subscriptions those were.
        """
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

    async def append(self, entry: AuditEntry, *, once_since: datetime | None = None) -> bool:
        """Add it; its subject is cut at `bot.domain.audit.MAX_SUBJECT`. Returns whether it was added.

        With ``once_since`` it isn't where the workspace has an entry of that action from then on, whichever
        process added that.
        """
        ...

    async def entries(
        self, since: datetime | None = None, user_id: str | None = None, team_id: str | None = None
    ) -> Sequence[AuditEntry]:
        """All of them, or those since then, of this person or in this workspace; oldest first."""
        ...


class StoredData(Protocol):
    """All that is stored, by table: rows as they are, but never a secret."""

    async def of_team(self, team_id: str) -> Stored:
        """Everything about a workspace, with the jobs of the organizations that it asks about."""
        ...

    async def of_person(self, user_id: str) -> Stored:
        """Every row that names a person, and the subscriptions that they have."""
        ...

"""How far the outbox is behind, as the database says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in the outbox."""

    oldest_at: datetime | None
    """When the message was put in that waits longest; None where none waits."""
    parked: int
    """Messages that Slack did not take."""


class BacklogStore(Protocol):
    """Asked now and then, by whoever tells operators."""

    async def backlog(self, now: datetime, org_id: str | None = None, team_id: str | None = None) -> Backlog:
        """What waits, of one organization or of all, in one workspace or in all.

        What somebody paused for themselves does not count.
        """
        ...

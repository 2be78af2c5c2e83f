"""What the database remembers of what went wrong, and whether the admin was told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from bot.domain.health.incidents import Happened, Week


class IncidentStore(Protocol):
    """Asked by whoever counts, in each process, and by whoever reports."""

    async def add_incidents(self, counts: Mapping[Happened, int], now: datetime) -> None:
        """Add what a process counted since it last did."""
        ...

    async def week(self, team_id: str, org_id: str, monday: date) -> Week:
        """What all processes counted from that Monday to the next; see `Week.team_id`."""
        ...

    async def report_week(self, week: Week, team_id: str, channel_id: str, now: datetime) -> bool:
        """Put the message into the outbox, once for this week, by one process; False for all others.

        ``team_id`` is where it goes to.
        """
        ...

    async def was_week_reported(self, team_id: str, org_id: str, monday: date) -> bool:
        """Whether it is in the outbox, or went out; see `Week.team_id`."""
        ...

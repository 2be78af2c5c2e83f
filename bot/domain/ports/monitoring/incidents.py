"""What the database remembers of what went wrong, and whether the admin was told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from bot.domain.health.incidents import Incident, Week


class IncidentStore(Protocol):
    """Asked by whoever counts, in each process, and by whoever reports."""

    async def add_incidents(self, counts: Mapping[tuple[str, Incident], int], now: datetime) -> None:
        """Add what a process counted since it last did, by organization."""
        ...

    async def week(self, org_id: str, monday: date) -> Week:
        """What all processes counted from that Monday to the next."""
        ...

    async def report_week(self, week: Week, team_id: str, channel_id: str, now: datetime) -> bool:
        """Put the message into the outbox, once for this week, by one process; False for all others."""
        ...

    async def was_week_reported(self, org_id: str, monday: date) -> bool:
        """Whether it is in the outbox, or went out."""
        ...

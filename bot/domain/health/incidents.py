"""What happened in a week: what was parked, limited or late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

LATE_SECONDS: Final = 120.0
"""Delay from which the message about a job's end counts as late."""
KEPT_FOR: Final = timedelta(days=30)
"""Time for which counts are kept."""
_REPORT_AFTER: Final = timedelta(hours=8)
"""On Monday, UTC."""
_WEEK: Final = timedelta(days=7)


class Incident(StrEnum):
    """What is counted."""

    PARKED = "parked"
    """Slack did not take a message."""
    LIMITED = "limited"
    """Slack answered a call with 429."""
    LATE = "late"
    """A job's end was posted more than `LATE_SECONDS` after it."""


class Happened(NamedTuple):
    """What is counted, in which workspace, and about whose jobs."""

    team_id: str
    """Empty where it wasn't known."""
    org_id: str
    incident: Incident


@dataclass(frozen=True, slots=True)
class Week:
    """How often each happened about one organization, from a Monday to the next."""

    org_id: str
    monday: date
    parked: int = 0
    limited: int = 0
    late: int = 0
    team_id: str = ""
    """The workspace it happened in; empty: the only one there is, also while nobody knew which that is."""

    @property
    def is_quiet(self) -> bool:
        """Whether nothing happened: then nobody is told."""
        return not (self.parked or self.limited or self.late)


def due_week(now: datetime) -> date | None:
    """The Monday of the week to report at ``now`` (aware, UTC): the last one, from this Monday morning on."""
    monday = now.date() - timedelta(days=now.weekday())
    morning = datetime(monday.year, monday.month, monday.day, tzinfo=UTC) + _REPORT_AFTER
    return monday - _WEEK if now >= morning else None

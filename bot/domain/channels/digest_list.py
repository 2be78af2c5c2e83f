"""What a digest's buttons list: the jobs of one status, also those that it doesn't name. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.commands.query import Query
from bot.domain.job import JobStatus

_MOST_SECONDS_DIGITS: Final = 11
_HOUR_SECONDS: Final = 3600
_MOST_HOURS: Final = 9_999
"""As many as a filter takes."""


@dataclass(frozen=True, slots=True)
class Since:
    """The jobs of a status that changed since a moment; those that are running, whenever they changed."""

    status: JobStatus
    at: int
    """Seconds since the epoch."""

    def value(self) -> str:
        """As a button carries it."""
        return f"{self.status.value} {self.at}"

    @classmethod
    def read(cls, value: str) -> Since | None:
        """From a button; None where it is not one of ours."""
        status, _, at = value.partition(" ")
        is_one = at.isascii() and at.isdecimal() and len(at) <= _MOST_SECONDS_DIGITS
        return cls(JobStatus(status), int(at)) if is_one and status in set(JobStatus) else None

    def query(self, now: datetime) -> Query:
        """As it is asked for at ``now`` (aware, UTC): in whole hours, of which none is left out."""
        if self.status is JobStatus.RUNNING:
            return Query(statuses=frozenset({self.status}))
        hours = -(-max(1, int(now.timestamp()) - self.at) // _HOUR_SECONDS)
        return Query(statuses=frozenset({self.status}), since=f"{min(hours, _MOST_HOURS)}h")

"""What a look at a job's metrics can find. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import BeforeValidator, PlainSerializer

from bot.domain.curves.run_doctor import Finding
from bot.domain.job import JobStatus
from bot.domain.subscriptions.notifications.notification import (
    EVERYBODY,
    MILESTONES,
    Audience,
    Entry,
    Notification,
)


def _stored_status(status: JobStatus | None) -> str | None:
    return status and status.lower()


def _read_status(stored: object) -> object:
    return stored.upper() if isinstance(stored, str) else stored


class MetricsFinding(Notification):
    """The run doctor saw something in the metrics."""

    kind = "finding"
    finding: str | None = None
    """Its class, see `bot.domain.curves.run_doctor`."""
    evidence: str | None = None
    """The values it was seen in."""
    advice: str | None = None
    """What may help."""

    @classmethod
    def of(cls, finding: Finding, *, run: int, at: datetime, name: str | None) -> MetricsFinding:
        """One that is told once in each run of the job."""
        return cls(
            once_key=f"{run}:{finding.name}",
            at=at,
            name=name,
            finding=finding.name.value,
            evidence=finding.evidence,
            advice=finding.advice,
        )


class AlertResult(Notification):
    """The value of an alert was reached, or can be reached no more."""

    kind = "condition"
    condition: str | None = None
    """What was waited for, as `bot.domain.commands.conditions.condition` writes it."""
    evidence: str | None = None
    """The value that decided."""
    is_met: bool = False
    """It was reached; else the job ended without."""
    ended_as: Annotated[
        JobStatus | None,
        BeforeValidator(_read_status),
        PlainSerializer(_stored_status, return_type=str | None),
    ] = None
    """How the job ended, where it was not reached; stored as the kind of that end."""
    user_id: str | None = None
    """Who waited."""
    request_id: str | None = None
    """The member that reached it, where the alert was for a group."""

    def says_what(self, other: AlertResult) -> bool:
        """Whether another answered the same alert of the same person."""
        mine, theirs = (self.user_id, self.condition), (other.user_id, other.condition)
        return self.is_met and other.is_met and mine == theirs


ENTRIES: Final = (
    Entry(MetricsFinding, Audience(MILESTONES)),
    Entry(AlertResult, Audience(EVERYBODY)),
)

"""What a look at a job can find: how it goes and how it ends. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final

from bot.domain.curves.run_doctor import Finding
from bot.domain.history import Earlier
from bot.domain.job import JobStatus
from bot.domain.subscriptions.notifications.notification import (
    ASKED_FOR_RESULTS,
    EVERYBODY,
    MILESTONES,
    SUBSCRIBED,
    Audience,
    Entry,
    Notification,
)

_HALF: Final = 50


class Started(Notification):
    """A run is under way."""

    kind = "started"
    is_again: bool = False
    """The job had ended before."""
    progress: float | None = None
    queued_seconds: float | None = None


class Progress(Notification):
    """A milestone was passed."""

    kind = "progress"
    milestone: int | None = None
    """25, 50 or 75, the highest one passed."""
    progress: float | None = None
    eta_seconds: float | None = None
    queued_seconds: float | None = None
    """Where it tells the start as well."""

    @property
    def wants_metrics(self) -> bool:
        """For the loss so far, at half of the way."""
        return self.milestone == _HALF


class Stalled(Notification):
    """There is no progress."""

    kind = "stalled"
    progress: float | None = None
    quiet_seconds: float | None = None
    """For how long there has been none."""


class Moving(Notification):
    """There is progress again."""

    kind = "moving"
    progress: float | None = None
    eta_seconds: float | None = None
    quiet_seconds: float | None = None
    """For how long there was none."""


class JobEnd(Notification):
    """How a job ended: what may be broadcast."""

    status: ClassVar[JobStatus]
    ended_as_word: str | None = None
    """The status as it was sent, where nobody documented it; without secrets and cut."""
    progress: float | None = None
    queued_seconds: float | None = None
    duration_seconds: float | None = None
    gpu_hours: float | None = None
    gpu_type: str | None = None
    """Of which the hours are, for what they cost."""
    ended_at: datetime | None = None
    """By Simplismart's clock."""


class Completed(JobEnd):
    """The job completed."""

    kind = "completed"
    status = JobStatus.COMPLETED
    output_model_path: str | None = None
    finding: Finding | None = None
    """The worst thing that the run doctor found in its metrics, where nobody silenced it."""

    @property
    def wants_metrics(self) -> bool:
        """For the best value, and for what looks wrong."""
        return True


class Failed(JobEnd):
    """The job failed."""

    kind = "failed"
    status = JobStatus.FAILED
    error_message: str | None = None
    """Redacted and cut, see `bot.domain.job.stored`."""
    cause: str | None = None
    """What probably went wrong, see `bot.domain.diagnosis`; None where that is unsure."""
    advice: str | None = None
    """What to change, where ``cause`` is known."""
    earlier: Earlier | None = None
    """The last other job that failed with the same error."""


class Cancelled(JobEnd):
    """Somebody cancelled the job."""

    kind = "cancelled"
    status = JobStatus.CANCELLED

    @property
    def wants_metrics(self) -> bool:
        """For the best value."""
        return True


class Ended(JobEnd):
    """The job ended by a word that nobody documented and that does not say how."""

    kind = "ended"
    status = JobStatus.ENDED
    output_model_path: str | None = None
    error_message: str | None = None
    cause: str | None = None
    advice: str | None = None


class Added(Notification):
    """The reason of a failure, or the path of a completed job's model, came after the end was told."""

    kind = "added"
    output_model_path: str | None = None
    error_message: str | None = None
    cause: str | None = None
    advice: str | None = None
    earlier: Earlier | None = None
    """As that of `Failed`."""


class JobGone(Notification):
    """404 three times in a row: the last word."""

    kind = "job_gone"


class JobRefused(Notification):
    """400 five times in a row: the last word."""

    kind = "job_refused"


_RESULT: Final = Audience(SUBSCRIBED, broadcast_modes=ASKED_FOR_RESULTS)
ENTRIES: Final = (
    Entry(Started, Audience(MILESTONES)),
    Entry(Progress, Audience(MILESTONES)),
    Entry(Stalled, Audience(MILESTONES)),
    Entry(Moving, Audience(MILESTONES)),
    Entry(Completed, _RESULT),
    Entry(Failed, Audience(SUBSCRIBED, broadcast_modes=SUBSCRIBED)),
    Entry(Cancelled, _RESULT),
    Entry(Ended, _RESULT),
    Entry(Added, Audience(SUBSCRIBED)),
    Entry(JobGone, Audience(EVERYBODY)),
    Entry(JobRefused, Audience(EVERYBODY)),
)

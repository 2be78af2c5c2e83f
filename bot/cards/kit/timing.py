"""How long a job waited, ran, and will run, in words."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from bot.cards.kit.phrases import count
from bot.cards.kit.text import SEPARATOR, date, unbroken
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.job.ending import own_word
from bot.domain.job.forecast import elapsed_seconds, eta_seconds, waiting_seconds
from bot.domain.spelling import duration_text

_MINUTE_SECONDS: Final = 60
_LONGEST_SECONDS: Final = 1e10
"""Three centuries: nothing that is longer is a duration."""
_NEAR_SECONDS: Final = 12 * 3600
_UNITS: Final = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


class Timing(NamedTuple):
    """Durations as words; empty where they cannot be known."""

    waited: str
    elapsed: str
    left: str


def timing_of(job: TrainingJob, now: datetime) -> Timing:
    """What can be told at ``now`` (aware, UTC)."""
    return Timing(
        waited=in_words(waiting_seconds(job, now)),
        elapsed=in_words(elapsed_seconds(job, now)),
        left=roughly(eta_seconds(job, now)),
    )


def in_words(seconds: float | None) -> str:
    """A duration; empty where it is unknown or no duration."""
    return "" if seconds is None or not 0 <= seconds <= _LONGEST_SECONDS else duration_text(seconds)


def roughly(seconds: float | None) -> str:
    """A forecast, which knows no seconds: in whole minutes, where there are any."""
    if seconds is None or seconds < _MINUTE_SECONDS:
        return in_words(seconds)
    return in_words(seconds // _MINUTE_SECONDS * _MINUTE_SECONDS)


def in_one_unit(seconds: float) -> str:
    """A duration in its largest unit, where a line has no room for two; empty where it is none."""
    return " ".join(in_words(seconds).split()[:2])


def ago(moment: datetime, now: datetime) -> str:
    """How long ago something was, in its largest unit: ``3 days ago``."""
    seconds = int((now - moment).total_seconds())
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{count(seconds // size, unit)} ago"
    return "just now"


def clock(moment: datetime, now: datetime) -> str:
    """A time of day in each reader's own zone, with the day where that is more than 12 hours from ``now``."""
    is_near = abs((moment - now).total_seconds()) <= _NEAR_SECONDS
    return date(moment, "{time}") if is_near else date(moment)


def timing_line(job: TrainingJob, timing: Timing) -> str:
    """One line under the progress bar; ``mrkdwn``."""
    if job.status is JobStatus.ENDED or own_word(job) is not None:
        return unbroken(f"Ran for {timing.elapsed}") if timing.elapsed else ""
    if job.status is JobStatus.CANCELLED:
        return _cancelled(job, timing)
    known = {
        JobStatus.QUEUED: ("Waiting for", timing.waited),
        JobStatus.RUNNING: ("Running for", timing.elapsed),
        JobStatus.COMPLETED: ("Took", timing.elapsed),
        JobStatus.FAILED: ("Failed after", timing.elapsed),
    }
    words, duration = known.get(job.status, ("", ""))
    parts = (f"{words} {duration}" if duration else "", f"about {timing.left} left" if timing.left else "")
    return SEPARATOR.join(unbroken(part) for part in parts if part)


def _cancelled(job: TrainingJob, timing: Timing) -> str:
    after = f" after {timing.elapsed}" if timing.elapsed else ""
    if job.completed_at:
        return f"Cancelled {date(job.completed_at)}{after}"
    return f"Last change {date(job.updated_at)}" if job.updated_at else ""

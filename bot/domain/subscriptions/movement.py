"""How a job's progress moves: its pace, its usual step, and whether it stands still. Pure.

Our own clock decides what stands still. Simplismart's clock may be minutes off, so its times are only
compared with one another, or let count within what our own looks allow.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.domain.clocks import CLOCK_SKEW
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.job.resuming import RESTART_PERCENT

STALL_SECONDS: Final = 1800.0
STALL_STEPS: Final = 5
"""A job stalls after the larger of `STALL_SECONDS` and so many times its usual step without progress."""
LONGEST_GAP_SECONDS: Final = 600.0
"""Of a longer pause between two polls only this counts as standing still: we, or a clock, were away."""
_LONGEST_BEFORE_SECONDS: Final = 900.0
"""No more than this counts of the time before the first look."""
_WHOLE: Final = 100.0
"""In per cent: what comes after is saving the model, which moves nothing."""
_LONGEST_STEP: Final = 2
"""A longer step is believed up to this, in terms of what makes a stall."""
_WEIGHT: Final = 0.3
"""Of the newest step in the usual one."""


class Movement(BaseModel):
    """What is known of a job's progress over time. Every time is aware, UTC."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    level: float | None = None
    """The percentage that has to be passed to count as progress."""
    moved_at: datetime | None = None
    """When progress last moved, by our clock; None while the job is not running."""
    updated_at: datetime | None = None
    """The same by Simplismart's clock."""
    still_seconds: float = 0.0
    """How long it surely stood still since: only time between looks that were answered."""
    step_seconds: float | None = None
    """The usual time from one step of progress to the next, as far as looks tell them apart."""
    percent_seconds: float | None = None
    """The recent time for one per cent."""
    stalled_since: datetime | None = None
    """While it is stalled: when it last moved."""
    stalls: int = 0
    """How often it has stalled."""

    @property
    def stall_after_seconds(self) -> float:
        """Time without progress after which the job is stalled."""
        return max(STALL_SECONDS, STALL_STEPS * (self.step_seconds or 0.0))


def first_movement(job: TrainingJob, now: datetime, *, stalls: int = 0) -> Movement:
    """What is known at the first look at a run.

    A job that by its own times has not moved for long is granted only a part of that as standing still.
    """
    if job.status is not JobStatus.RUNNING:
        return Movement(stalls=stalls)
    moved_at = min(job.updated_at or now, now)
    still = (now - moved_at - CLOCK_SKEW).total_seconds()
    return Movement(
        level=job.progress,
        moved_at=moved_at,
        updated_at=job.updated_at,
        still_seconds=0.0 if job.progress == _WHOLE else min(max(0.0, still), _LONGEST_BEFORE_SECONDS),
        stalls=stalls,
    )


def next_movement(
    previous: Movement, job: TrainingJob, seen_at: datetime, now: datetime, *, counts: bool
) -> Movement:
    """What another look says: ``seen_at`` was the last one.

    With ``counts`` every look since then was answered, so that the time between may count as standing still.
    """
    if job.status is JobStatus.UNKNOWN:
        return previous
    if job.status is not JobStatus.RUNNING:
        return Movement(stalls=previous.stalls)
    if previous.moved_at is None:
        return Movement(level=job.progress, moved_at=now, updated_at=job.updated_at, stalls=previous.stalls)
    if job.progress is None:
        return previous
    if previous.level is None or not 0 <= previous.level - job.progress <= RESTART_PERCENT:
        return _moved(previous, job, seen_at, now)
    stands_still = counts and job.progress < _WHOLE
    return _stood_still(previous, (now - seen_at).total_seconds()) if stands_still else previous


def _stood_still(previous: Movement, gap_seconds: float) -> Movement:
    still = previous.still_seconds + min(max(0.0, gap_seconds), LONGEST_GAP_SECONDS)
    changed: dict[str, object] = {"still_seconds": still}
    if previous.stalled_since is None and still >= previous.stall_after_seconds:
        changed |= {"stalled_since": previous.moved_at, "stalls": previous.stalls + 1}
    return previous.model_copy(update=changed)


def _moved(previous: Movement, job: TrainingJob, seen_at: datetime, now: datetime) -> Movement:
    moved_at = min(max(job.updated_at or now, seen_at), now)
    took = _took_seconds(previous, job, moved_at)
    rise = (job.progress or 0.0) - (previous.level or 0.0)
    changed: dict[str, object] = {
        "level": job.progress,
        "moved_at": moved_at,
        "updated_at": job.updated_at,
        "still_seconds": 0.0,
        "stalled_since": None,
    }
    if took is not None and rise > 0 and previous.level is not None:
        # A rise that rounds to nothing has no pace: one that is no number could not be kept.
        if previous.stalled_since is None and math.isfinite(pace := took / rise):
            changed["percent_seconds"] = _usual(previous.percent_seconds, pace)
        if _is_one_step(took, (now - seen_at).total_seconds()):
            # A stall teaches patience too, so that a job that has become slow does not stall at every step.
            newest = min(took, _LONGEST_STEP * previous.stall_after_seconds)
            changed["step_seconds"] = _usual(previous.step_seconds, newest)
    return previous.model_copy(update=changed)


def _is_one_step(took_seconds: float, gap_seconds: float) -> bool:
    """Whether the looks are close enough to tell; too short a step to put off a stall is no matter."""
    return took_seconds <= STALL_SECONDS / STALL_STEPS or gap_seconds <= took_seconds / 2


def _took_seconds(previous: Movement, job: TrainingJob, moved_at: datetime) -> float | None:
    """From the last step to this one, by one and the same clock; None where the clocks make no sense."""
    took = timedelta()
    if previous.updated_at is not None and job.updated_at is not None:
        took = job.updated_at - previous.updated_at
    elif previous.moved_at is not None:
        took = moved_at - previous.moved_at
    return took.total_seconds() if took > timedelta() else None


def _usual(usual: float | None, newest: float) -> float:
    return newest if usual is None else usual + _WEIGHT * (newest - usual)

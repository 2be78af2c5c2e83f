"""Where the progress of a job is counted from: a job that goes on after a pause began its pace anew. Pure.

No document tells: ``started_at`` is the time of the last start, ``progress`` counts from the first one.
Comparing it with what was known of the job before does.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from bot.domain.job.document import TrainingJob
from bot.domain.job.order import lags
from bot.domain.job.reading import JobStatus

RESTART_PERCENT: Final = 1.0
"""Falling back by more than this is a restart from a checkpoint, from where the job climbs anew."""
_SAME_START: Final = timedelta(minutes=1)
"""By so much the time of one and the same start may be put right afterwards."""


def resumed(job: TrainingJob, known: TrainingJob) -> TrainingJob:
    """The job with where its progress is counted from, by what was ``known`` of it before.

    What it says of that itself was found by whoever saw more of it.
    """
    if job.counted_since is not None:
        return job
    said: dict[str, Any] = {
        "is_resumed": known.is_resumed,
        "counted_from": known.counted_from,
        "counted_since": known.counted_since,
    }
    if job.status is JobStatus.RUNNING:
        said |= _counting(job, known)
    elif job.status is not JobStatus.UNKNOWN:
        has_run = known.status is JobStatus.RUNNING or known.is_resumed
        said = {"is_resumed": has_run or None, "counted_from": None, "counted_since": None}
    is_news = any(getattr(job, name) != each for name, each in said.items())
    return job.model_copy(update=said) if is_news else job  # nearly always itself


def _counting(job: TrainingJob, known: TrainingJob) -> dict[str, Any]:
    """What is otherwise than it was known, for a job that runs."""
    is_another = _is_another_attempt(job, known)
    if not (is_another or known.is_resumed) or (known.counted_since is not None and not is_another):
        return {}
    if job.progress is None or job.updated_at is None:
        return {"is_resumed": True, "counted_from": None, "counted_since": None}
    return {"is_resumed": True, "counted_from": job.progress, "counted_since": job.updated_at}


def _is_another_attempt(job: TrainingJob, known: TrainingJob) -> bool:
    """Whether the job began anew between what was known and now."""
    began, begins = known.started_at, job.started_at
    if began is not None and begins is not None and begins - began > _SAME_START:
        return True
    if lags(job, known):
        return False
    fallen = 0.0 if job.progress is None or known.progress is None else known.progress - job.progress
    return known.status.is_finished or fallen > RESTART_PERCENT

"""What can be told from a job's times and counts: how long, how much longer, how many GPU-hours.

Every function answers ``None`` where the answer cannot be known: a time is absent, lies in the future,
or contradicts another one. A clock that is ahead by up to two minutes counts as being on time.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.job import JobStatus, TrainingJob

MAX_SKEW_SECONDS = 120.0
"""Two clocks may disagree by this much; a larger span backwards is an odd time."""
MIN_PROGRESS_PERCENT = 2.0
"""Before this, the time a job takes to load its model hides how fast it trains."""
MAX_GPUS = 100_000
"""More GPUs than this is a mistake in the document."""


def _span_seconds(start: datetime | None, end: datetime | None) -> float | None:
    """Seconds from ``start`` to ``end``; a small step backwards is zero, a larger one unknown."""
    if start is None or end is None:
        return None
    seconds = (end - start).total_seconds()
    return max(0.0, seconds) if seconds >= -MAX_SKEW_SECONDS else None


def elapsed_seconds(job: TrainingJob, now: datetime) -> float | None:
    """How long the job has run: until ``now`` (aware, UTC) while RUNNING, until its end once finished."""
    if job.status is JobStatus.RUNNING:
        return _span_seconds(job.started_at, now)
    if not job.status.is_finished or _span_seconds(job.completed_at, now) is None:
        return None
    return _span_seconds(job.started_at, job.completed_at)


def waiting_seconds(job: TrainingJob, now: datetime) -> float | None:
    """How long a QUEUED job has waited since it was created, at ``now`` (aware, UTC)."""
    return _span_seconds(job.created_at, now) if job.status is JobStatus.QUEUED else None


def queued_seconds(job: TrainingJob) -> float | None:
    """How long a job that has started had waited before."""
    return _span_seconds(job.created_at, job.started_at)


def eta_seconds(job: TrainingJob, now: datetime) -> float | None:
    """About how much longer a RUNNING job takes, at ``now`` (aware, UTC); always above zero.

    The speed is that of this attempt, up to ``updated_at``, the last change of ``progress``: from
    ``started_at``, or from where it was first seen to go on after another one. Unknown before it has done
    2%, at 100%, and once the predicted end has passed without a change.
    """
    since = _span_seconds(job.updated_at, now)
    return None if since is None else remaining_seconds(job, since)


def remaining_seconds(job: TrainingJob, since_seconds: float) -> float | None:
    """As `eta_seconds`, so long after the last change of ``progress``; needs no clock but the job's."""
    progress = job.progress
    if job.status is not JobStatus.RUNNING or progress is None or progress >= 100:  # noqa: PLR2004  (percent)
        return None
    begun_at, done = job.started_at, progress
    if job.is_resumed:
        begun_at, done = job.counted_since, progress - (job.counted_from or 0.0)
    trained = _span_seconds(begun_at, job.updated_at)
    if not trained or done < MIN_PROGRESS_PERCENT:
        return None
    remaining = trained * (100 - progress) / done - since_seconds
    return remaining if remaining > 0 else None


def gpu_total(job: TrainingJob) -> int | None:
    """GPUs on all nodes: ``gpu_count`` is per node; no ``node_count`` means one node."""
    gpus, nodes = job.infra_config.gpu_count, job.infra_config.node_count
    nodes = 1 if nodes is None else nodes
    if gpus is None or gpus <= 0 or nodes <= 0 or gpus * nodes > MAX_GPUS:
        return None
    return gpus * nodes


def gpu_hours(job: TrainingJob, now: datetime) -> float | None:
    """GPU-hours used so far, or in all once the job is finished."""
    elapsed, gpus = elapsed_seconds(job, now), gpu_total(job)
    return None if elapsed is None or gpus is None else elapsed * gpus / 3600

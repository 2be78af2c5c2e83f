"""Which of two answers about one job is the later one, by what they say themselves.

Several servers may answer, and the list may lag behind the documents, so that answers come out of order.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.job.document import TrainingJob
from bot.domain.job.lists import JobSummary


def lags(job: TrainingJob, known: TrainingJob) -> bool:
    """Whether a document comes from before what is known."""
    return _is_older(job.updated_at, known.updated_at) or _is_older(job.completed_at, known.completed_at)


def row_lags(row: JobSummary, known: TrainingJob) -> bool:
    """The same of a row in the list; one that knows of more progress does not, whatever its time says."""
    is_ahead = row.progress is not None and row.progress > (known.progress or 0.0)
    return _is_older(row.updated_at, known.updated_at) and not is_ahead


def is_another_end(job: TrainingJob, known: TrainingJob) -> bool:
    """Whether a finished job was started again after the end that is known, and has ended again already."""
    if known.completed_at is None or job.started_at is None:
        return False
    return job.started_at > known.completed_at


def _is_older(time: datetime | None, known: datetime | None) -> bool:
    return time is not None and known is not None and time < known

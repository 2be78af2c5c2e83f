"""Which of two answers about one job is the later one, by what they say themselves.

Several servers may answer, and the list may lag behind the documents, so that answers come out of order.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.domain.job.document import TrainingJob
from bot.domain.job.lists import JobSummary

_CORRECTED: Final = timedelta(minutes=1)
"""By so much the time of one and the same end may be put right afterwards."""


def lags(job: TrainingJob, known: TrainingJob) -> bool:
    """Whether a document comes from before what is known."""
    return _is_older(job.updated_at, known.updated_at) or _is_older(job.completed_at, known.completed_at)


def row_lags(row: JobSummary, known: TrainingJob) -> bool:
    """The same of a row in the list; one that knows of more progress does not, whatever its time says."""
    is_ahead = row.progress is not None and row.progress > (known.progress or 0.0)
    return _is_older(row.updated_at, known.updated_at) and not is_ahead


def is_newer_row(row: JobSummary, known: TrainingJob) -> bool:
    """Whether a row says something else of a finished job than is known: another end, or the same anew."""
    is_other = row.status_text not in {None, known.status_text} and row.status is not known.status
    return is_other or _is_older(known.updated_at, row.updated_at)


def is_another_run(job: TrainingJob, known: TrainingJob) -> bool:
    """Whether a finished job was started again after the end that is known, and has ended again already.

    So it is where it ended otherwise, and later: no end becomes another one without something in between.
    """
    is_later = _is_older(known.completed_at, job.completed_at)
    if job.status is not known.status and (is_later or _is_older(known.updated_at, job.updated_at)):
        return True
    was_restarted = is_later and _is_older(known.started_at, job.started_at)
    return was_restarted or _is_older(known.completed_at or known.updated_at, job.started_at)


def was_completed_later(job: TrainingJob, known: TrainingJob) -> bool:
    """Whether it ended so much later than is known that this is another end, whenever it began.

    A job that goes on where it was interrupted may keep the time of its first start.
    """
    if job.completed_at is None or known.completed_at is None:
        return False
    return job.completed_at - known.completed_at > _CORRECTED


def _is_older(time: datetime | None, known: datetime | None) -> bool:
    return time is not None and known is not None and time < known

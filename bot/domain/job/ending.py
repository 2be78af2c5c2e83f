"""How the end of a job is called."""

from __future__ import annotations

from bot.domain.job.document import TrainingJob
from bot.domain.job.lists import JobSummary
from bot.domain.job.reading import JobStatus, read_status


def own_word(job: TrainingJob | JobSummary) -> str | None:
    """The word a job ended with, as it was sent, where nobody documented it; else None."""
    if not job.status.is_finished or read_status(job.status_text) is not JobStatus.UNKNOWN:
        return None
    return job.status_text


def as_called(job: TrainingJob, known: TrainingJob) -> TrainingJob:
    """A finished job under the status its end is known by, where its document leaves that out now."""
    if job.status_text is not None:
        return job
    return job.model_copy(update={"status": known.status, "status_text": known.status_text})

"""What a finished job has to say of its end: why it failed, or where its model is.

Either may come after the status did.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from bot.domain.job.document import TrainingJob
from bot.domain.job.reading import JobStatus

_BYTES: Final = 6


def outcome_of(job: TrainingJob) -> str:
    """The reason of a failure, or the path of a completed job's model; empty where there is none (yet)."""
    if job.status is JobStatus.FAILED:
        return (job.error_message or "").strip()
    if job.status is JobStatus.COMPLETED:
        return (job.output_model_path or "").strip()
    if job.status is JobStatus.ENDED:
        return (job.error_message or job.output_model_path or "").strip()
    return ""


def outcome_mark(job: TrainingJob) -> str | None:
    """By what that is recognised, without holding any of it; None while the job has not finished."""
    if not job.status.is_finished:
        return None
    text = outcome_of(job)
    return blake2b(text.encode("utf-8", "replace"), digest_size=_BYTES).hexdigest() if text else ""

"""A job of the organisation's list in one line."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.cards.kit import phrases
from bot.cards.kit.phrases import named
from bot.cards.kit.text import SEPARATOR, code, date, unbroken, words
from bot.cards.kit.timing import roughly
from bot.domain.job import JobStatus, JobSummary

_ID_CHARACTERS: Final = 80
_STATUS_CHARACTERS: Final = 60
_MODEL_CHARACTERS: Final = 60


def job_row(job: JobSummary, now: datetime, *, with_id: bool = False) -> str:
    """What tells this job from the others, and how it is; ``mrkdwn``. ``now`` is aware.

    ``with_id`` where the name alone is not enough to tell.
    """
    parts = (
        f"{phrases.SYMBOLS[job.status]} *{named(job.experiment_name, job.request_id)}*",
        code(job.request_id, _ID_CHARACTERS) if with_id and job.experiment_name else "",
        _state(job, now),
        words(job.base_model or job.model_type or "", _MODEL_CHARACTERS),
    )
    return SEPARATOR.join(part for part in parts if part)


def _state(job: JobSummary, now: datetime) -> str:
    """How far a running job is, how long another took or waits, else its status."""
    if job.status is JobStatus.RUNNING and job.progress is not None:
        return unbroken(phrases.percent(job.progress))
    status = words(phrases.status_words(job), _STATUS_CHARACTERS)
    end = job.updated_at if job.status.is_finished else now
    if job.created_at is None or end is None:
        return status
    lasted = roughly((end - job.created_at).total_seconds())
    if lasted and job.status.is_finished:
        # No row says when its job started: the card may tell a shorter time.
        return f"{status}{SEPARATOR}{unbroken(lasted)} including queue"
    return f"{status}, created {date(job.created_at)}"

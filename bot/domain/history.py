"""What is remembered of jobs that finished: for "the same error before", and for digests. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.domain.diagnosis import (
    diagnose,
    error_fingerprint,
    error_headline,
)
from bot.domain.job import JobStatus, JobSummary, TrainingJob
from bot.domain.job.forecast import elapsed_seconds, gpu_hours
from bot.domain.job.stored import plain, shortened, slim, with_row
from bot.domain.spelling import one_line

LOOKED_BACK: Final = timedelta(days=90)
"""An error that was last seen longer ago is another story."""
KEPT_FOR: Final = timedelta(days=100)
"""Longer than anybody looks back."""
REASON_CHARACTERS: Final = 200

_READ_LINES: Final = 40
"""Where no line reports a failure, one of the last so many has its words."""


class Earlier(BaseModel):
    """Another job that failed the same way before."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    request_id: str
    name: str | None = None
    """The experiment's name, without secrets and cut."""
    at: datetime
    """When it failed (aware, UTC)."""


@dataclass(frozen=True, slots=True)
class FinishedJob:
    """One job that ended. Every text is without secrets and cut; every time is aware, UTC."""

    org_id: str
    request_id: str
    name: str | None
    status: JobStatus
    """COMPLETED, FAILED or CANCELLED."""
    finished_at: datetime
    """By Simplismart's clock, but never later than when it was seen."""
    gpu_hours: float | None = None
    duration_seconds: float | None = None
    fingerprint: str | None = None
    """Of its error, see `bot.domain.diagnosis.error_fingerprint`; None where there is nothing to go by."""
    reason: str | None = None
    """The likely cause where that is sure, else the first words of the error."""
    updated_at: datetime | None = None
    """When the answer that this was taken from was updated, by Simplismart's clock."""

    @property
    def known_until(self) -> datetime:
        """What Simplismart says of the job from after then is not known."""
        return self.updated_at or self.finished_at


def is_known(row: JobSummary, known_until: Mapping[str, datetime]) -> bool:
    """Whether the end that a row shows is among those that are remembered; else it may be another one.

    ``known_until`` has for each remembered job what `FinishedJob.known_until` says.
    """
    known = known_until.get(row.request_id)
    return known is not None and (row.updated_at is None or row.updated_at <= known)


def finished_job(
    org_id: str, request_id: str, job: TrainingJob, now: datetime, *, answers: datetime | None = None
) -> FinishedJob | None:
    """What is remembered of a job that finished; None while it has not.

    ``request_id`` is the one that was asked for, whatever the document says; ``now`` (aware, UTC) is when it
    was seen. ``answers`` is when the row was updated that this is to be the answer to, though the document
    may be silent on that.
    """
    if not job.status.is_finished:
        return None
    # A suite whose clock is ahead of ours ends jobs in our future; how long they took is known all the same.
    end = max(now, job.completed_at or now)
    fingerprint, reason = _why(job) if job.status is JobStatus.FAILED else (None, None)
    return FinishedJob(
        org_id=org_id,
        request_id=request_id,
        name=slim(job).experiment_name,
        status=job.status,
        finished_at=min(job.completed_at or job.updated_at or now, now),
        gpu_hours=gpu_hours(job, end),
        duration_seconds=elapsed_seconds(job, end),
        fingerprint=fingerprint,
        reason=reason,
        updated_at=max(filter(None, (job.updated_at, answers)), default=None),
    )


_EMPTY: Final = TrainingJob.model_construct()
"""Made once: ten thousand rows take as many copies of it, not as many new ones, each with its parts."""


def finished_row(org_id: str, row: JobSummary, now: datetime) -> FinishedJob | None:
    """The same of a job of which only its row in the list is known."""
    return finished_job(org_id, row.request_id, with_row(_EMPTY, row), now)


def _why(job: TrainingJob) -> tuple[str | None, str | None]:
    """The fingerprint and the reason of a failure."""
    if not job.error_message:
        return None, None
    fingerprint, found = error_fingerprint(job.error_message), diagnose(job)
    if found is not None:
        return fingerprint, _cut(found.cause)
    text = shortened(job.error_message)
    return fingerprint, _cut(error_headline(text) or next(_last_lines(text), ""))


def _last_lines(text: str) -> Iterator[str]:
    return (line for line in reversed(text.splitlines()[-_READ_LINES:]) if line.strip())


def _cut(text: str) -> str | None:
    """In one line, without secrets."""
    return one_line(plain(" ".join(text.split())) or "", REASON_CHARACTERS) or None

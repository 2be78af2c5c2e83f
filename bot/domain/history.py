"""What is remembered of jobs that finished: for "the same error before", and for digests. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.job import JobStatus


@dataclass(frozen=True, slots=True)
class FinishedJob:
    """One job that ended. Every text is without secrets and cut; every time is aware, UTC."""

    org_id: str
    request_id: str
    name: str | None
    status: JobStatus
    """COMPLETED, FAILED or CANCELLED."""
    finished_at: datetime
    """By the training suite's clock, but never later than when it was seen."""
    gpu_hours: float | None = None
    duration_seconds: float | None = None
    fingerprint: str | None = None
    """Of its error, see `bot.domain.diagnosis.error_fingerprint`; None where there is nothing to go by."""
    reason: str | None = None
    """The likely cause where that is sure, else the first words of the error."""

"""Lives of training jobs, drawn by chance: what the training suite would say of each at any moment."""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.domain.job import InfraConfig, JobStatus, JobSummary, TrainingJob

EPOCH = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = 3600.0
_STEPS = 250
"""How often a job reports progress on its way."""
_QUEUED_SECONDS = 900.0
_SKEW_SECONDS = 300.0
_BLANK = TrainingJob(infra_config=InfraConfig(gpu_count=8))


class Said(NamedTuple):
    """What is said of a job from ``at`` on, in seconds since the job's creation."""

    at: float
    status: JobStatus
    progress: float


class SimulatedJob:
    """One job: created, queued, running with an uneven pace, perhaps stalling, ended in one of three ways.

    The training suite's clock is up to five minutes off ours.
    """

    def __init__(self, name: str, created: float, chance: random.Random) -> None:
        self.name, self.created = name, created
        self.skew = chance.uniform(-_SKEW_SECONDS, _SKEW_SECONDS)
        self._said = _life(chance)
        self._times = [said.at for said in self._said]
        self._has_run = self._said[1].status is JobStatus.RUNNING
        self._until, self._job = -math.inf, _BLANK
        self._row: JobSummary | None = None

    @property
    def ends(self) -> float:
        """When it ends, by our clock."""
        return self.created + self._times[-1]

    @property
    def end(self) -> JobStatus:
        """How it ends."""
        return self._said[-1].status

    @property
    def runs_seconds(self) -> float:
        """For how long it runs."""
        return self._times[-1] - self._times[1] if self._has_run else 0.0

    def document(self, now: float) -> TrainingJob:
        """The job's own document at a moment of our clock, never an earlier one than before."""
        if now < self._until:
            return self._job
        number = bisect_right(self._times, now - self.created)
        self._until = self.created + self._times[number] if number < len(self._times) else math.inf
        self._row, said = None, self._said[number - 1]
        self._job = _BLANK.model_copy(
            update={
                "request_id": self.name,
                "status": said.status,
                "status_text": said.status.value,
                "created_at": self._theirs(0),
                "updated_at": self._theirs(said.at),
                "started_at": self._theirs(self._times[1]) if number > 1 and self._has_run else None,
                "completed_at": self._theirs(said.at) if said.status.is_finished else None,
                "progress": said.progress,
            }
        )
        return self._job

    def row(self, now: float) -> JobSummary:
        """The job's row in the list at a moment of our clock."""
        job = self.document(now)
        if self._row is None:
            self._row = JobSummary(
                request_id=self.name,
                status=job.status,
                status_text=job.status_text,
                created_at=job.created_at,
                updated_at=job.updated_at,
                progress=job.progress,
            )
        return self._row

    def _theirs(self, seconds: float) -> datetime:
        return moment(self.created + seconds + self.skew)


def moment(seconds: float) -> datetime:
    """A moment of the simulation as a time."""
    return EPOCH + timedelta(seconds=seconds)


def _life(chance: random.Random) -> list[Said]:
    steps = list(_steps(chance))
    fate = chance.random()
    if fate < 0.7:
        return [*steps, Said(steps[-1].at + chance.uniform(5, 60), JobStatus.COMPLETED, 100.0)]
    at = chance.uniform(30, steps[-1].at)
    before = [said for said in steps if said.at < at]
    status = JobStatus.FAILED if fate < 0.9 else JobStatus.CANCELLED
    return [*before, Said(at, status, before[-1].progress)]


def _steps(chance: random.Random) -> Iterator[Said]:
    """Queued, then running at a pace that drifts, with noise in every step; one in ten stalls for hours."""
    yield Said(0.0, JobStatus.QUEUED, 0.0)
    at = chance.expovariate(1 / _QUEUED_SECONDS)
    usual = chance.uniform(2 * HOUR, 20 * HOUR) / _STEPS
    pace, stalls_at = 1.0, chance.randrange(10 * _STEPS)
    for step in range(_STEPS + 1):
        yield Said(at, JobStatus.RUNNING, 100 * step / _STEPS)
        pace += 0.1 * (1 - pace) + chance.gauss(0, 0.05)
        at += usual * max(0.3, pace) * chance.uniform(0.8, 1.2)
        if step == stalls_at:
            at += chance.uniform(1, 6) * HOUR

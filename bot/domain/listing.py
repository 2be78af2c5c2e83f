"""Answers of many rows: an organisation's jobs, what of them is new, a job's metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import TrainingApiError
from bot.domain.job import JobSummary, MetricPoint

Statuses = Mapping[str, str]
"""The last status of each of an organisation's jobs by request id, see `bot.domain.job.changes.status_of`."""


@dataclass(frozen=True, slots=True, eq=False)
class JobListing:
    """The organisation's jobs as they were at one moment. Each is only equal to itself."""

    jobs: tuple[JobSummary, ...]
    """Each once; newest first, by when they were made."""
    fetched_at: datetime
    """When Simplismart answered with this list (aware, UTC)."""
    failure: TrainingApiError | None = None
    """Set when this is an earlier answer shown because asking again just failed."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class MetricsSnapshot:
    """A job's metric series as they were at one moment. Each is only equal to itself."""

    points: tuple[MetricPoint, ...]
    """As they were sent."""
    fetched_at: datetime
    """When Simplismart answered with these (aware, UTC)."""
    failure: TrainingApiError | None = None
    """Set when this is an earlier answer shown because asking again just failed."""


@dataclass(frozen=True, slots=True)
class ListChanges:
    """What a list of jobs says anew. Of duplicate rows the one updated last counts."""

    changed: Mapping[str, tuple[int, JobSummary]]
    """By request id: the row and its fingerprint, never 0."""
    missing: frozenset[str]
    """Jobs that were asked about and have no row."""
    is_cut: bool = False
    """More have changed than are told at once: ask again when these are known."""
    moved: tuple[JobSummary, ...] = ()
    """Where statuses were asked about: the rows of all jobs whose status is another one, or new."""
    ended: tuple[JobSummary, ...] = ()
    """And the rows of finished jobs that were updated not long ago, their status being as it was."""
    unlisted: frozenset[str] = frozenset()
    """And the jobs whose status was known that have no row."""

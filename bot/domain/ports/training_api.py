"""What the inside asks of Simplismart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.errors import TrainingApiError
from bot.domain.job import TrainingJob
from bot.domain.listing import JobListing, ListChanges, MetricsSnapshot, Statuses


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A job as it was seen at one moment. Each is only equal to itself: it stands for one answer."""

    job: TrainingJob
    fetched_at: datetime
    """When Simplismart last answered with this document (aware, UTC)."""
    from_cache: bool = False
    """True when no request was made for this answer."""
    failure: TrainingApiError | None = None
    """Set when this is an earlier answer shown because asking again just failed."""


class TrainingApi(Protocol):
    """Simplismart, read-only and cached."""

    async def job(self, request_id: str, *, refresh: bool = False) -> Snapshot:
        """One job, from the cache while it is fresh.

        With ``refresh`` Simplismart is asked anew, at most every 2 s per job. Where asking
        fails and an earlier answer (up to 1 h old) is known, that one comes back with ``failure``
        set.

        Raises:
            TrainingApiError: there is nothing to show.
        """
        ...

    def peek(self, request_id: str) -> Snapshot | None:
        """The job if the cache holds it fresh; never any I/O."""
        ...

    def recall(self, request_id: str) -> Snapshot | None:
        """The last answer known, fresh or not (up to 1 h old); never any I/O."""
        ...

    async def jobs(self, *, background: bool = False) -> JobListing:
        """Every job of the organisation, from the cache while it is fresh (15 s).

        However many ask at once, one question is asked; with ``background`` behind everybody who waits.
        Where asking fails an earlier answer (up to 1 h old) comes back with ``failure`` set.

        Raises:
            TrainingApiError: there is nothing to show.
        """
        ...

    def peek_jobs(self) -> JobListing | None:
        """The list if the cache holds it fresh; never any I/O."""
        ...

    def recall_jobs(self) -> JobListing | None:
        """The last list known, fresh or not (up to 1 h old); never any I/O."""
        ...

    async def metrics(self, request_id: str, *, background: bool = False) -> MetricsSnapshot:
        """Every point of a job's metric series, cached and asked for as `jobs` are.

        Raises:
            TrainingApiError: there is nothing to show, or no such job.
        """
        ...

    def recall_metrics(self, request_id: str) -> MetricsSnapshot | None:
        """The last metrics known, fresh or not (up to 1 h old); never any I/O."""
        ...

    async def look(self, request_id: str) -> Snapshot:
        """One job, asked anew behind everybody who waits; what comes back fills the cache.

        No earlier answer stands in for a failure.

        Raises:
            TrainingApiError: it was not answered, or there is no such job.
        """
        ...

    async def changes(
        self, known: Mapping[str, int], statuses: Statuses | None = None, since: datetime | None = None
    ) -> ListChanges:
        """What the organisation's list says of these jobs that it did not say before.

        ``known`` has for each job the fingerprint of its last row (0: none yet); ``statuses``, where it is
        given, the last status of every job of the organisation; ``since`` is for `ListChanges.ended`.
        Jobs that changed are no longer fresh in the cache. Asked anew, behind everybody who waits.

        Raises:
            TrainingApiError: there is no list.
        """
        ...

"""The training suite behind a cache: one question per job at a time, an earlier answer when asking fails."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cachetools import TLRUCache

from bot.domain.errors import InvalidIdError, JobNotFoundError, TrainingApiError
from bot.domain.job import JobSummary
from bot.domain.listing import JobListing, ListChanges, MetricsSnapshot, Statuses
from bot.domain.ports import Clock, Snapshot
from bot.tasks import Errands
from bot.training_api.answers import Answers
from bot.training_api.client import TrainingApiClient
from bot.training_api.documents import Document
from bot.training_api.rate_limiter import Priority, Turn

LIVE_SECONDS = 10.0
"""How long a job that is queued, running or of an unknown status counts as fresh."""
FINISHED_SECONDS = 600.0
"""How long a finished job counts as fresh."""
NOT_FOUND_SECONDS = 5.0
"""How long a 404 is believed."""
STALE_SECONDS = 3600.0
"""How long an answer is kept to be shown when asking fails."""
REFRESH_SECONDS = 2.0
"""Between two questions for one job, however often somebody asks to refresh it."""
MAX_WEIGHT = 10_000
"""Jobs kept. A job weighs 1, and 1 more for each 16 KiB of its document, so that memory stays bounded."""
MAX_METRICS_WEIGHT = 300
"""Metrics kept. Those of a job weigh 1, and 1 more for each 1,000 points."""

_WEIGHED_BYTES = 16 * 1024
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the last questions for a job gave; the times are the clock's monotonic seconds."""

    asked_at: float
    fresh_until: float
    keep_until: float
    document: Document | None = None
    snapshot: Snapshot | None = None
    """As it is told from the cache; none after a 404."""
    failure: TrainingApiError | None = None
    """The 404, or why the last question failed. Never raised itself: a raised error grows with each raise."""

    def in_hand(self) -> Snapshot:
        """The answer without asking.

        Raises:
            TrainingApiError: it was a 404.
        """
        if self.snapshot is None:
            raise copy.copy(self.failure or JobNotFoundError())
        return self.snapshot if self.failure is None else replace(self.snapshot, failure=self.failure)


@dataclass(frozen=True, slots=True)
class _Flight:
    task: asyncio.Task[Snapshot | TrainingApiError]
    turn: Turn


class CachedTrainingApi:
    """`bot.domain.ports.TrainingApi` for one organisation.

    ``client`` asks what is not cached: `TrainingApiClient.probe`, `prepare`.
    ``max_weight`` bounds what is kept; see `MAX_WEIGHT`.
    """

    def __init__(self, client: TrainingApiClient, clock: Clock, *, max_weight: int = MAX_WEIGHT) -> None:
        self.client = client
        self._clock = clock
        self._flights: dict[_Key, _Flight] = {}
        self._errands = Errands("asking for a job", are_awaited=True)
        self._seen: TLRUCache[_Key, _Seen] = TLRUCache(
            max_weight, ttu=_keep_until, timer=clock.monotonic, getsizeof=_weight
        )
        self._listings = Answers(self._ask_jobs, client.promote, clock)
        self._metrics = Answers(
            self._ask_metrics, client.promote, clock, most=MAX_METRICS_WEIGHT, weigh=_metrics_weight
        )

    async def job(
        self, request_id: str, *, refresh: bool = False, priority: Priority = Priority.PERSON
    ) -> Snapshot:
        """One job, from the cache while it is fresh; see `bot.domain.ports.TrainingApi.job`.

        However many ask for a job at once, one question is asked, and it goes on when those who asked are
        cancelled. An earlier answer stands in for every failure but 404 and 400: those two are about the job.

        Raises:
            TrainingApiError: there is nothing to show. Each caller gets an error of its own.
        """
        key = (self.client.org_id, request_id)
        seen = self._seen.get(key)
        if seen is not None and self._is_enough(seen, refresh=refresh):
            return seen.in_hand()
        outcome = await asyncio.shield(self._flight(key, priority).task)
        if isinstance(outcome, TrainingApiError):
            raise copy.copy(outcome)
        return outcome

    async def look(self, request_id: str) -> Snapshot:
        """One job, asked anew in the background; see `bot.domain.ports.TrainingApi.look`.

        A question under way is shared, whoever asked it.

        Raises:
            TrainingApiError: it was not answered, or there is no such job.
        """
        key = (self.client.org_id, request_id)
        outcome = await asyncio.shield(self._flight(key, Priority.BACKGROUND).task)
        if isinstance(outcome, TrainingApiError):
            raise copy.copy(outcome)
        if outcome.failure is not None:
            raise copy.copy(outcome.failure)
        return outcome

    async def changes(
        self, known: Mapping[str, int], statuses: Statuses | None = None, since: datetime | None = None
    ) -> ListChanges:
        """What the organisation's list says anew; see `bot.domain.ports.TrainingApi.changes`.

        Raises:
            TrainingApiError: there is no list.
        """
        changes = await self.client.changes(known, statuses, since)
        for row in (*(row for _, row in changes.changed.values()), *changes.moved, *changes.ended):
            self._compare(row)
        return changes

    async def jobs(self, *, background: bool = False) -> JobListing:
        """Every job of the organisation; see `bot.domain.ports.TrainingApi.jobs`.

        Raises:
            TrainingApiError: there is nothing to show. Each caller gets an error of its own.
        """
        return await self._listings.get(self.client.org_id, Priority(background))

    def peek_jobs(self) -> JobListing | None:
        """The list if the cache holds it fresh; never any I/O."""
        return self._listings.peek(self.client.org_id)

    def recall_jobs(self) -> JobListing | None:
        """The last list known, fresh or not (up to 1 h old); never any I/O."""
        return self._listings.recall(self.client.org_id)

    async def metrics(self, request_id: str, *, background: bool = False) -> MetricsSnapshot:
        """A job's metric series; see `bot.domain.ports.TrainingApi.metrics`.

        Raises:
            TrainingApiError: there is nothing to show, or no such job.
        """
        return await self._metrics.get(request_id, Priority(background))

    def peek(self, request_id: str) -> Snapshot | None:
        """The job if the cache holds it fresh; never any I/O."""
        seen = self._seen.get((self.client.org_id, request_id))
        return None if seen is None or self._clock.monotonic() >= seen.fresh_until else seen.snapshot

    def recall(self, request_id: str) -> Snapshot | None:
        """The last answer known, fresh or not (up to 1 h old); never any I/O."""
        seen = self._seen.get((self.client.org_id, request_id))
        return None if seen is None else seen.snapshot

    async def aclose(self) -> None:
        """End the questions under way and close every connection."""
        for each in (self._errands, self._listings, self._metrics):
            await each.aclose()
        await self.client.aclose()

    async def _ask_jobs(self, _org_id: str, turn: Turn) -> JobListing:
        return JobListing(await self.client.jobs(turn=turn), self._clock.now())

    async def _ask_metrics(self, request_id: str, turn: Turn) -> MetricsSnapshot:
        return MetricsSnapshot(await self.client.metrics(request_id, turn=turn), self._clock.now())

    def _compare(self, row: JobSummary) -> None:
        """What the cache holds is no longer fresh when the list says otherwise."""
        seen = self._seen.get(key := (self.client.org_id, row.request_id))
        if seen is None or (snapshot := seen.snapshot) is None:
            return
        if (snapshot.job.updated_at, snapshot.job.status_text) != (row.updated_at, row.status_text):
            self._seen[key] = replace(seen, fresh_until=self._clock.monotonic())

    def _is_enough(self, seen: _Seen, *, refresh: bool) -> bool:
        now = self._clock.monotonic()
        return now < seen.asked_at + REFRESH_SECONDS if refresh else now < seen.fresh_until

    def _flight(self, key: _Key, priority: Priority) -> _Flight:
        """The question under way for this job, or a new one."""
        flight = self._flights.get(key)
        if flight is None:
            turn = Turn(priority)
            flight = self._flights[key] = _Flight(self._errands.start(self._fetch(key, turn)), turn)
            flight.task.add_done_callback(lambda _: self._flights.pop(key, None))
        elif priority is Priority.PERSON:
            self.client.promote(flight.turn)
        return flight

    async def _fetch(self, key: _Key, turn: Turn) -> Snapshot | TrainingApiError:
        """Ask; an error is a value here, so that nobody need wait for it."""
        seen = self._seen.get(key)
        known = None if seen is None else seen.document
        try:
            document = await self.client.job(key[1], known=known, turn=turn)
        except TrainingApiError as exc:
            return self._failed(key, copy.copy(exc))
        return self._answered(key, document)

    def _answered(self, key: _Key, document: Document) -> Snapshot:
        now = self._clock.monotonic()
        fresh_seconds = FINISHED_SECONDS if document.job.status.is_finished else LIVE_SECONDS
        snapshot = Snapshot(document.job, self._clock.now())
        kept = replace(snapshot, from_cache=True)
        self._seen[key] = _Seen(now, now + fresh_seconds, now + STALE_SECONDS, document, kept)
        return snapshot

    def _failed(self, key: _Key, error: TrainingApiError) -> Snapshot | TrainingApiError:
        now = self._clock.monotonic()
        if isinstance(error, JobNotFoundError):
            until = now + NOT_FOUND_SECONDS
            self._seen[key] = _Seen(now, until, until, failure=error)
            return error
        seen = self._seen.get(key)
        if seen is None or seen.snapshot is None or isinstance(error, InvalidIdError):
            return error
        self._seen[key] = replace(seen, asked_at=now, fresh_until=now, failure=error)
        return replace(seen.snapshot, from_cache=False, failure=error)


def _keep_until(_key: _Key, seen: _Seen, _now: float) -> float:
    return seen.keep_until


def _weight(seen: _Seen) -> int:
    return 1 + (len(seen.document.body) // _WEIGHED_BYTES if seen.document else 0)


def _metrics_weight(metrics: MetricsSnapshot) -> int:
    return 1 + len(metrics.points) // 1000

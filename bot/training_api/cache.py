"""Simplismart behind a cache: one question per job at a time, an earlier answer when asking fails."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple, TypeVar

from bot.domain.errors import InvalidIdError, JobNotFoundError, TrainingApiError
from bot.domain.job import JobSummary
from bot.domain.listing import JobListing, ListChanges, MetricsSnapshot, Statuses
from bot.domain.ports import Clock, Snapshot
from bot.tasks import Answer, Lasting, Rules, SingleFlight
from bot.training_api.client import TrainingApiClient
from bot.training_api.documents import Document
from bot.training_api.rate_limiter import Priority, Slot

LIVE_SECONDS = 10.0
"""How long a job that is queued, running or of an unknown status counts as fresh."""
FINISHED_SECONDS = 600.0
"""How long a finished job counts as fresh."""
LISTED_SECONDS = 15.0
"""How long the list, or a job's metrics, count as fresh."""
NOT_FOUND_SECONDS = 5.0
"""How long a 404 is believed."""
FAILED_SECONDS = 2.0
"""How long a list's failure is believed: what people type key by key does not ask with each key."""
STALE_SECONDS = 3600.0
"""How long an answer is kept to be shown when asking fails."""
REFRESH_SECONDS = 2.0
"""Between two questions for one job, however often somebody asks to refresh it."""
MAX_WEIGHT = 10_000
"""Jobs kept. A job weighs 1, and 1 more for each 16 KiB of its document, so that memory stays bounded."""
MAX_METRICS_WEIGHT = 300
"""Metrics kept. Those of a job weigh 1, and 1 more for each 1,000 points."""

_WEIGHED_BYTES: Final = 16 * 1024
_Key = tuple[str, str]
"""The organisation and, but for its list, the job."""
_Value = TypeVar("_Value")
_Listed = TypeVar("_Listed", JobListing, MetricsSnapshot)


class _Job(NamedTuple):
    """What Simplismart said of a job, as who asked is told it, and as it is told from the cache."""

    document: Document
    asked: Snapshot
    cached: Snapshot


def _no_job_lasts(error: TrainingApiError) -> Lasting:
    """A 404 is believed for a while; after any other failure the next one asks anew."""
    seconds = NOT_FOUND_SECONDS if isinstance(error, JobNotFoundError) else 0.0
    return Lasting(seconds, seconds)


def _is_about_the_job(error: TrainingApiError) -> bool:
    """An earlier answer stands in for every failure but these."""
    return isinstance(error, JobNotFoundError | InvalidIdError)


def _rules_of_many(most: int, weigh: Callable[[_Listed], int]) -> Rules[_Listed, TrainingApiError]:
    """For the list, and for the many points of a job."""
    return Rules(
        errors=TrainingApiError,
        value=lambda _: Lasting(LISTED_SECONDS, STALE_SECONDS),
        failure=lambda _: Lasting(FAILED_SECONDS, FAILED_SECONDS),
        stand_in=lambda listed, error: None if _is_about_the_job(error) else listed,
        most=most,
        weigh=weigh,
    )


_JOBS: Final[Rules[_Job, TrainingApiError]] = Rules(
    errors=TrainingApiError,
    value=lambda job: Lasting(
        FINISHED_SECONDS if job.asked.job.status.is_finished else LIVE_SECONDS, STALE_SECONDS
    ),
    failure=_no_job_lasts,
    stand_in=lambda job, error: (
        None if _is_about_the_job(error) else job._replace(asked=replace(job.asked, failure=error))
    ),
    weigh=lambda job: 1 + len(job.document.body) // _WEIGHED_BYTES,
)
_LISTINGS: Final[Rules[JobListing, TrainingApiError]] = _rules_of_many(1, lambda _: 1)
_METRICS: Final[Rules[MetricsSnapshot, TrainingApiError]] = _rules_of_many(
    MAX_METRICS_WEIGHT, lambda metrics: 1 + len(metrics.points) // 1000
)


class CachedTrainingApi:
    """`bot.domain.ports.TrainingApi` for one organization; ``max_weight`` bounds it, see `MAX_WEIGHT`."""

    def __init__(self, client: TrainingApiClient, clock: Clock, *, max_weight: int = MAX_WEIGHT) -> None:
        self.client = client
        self._clock = clock
        self._jobs = self._cache("asking for a job", self._ask_job, replace(_JOBS, most=max_weight))
        self._listings = self._cache("asking for the list", self._ask_jobs, _LISTINGS)
        self._metrics = self._cache("asking for metrics", self._ask_metrics, _METRICS)

    def _cache(
        self,
        name: str,
        ask: Callable[[_Key, Slot], Awaitable[_Value]],
        rules: Rules[_Value, TrainingApiError],
    ) -> SingleFlight[_Key, Slot, _Value, TrainingApiError]:
        return SingleFlight(name, ask, rules, self._clock, joined=self._joined)

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
        known = self._jobs.known(key)
        if known is not None and self._is_enough(known, refresh=refresh):
            cached = _in_hand(known).cached
            return cached if known.failure is None else replace(cached, failure=known.failure)
        return _in_hand(await asyncio.shield(self._jobs.ask(key, Slot(priority)))).asked

    async def look(self, request_id: str) -> Snapshot:
        """One job, asked anew in the background; see `bot.domain.ports.TrainingApi.look`.

        A question under way is shared, whoever asked it.

        Raises:
            TrainingApiError: it was not answered, or there is no such job.
        """
        turn = Slot(Priority.BACKGROUND)
        answer = await asyncio.shield(self._jobs.ask((self.client.org_id, request_id), turn))
        if answer.failure is not None:
            raise copy.copy(answer.failure)
        return _in_hand(answer).asked

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
        answer = await self._listings.get((self.client.org_id, ""), Slot(Priority(background)))
        return _listed(answer)

    def peek_jobs(self) -> JobListing | None:
        """The list if the cache holds it fresh; never any I/O."""
        fresh = self._listings.fresh((self.client.org_id, ""))
        return None if fresh is None or fresh.failure is not None else fresh.value

    def recall_jobs(self) -> JobListing | None:
        """The last list known, fresh or not (up to 1 h old); never any I/O."""
        known = self._listings.known((self.client.org_id, ""))
        return None if known is None else known.value

    async def metrics(self, request_id: str, *, background: bool = False) -> MetricsSnapshot:
        """A job's metric series; see `bot.domain.ports.TrainingApi.metrics`.

        Raises:
            TrainingApiError: there is nothing to show, or no such job.
        """
        answer = await self._metrics.get((self.client.org_id, request_id), Slot(Priority(background)))
        return _listed(answer)

    def recall_metrics(self, request_id: str) -> MetricsSnapshot | None:
        """The last metrics known, fresh or not (up to 1 h old); never any I/O."""
        known = self._metrics.known((self.client.org_id, request_id))
        return None if known is None else known.value

    def peek(self, request_id: str) -> Snapshot | None:
        """The job if the cache holds it fresh; never any I/O."""
        fresh = self._jobs.fresh((self.client.org_id, request_id))
        return None if fresh is None or fresh.value is None else fresh.value.cached

    def recall(self, request_id: str) -> Snapshot | None:
        """The last answer known, fresh or not (up to 1 h old); never any I/O."""
        known = self._jobs.known((self.client.org_id, request_id))
        return None if known is None or known.value is None else known.value.cached

    async def aclose(self) -> None:
        """End the questions under way and close every connection."""
        for each in (self._jobs, self._listings, self._metrics):
            await each.aclose()
        await self.client.aclose()

    async def _ask_job(self, key: _Key, turn: Slot) -> _Job:
        known = self._jobs.known(key)
        document = None if known is None or known.value is None else known.value.document
        document = await self.client.job(key[1], known=document, turn=turn)
        snapshot = Snapshot(document.job, self._clock.now())
        return _Job(document, snapshot, replace(snapshot, from_cache=True))

    async def _ask_jobs(self, _key: _Key, turn: Slot) -> JobListing:
        return JobListing(await self.client.jobs(turn=turn), self._clock.now())

    async def _ask_metrics(self, key: _Key, turn: Slot) -> MetricsSnapshot:
        return MetricsSnapshot(await self.client.metrics(key[1], turn=turn), self._clock.now())

    def _joined(self, under_way: Slot, joining: Slot) -> None:
        """A person need not wait behind what nobody waits for."""
        if joining.priority is Priority.PERSON:
            self.client.promote(under_way)

    def _compare(self, row: JobSummary) -> None:
        """What the cache holds is no longer fresh when the list says otherwise."""
        if (snapshot := self.recall(row.request_id)) is None:
            return
        if (snapshot.job.updated_at, snapshot.job.status_text) != (row.updated_at, row.status_text):
            self._jobs.outdate((self.client.org_id, row.request_id))

    def _is_enough(self, known: Answer[_Job, TrainingApiError], *, refresh: bool) -> bool:
        now = self._clock.monotonic()
        return now < known.asked_at + REFRESH_SECONDS if refresh else now < known.fresh_until


def _in_hand(answer: Answer[_Value, TrainingApiError]) -> _Value:
    """The answer without asking.

    Raises:
        TrainingApiError: there is none.
    """
    if answer.value is None:
        raise copy.copy(answer.failure or TrainingApiError())
    return answer.value


def _listed(answer: Answer[_Listed, TrainingApiError]) -> _Listed:
    listed = _in_hand(answer)
    return listed if answer.failure is None else replace(listed, failure=answer.failure)

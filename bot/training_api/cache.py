"""Simplismart behind a cache: one question per job at a time, an earlier answer when asking fails."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, TypeVar

from bot.domain.errors import TrainingApiError
from bot.domain.job import JobSummary
from bot.domain.listing import JobListing, ListChanges, MetricsSnapshot, Statuses
from bot.domain.ports import Clock, Snapshot
from bot.domain.ports.monitoring import NOT_MEASURED, Endpoint, Measures
from bot.tasks import Answer, Rules, SingleFlight
from bot.training_api.cache_rules import JOBS, LISTINGS, MAX_WEIGHT, METRICS, KnownJob
from bot.training_api.client import TrainingApiClient
from bot.training_api.rate_limiter import Priority, Slot

REFRESH_SECONDS = 2.0
"""Between two questions for one job, however often somebody asks to refresh it."""

_Value = TypeVar("_Value")
_Listed = TypeVar("_Listed", JobListing, MetricsSnapshot)


class _Key(NamedTuple):
    """What is asked about."""

    org_id: str
    request_id: str
    """Empty for the list of all jobs."""


class CachedTrainingApi:
    """`bot.domain.ports.TrainingApi` for one organization; ``max_weight`` bounds it, see `MAX_WEIGHT`."""

    def __init__(
        self,
        client: TrainingApiClient,
        clock: Clock,
        *,
        max_weight: int = MAX_WEIGHT,
        measures: Measures = NOT_MEASURED,
    ) -> None:
        self.client = client
        self._measures = measures
        self._all = _Key(client.org_id, "")
        self._clock = clock
        self._jobs = self._cache("asking for a job", self._ask_job, replace(JOBS, most=max_weight))
        self._listings = self._cache("asking for the list", self._ask_jobs, LISTINGS)
        self._metrics = self._cache("asking for metrics", self._ask_metrics, METRICS)

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
        key = _Key(self.client.org_id, request_id)
        known = self._jobs.known(key)
        is_hit = known is not None and self._is_enough(known, refresh=refresh)
        self._measures.cached(Endpoint.JOB, is_hit=is_hit)
        if known is not None and is_hit:
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
        answer = await asyncio.shield(self._jobs.ask(_Key(self.client.org_id, request_id), turn))
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
        self._measures.cached(Endpoint.LIST, is_hit=self._listings.fresh(self._all) is not None)
        answer = await self._listings.get(self._all, Slot(Priority(background)))
        return _listed(answer)

    def peek_jobs(self) -> JobListing | None:
        """The list if the cache holds it fresh; never any I/O."""
        fresh = self._listings.fresh(self._all)
        return None if fresh is None or fresh.failure is not None else fresh.value

    def recall_jobs(self) -> JobListing | None:
        """The last list known, fresh or not (up to 1 h old); never any I/O."""
        known = self._listings.known(self._all)
        return None if known is None else known.value

    async def metrics(self, request_id: str, *, background: bool = False) -> MetricsSnapshot:
        """A job's metric series; see `bot.domain.ports.TrainingApi.metrics`.

        Raises:
            TrainingApiError: there is nothing to show, or no such job.
        """
        key = _Key(self.client.org_id, request_id)
        self._measures.cached(Endpoint.METRICS, is_hit=self._metrics.fresh(key) is not None)
        answer = await self._metrics.get(key, Slot(Priority(background)))
        return _listed(answer)

    def recall_metrics(self, request_id: str) -> MetricsSnapshot | None:
        """The last metrics known, fresh or not (up to 1 h old); never any I/O."""
        known = self._metrics.known(_Key(self.client.org_id, request_id))
        return None if known is None else known.value

    def peek(self, request_id: str) -> Snapshot | None:
        """The job if the cache holds it fresh; never any I/O."""
        fresh = self._jobs.fresh(_Key(self.client.org_id, request_id))
        return None if fresh is None or fresh.value is None else fresh.value.cached

    def recall(self, request_id: str) -> Snapshot | None:
        """The last answer known, fresh or not (up to 1 h old); never any I/O."""
        known = self._jobs.known(_Key(self.client.org_id, request_id))
        return None if known is None or known.value is None else known.value.cached

    async def aclose(self) -> None:
        """End the questions under way and close every connection."""
        for each in (self._jobs, self._listings, self._metrics):
            await each.aclose()
        await self.client.aclose()

    async def _ask_job(self, key: _Key, turn: Slot) -> KnownJob:
        known = self._jobs.known(key)
        document = None if known is None or known.value is None else known.value.document
        document = await self.client.job(key[1], known=document, turn=turn)
        snapshot = Snapshot(document.job, self._clock.now())
        return KnownJob(document, snapshot, replace(snapshot, from_cache=True))

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
            self._jobs.outdate(_Key(self.client.org_id, row.request_id))

    def _is_enough(self, known: Answer[KnownJob, TrainingApiError], *, refresh: bool) -> bool:
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

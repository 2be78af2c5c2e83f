"""Simplismart's training API, rate-limited: slots, retries and one time budget around each question."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

import httpx
import structlog

from bot.domain.errors import (
    InvalidIdError,
    JobNotFoundError,
    KeyRejectedError,
    RateLimitedError,
    TrainingApiError,
    UpstreamTimeoutError,
)
from bot.domain.job import JobSummary, MetricPoint
from bot.domain.listing import ListChanges, Statuses
from bot.domain.ports import Clock
from bot.domain.ports.monitoring import NOT_MEASURED, Measures
from bot.training_api.documents import Document, read_document
from bot.training_api.exchange import Exchange, Sink
from bot.training_api.lists.changes import Reading, reading_changes, reading_count
from bot.training_api.lists.known_rows import KnownRows
from bot.training_api.lists.reading import reading_jobs, reading_metrics
from bot.training_api.protocol import (
    Account,
    Answer,
    Request,
    checked_base_url,
    error_of,
    job_request,
    long_list_request,
    metrics_request,
    read_response,
    request_headers,
)
from bot.training_api.rate_limiter import Priority, RateLimiter, Slot
from bot.training_api.retrying import BUDGET_SECONDS, retry_after_seconds, retry_decision

LIST_BUDGET_SECONDS = 30.0
"""For a list that is read row by row, which may be long; a person is not made to wait for all of it."""

_LIMITED = 429  # Too Many Requests
_Value = TypeVar("_Value")
_log = structlog.stdlib.get_logger(__name__)

_ANSWERS: Final = JobNotFoundError | InvalidIdError | RateLimitedError
"""Failures that say nothing against the key or the other side."""


class TrainingApiClient:
    """Typed, read-only questions to Simplismart for one organisation.

    Every question has ``budget_seconds`` in all: for its turn, its retries and a body that drips.
    ``transport`` replaces the connections, ``jitter`` the random numbers from 0 to 1 (for tests).
    A ``rate_limiter`` that is given is others' too.

    Raises:
        SettingsError: the base URL or the key can never work.
    """

    def __init__(  # noqa: PLR0913  (the account, and what tests and others replace)
        self,
        account: Account,
        clock: Clock,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        budget_seconds: float = BUDGET_SECONDS,
        jitter: Callable[[], float] = random.random,
        measures: Measures = NOT_MEASURED,
        rate_limiter: RateLimiter | None = None,
    ) -> None:
        self.org_id = account.org_id
        self.failing_with: type[TrainingApiError] | None = None
        """Why the last request came to nothing; None where it was answered, or there was no such job."""
        self._base_url = checked_base_url(account.base_url)
        self._headers = request_headers(account.token)
        self._clock = clock
        self._transport = transport
        self._budget_seconds = budget_seconds
        self._jitter = jitter
        self._measures = measures
        self._rate_limiter = rate_limiter or RateLimiter(clock)
        self._is_limiter_ours = rate_limiter is None
        self._exchange: Exchange | None = None
        self._rows = KnownRows()

    @property
    def is_refused(self) -> bool:
        """Whether the last answer was that the key is no good."""
        return self.failing_with is KeyRejectedError

    async def job(
        self, request_id: str, *, known: Document | None = None, turn: Slot | None = None
    ) -> Document:
        """One job; ``known`` itself comes back when its bytes have not changed.

        Raises:
            TrainingApiError: there is no document.
        """
        request = job_request(self._base_url, self.org_id, request_id)
        read = partial(read_document, known=known, request_id=request_id)
        return await self._ask(request, lambda: Reading(read), turn or Slot())

    async def jobs(self, *, turn: Slot | None = None) -> tuple[JobSummary, ...]:
        """Every job of the organisation, newest first; it may take `LIST_BUDGET_SECONDS`.

        Raises:
            TrainingApiError: there is no list.
        """
        request = long_list_request(self._base_url, self.org_id)
        return await self._ask(request, reading_jobs, turn or Slot(), LIST_BUDGET_SECONDS)

    async def changes(
        self, known: Mapping[str, int], statuses: Statuses | None = None, since: datetime | None = None
    ) -> ListChanges:
        """What the list says anew, asked in the background; it may take `LIST_BUDGET_SECONDS`.

        Raises:
            TrainingApiError: there is no list.
        """
        request = long_list_request(self._base_url, self.org_id)
        turn = Slot(Priority.BACKGROUND)
        reading = partial(reading_changes, known, statuses, since, rows=self._rows)
        return await self._ask(request, reading, turn, LIST_BUDGET_SECONDS)

    async def metrics(self, request_id: str, *, turn: Slot | None = None) -> tuple[MetricPoint, ...]:
        """Every point of every metric series of one job.

        Raises:
            TrainingApiError: there are no metrics.
        """
        request = metrics_request(self._base_url, self.org_id, request_id)
        return await self._ask(request, partial(reading_metrics, request_id), turn or Slot())

    async def probe(self) -> int:
        """Ask once, without retries, whether the address, the organisation and the key work.

        Returns the number of jobs.

        Raises:
            TrainingApiError: what is wrong.
        """
        request, reading = long_list_request(self._base_url, self.org_id), reading_count()
        answer = await self._attempt(request, Slot(), self._deadline(self._budget_seconds), reading.sink)
        return read_response(answer, request, reading.read)

    def promote(self, turn: Slot) -> None:
        """A person waits for this question now: it goes before everything that no person waits for."""
        self._rate_limiter.promote(turn)

    async def aclose(self) -> None:
        """Close every connection; whoever still waits for a turn gets none."""
        if self._is_limiter_ours:
            self._rate_limiter.close()
        if self._exchange is not None:
            await self._exchange.aclose()

    async def _ask(
        self,
        request: Request,
        begin: Callable[[], Reading[_Value]],
        turn: Slot,
        budget_seconds: float | None = None,
    ) -> _Value:
        deadline, attempt = self._deadline(budget_seconds or self._budget_seconds), 0
        while True:
            retry_after, reading = None, begin()
            try:
                answer = await self._attempt(request, turn, deadline, reading.sink)
                retry_after = retry_after_seconds(answer.headers, answer.received_at)
                value = read_response(answer, request, reading.read)
            except TrainingApiError as exc:
                error = exc
                self.failing_with = None if isinstance(error, _ANSWERS) else type(error)
            else:
                self.failing_with = None
                return value
            delay = retry_decision(attempt, error, self._remaining(deadline), retry_after, self._jitter())
            if delay is None:
                raise error
            await self._clock.sleep(delay)
            attempt += 1

    async def _attempt(self, request: Request, turn: Slot, deadline: float, sink: Sink | None) -> Answer:
        """One request in its turn; whatever it does, it ends with the budget."""
        async with self._rate_limiter.turn(turn, self._remaining(deadline)):
            answer = await self._measured(request, deadline, sink)
            self._hold_back(answer)
            return answer

    async def _measured(self, request: Request, deadline: float, sink: Sink | None) -> Answer:
        """The request's answer, counted by what it says."""
        began_at, outcome = self._clock.monotonic(), "other"
        try:
            with self._measures.span("training_api.request", endpoint=request.endpoint.value):
                answer = await self._within(request, deadline, sink)
            outcome = "ok" if answer.is_success else error_of(answer, request).code
        except TrainingApiError as error:
            outcome = error.code
            raise
        finally:
            self._measures.asked(request.endpoint, outcome, self._clock.monotonic() - began_at)
        return answer

    async def _within(self, request: Request, deadline: float, sink: Sink | None) -> Answer:
        try:
            async with asyncio.timeout(self._remaining(deadline)):
                return await self._open().get(request, sink)
        except TimeoutError:
            failure = UpstreamTimeoutError("no whole answer within the budget")
        raise failure

    def _hold_back(self, answer: Answer) -> None:
        """Before anybody else gets the place of a request that was one too many."""
        if answer.status != _LIMITED:
            return
        pause = retry_after_seconds(answer.headers, answer.received_at)
        _log.warning("Simplismart is asked too often", retry_after_seconds=pause)
        if pause:
            self._rate_limiter.hold(pause)

    def _deadline(self, budget_seconds: float) -> float:
        return self._clock.monotonic() + budget_seconds

    def _remaining(self, deadline: float) -> float:
        return deadline - self._clock.monotonic()

    def _open(self) -> Exchange:
        if self._exchange is None:
            self._exchange = Exchange(self._headers, self._clock, self._transport)
        return self._exchange

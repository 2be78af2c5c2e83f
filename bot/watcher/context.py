"""What every part of a watcher works with, and what it knows of Simplismart's health."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.domain.clocks import CLOCK_SKEW
from bot.domain.errors import (
    InvalidIdError,
    JobNotFoundError,
    RateLimitedError,
    StoreError,
    TrainingApiError,
)
from bot.domain.history import LOOKED_BACK
from bot.domain.polling.poll_outcomes import PollPolicy
from bot.domain.ports import (
    Clock,
    DigestStore,
    FeedStore,
    FinishedJobStore,
    GroupStore,
    Look,
    MetricsCheckStore,
    TrainingApi,
    Upkeep,
    WatchStore,
)
from bot.domain.ports.monitoring import NOT_MEASURED, Measures
from bot.domain.subscriptions.alerts.alerts import Prices
from bot.domain.subscriptions.notifications.job_updates import Added, Failed
from bot.domain.subscriptions.rules import OUTAGE_SECONDS

SHORTEST_BACK: Final = timedelta(days=8)
"""What ended earlier a weekly digest has told before, or nobody asked for it."""

_QUESTIONS_PER_SECOND: Final = 2.0
"""What people ask goes first, and the list is asked for too."""
_LATE: Final = 1.5
"""After a poll that failed the next comes after the longest pause, or so much later."""
_ASKING_SECONDS: Final = 30.0
"""Time limit of a question."""

_log = structlog.stdlib.get_logger(__name__)


class WatcherStore(Protocol):
    """The ports of the database that a watcher uses."""

    @property
    def watches(self) -> WatchStore:
        """Which jobs are watched, and what looks at them come to."""
        ...

    @property
    def metrics_checks(self) -> MetricsCheckStore:
        """Which jobs' metrics are looked at, and what is told about them."""
        ...

    @property
    def feeds(self) -> FeedStore:
        """Which channels are told about new jobs, and the list those are found in."""
        ...

    @property
    def digests(self) -> DigestStore:
        """Which channels have a digest."""
        ...

    @property
    def groups(self) -> GroupStore:
        """Which groups of jobs have subscribers."""
        ...

    @property
    def finished_jobs(self) -> FinishedJobStore:
        """Jobs that finished."""
        ...

    @property
    def upkeep(self) -> Upkeep:
        """What is forgotten in time."""
        ...


@dataclass(frozen=True, slots=True)
class WatcherContext:
    """The ports, and the settings of one watcher."""

    store: WatcherStore
    training_api: TrainingApi
    clock: Clock
    org_id: str
    policy: PollPolicy
    lease_seconds: float
    wake_delivery: Callable[[], None]
    on_crash_point: Callable[[str], None]
    prices: Prices = field(default_factory=dict)
    measures: Measures = NOT_MEASURED

    def few(self, most: int) -> int:
        """How many questions, up to ``most``, are asked within the shortest interval at the usual pace.

        So many are asked at a time beside a list, which is not kept waiting.
        """
        return max(1, min(most, int(self.policy.bounds.min_seconds * _QUESTIONS_PER_SECOND)))

    async def finish(self, looks: Sequence[Look]) -> None:
        """Write down what looks came to; delivery is woken where there may be something to send."""
        counted = await self.store.watches.finish_looks(looks, self.clock.now())
        for _ in range(len(looks) - counted):
            self.measures.lease_lost()
        if counted and any(look.notifications or look.document or look.row for look in looks):
            self.wake_delivery()

    async def with_earlier(self, look: Look) -> Look:
        """The look with the last other job that failed the same way, where it tells why a job failed.

        Without, where the database does not say: the failure itself is worth more.
        """
        ended = look.finished
        told = any(isinstance(each, Failed | Added) for each in look.notifications)
        if ended is None or ended.fingerprint is None or not told:
            return look
        try:
            earlier = await self.store.finished_jobs.earlier(
                ended.org_id, ended.request_id, ended.fingerprint, ended.finished_at
            )
        except StoreError as error:
            _log.warning("a failure is told without earlier ones", error=error.code, detail=error.detail)
            return look
        if earlier is None:
            return look
        notifications = tuple(
            each.model_copy(update={"earlier": earlier}) if isinstance(each, Failed | Added) else each
            for each in look.notifications
        )
        return replace(look, notifications=notifications)

    async def looked_back(self) -> datetime:
        """Since when ends of jobs may still be told: the digests that wait longest say it.

        One that could not be told in time is told with the next, of both times.
        """
        now = self.clock.now()
        oldest = await self.store.digests.oldest_digest_since(self.org_id) or now
        return max(now - LOOKED_BACK, min(now - SHORTEST_BACK, oldest - CLOCK_SKEW))


class PeriodicTask(Protocol):
    """What else a watcher does in each round, after the looks."""

    async def run(self) -> float:
        """Do what is due. Returns in how many seconds there is more to do; infinity where nothing waits.

        Raises:
            StoreError: the database does not answer.
        """
        ...


class Health:
    """Whether Simplismart answers, told to the store only when that changes or it is time to tell."""

    def __init__(self, context: WatcherContext) -> None:
        self._context = context
        self._is_down = False
        self._was_noted = False
        self._pause_seconds = 0.0
        """For how long Simplismart last wanted not to be asked."""
        self._telling = asyncio.Lock()

    def begin(self, *, is_down: bool) -> None:
        """A new round; ``is_down`` is what the store says, which other processes write to as well."""
        self._is_down, self._was_noted = is_down, False

    async def answered(self) -> None:
        """It answered, be it that there is no such job.

        Jobs are asked about side by side: whoever has the second answer waits until the first one has ended
        the outage, so that no thread hears what happened meanwhile before that.
        """
        async with self._telling:
            if self._is_down:
                self._is_down = self._was_noted = False
                await self._context.store.watches.api_answered(
                    self._context.org_id, self._context.clock.now()
                )
                self._context.wake_delivery()

    async def failed(self, error: TrainingApiError) -> None:
        """There was no answer to a question, which was not about an odd id; noted once a round."""
        if isinstance(error, JobNotFoundError):
            await self.answered()
        elif error.was_asked and not isinstance(error, InvalidIdError) and not self._was_noted:
            self._is_down = self._was_noted = True
            await self._context.store.watches.api_failed(
                self._context.org_id,
                self._context.clock.now(),
                OUTAGE_SECONDS,
                longest_gap_seconds=self._longest_gap_seconds(error),
            )
            self._context.wake_delivery()

    def _longest_gap_seconds(self, error: TrainingApiError) -> float:
        """Looks that fail are no further apart than this, unless nobody looked."""
        if isinstance(error, RateLimitedError):
            self._pause_seconds = error.retry_after_seconds or 0.0
        longest = max(self._context.policy.bounds.max_seconds, self._pause_seconds)
        return longest * _LATE + _ASKING_SECONDS

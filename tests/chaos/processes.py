"""Processes that share a clock with the test: started, killed, put to sleep and woken."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.tasks import Errands
from tests.chaos.reporting_loop import seen
from tests.chaos.shared_clock import Rest, SharedClock
from tests.chaos.worker import CRASH_POINTS, LEASE_SECONDS, Orders, WorkerProcess, start


@dataclass
class Processes:
    """All that were ever started. Time waits for those that are awake."""

    clock: SharedClock
    orders: Callable[[int], Orders]
    workers: list[WorkerProcess] = field(default_factory=list, kw_only=True)
    awaited: set[int] = field(default_factory=set, kw_only=True)
    """The workers that time waits for."""
    errands: Errands = field(default_factory=lambda: Errands("the note of a death"), kw_only=True)

    def start_worker(self, doomed_at: str = "", *, secrets_key: str = "") -> WorkerProcess:
        """One more process, which may be doomed already. Time waits for it."""
        return self._start(replace(self.orders(len(self.workers)), secrets_key=secrets_key), doomed_at)

    async def start_serving(self, doomed_at: str = "", *, secrets_key: str = "") -> tuple[WorkerProcess, int]:
        """One that answers people too, and the port at which it does; 0 where it died before."""
        orders = replace(self.orders(len(self.workers)), serves=True, secrets_key=secrets_key)
        server = self._start(orders, doomed_at)
        await asyncio.wait_for(seen(lambda: orders.port_file.exists() or not server.is_alive), 30.0)
        return server, int(orders.port_file.read_text()) if orders.port_file.exists() else 0

    def kill(self, worker: WorkerProcess) -> None:
        """``kill -9``, now; nothing happens to one that is dead."""
        worker.process.kill()

    def doom(self, worker: WorkerProcess, step: str) -> None:
        """The worker dies the next time it comes to this step."""
        self.clock.memory.set_doom(worker.number, 1 + CRASH_POINTS.index(step))

    async def asleep(self, worker: WorkerProcess, at: str) -> None:
        """Let the worker come to this step and stop there; then its leases are over."""
        self.clock.memory.set_doom(worker.number, -1 - CRASH_POINTS.index(at))
        await asyncio.wait_for(seen(lambda: not self.clock.memory.doom(worker.number)), 30.0)
        await self.note_gone()
        self.awaited.discard(worker.number)
        await self.clock.leap(LEASE_SECONDS)

    def wake(self, worker: WorkerProcess) -> None:
        """Let it go on, as if nothing had happened."""
        assert worker.process.pid is not None
        os.kill(worker.process.pid, signal.SIGCONT)
        self.awaited.add(worker.number)

    async def note_gone(self) -> None:
        """Called when a process died or fell asleep, before time goes on without it."""

    async def end(self) -> None:
        """End every process that is left."""
        for worker in self.workers:
            self.kill(worker)
            await worker.died.wait()
            worker.process.close()

    def _start(self, orders: Orders, doomed_at: str) -> WorkerProcess:
        number = orders.number
        self.clock.memory.say(number, Rest(-1, 0, 0.0))
        if doomed_at:
            self.clock.memory.set_doom(number, 1 + CRASH_POINTS.index(doomed_at))
        process = start(orders)
        worker = WorkerProcess(number, process, asyncio.Event())
        self.workers.append(worker)
        self.awaited.add(number)
        loop = asyncio.get_running_loop()
        loop.add_reader(process.sentinel, self._died, worker)
        return worker

    def _died(self, worker: WorkerProcess) -> None:
        asyncio.get_running_loop().remove_reader(worker.process.sentinel)
        worker.process.join()
        self.errands.start(self._note_death(worker))

    async def _note_death(self, worker: WorkerProcess) -> None:
        await self.note_gone()
        self.awaited.discard(worker.number)
        worker.died.set()

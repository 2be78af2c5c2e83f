"""The four processes of a soak: whichever dies is started again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from tests.chaos.processes import Processes
from tests.chaos.worker import WorkerProcess
from tests.soak.plan import SLOTS

_SERVING: Final = SLOTS // 2
_RESTART_SECONDS: Final = (1.0, 6.0)
"""What a supervisor takes, on the shared clock."""


class Fleet:
    """Keeps each slot filled. ``on_port``: told which process serves in a slot, and where it listens."""

    def __init__(
        self, processes: Processes, secrets_key: str, random: Random, on_port: Callable[[int, int, int], None]
    ) -> None:
        self.processes = processes
        self._secrets_key = secrets_key
        self._random = random
        self._on_port = on_port
        self._running: dict[int, WorkerProcess] = {}
        self.died_at: dict[int, float] = {}
        """When each process that died did."""
        self.peak_megabytes = 0.0
        """What the largest of them took."""

    def measure(self) -> None:
        """See how much memory each process took at most."""
        for worker in self._running.values():
            if worker.is_alive and worker.process.pid is not None:
                status = Path(f"/proc/{worker.process.pid}/status").read_text()
                kilobytes = next((int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line), 0)
                self.peak_megabytes = max(self.peak_megabytes, kilobytes / 1024)

    def in_slot(self, slot: int) -> WorkerProcess | None:
        """The process that runs there; None while none does."""
        worker = self._running.get(slot)
        return worker if worker is not None and worker.is_alive else None

    async def keep(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            for slot in range(SLOTS):
                group.create_task(self._keep(slot))

    async def _keep(self, slot: int) -> None:
        while True:
            worker = self._running[slot] = await self._start(slot)
            await worker.died.wait()
            self.died_at[worker.number] = self.processes.clock.monotonic()
            await self.processes.clock.sleep(self._random.uniform(*_RESTART_SECONDS))

    async def _start(self, slot: int) -> WorkerProcess:
        if slot >= _SERVING:
            return self.processes.start_worker(secrets_key=self._secrets_key)
        worker, port = await self.processes.start_serving(secrets_key=self._secrets_key)
        self._on_port(slot, worker.number, port)
        return worker

"""One clock for several processes: it stands in a file that all of them map, and only the test moves it.

It waits for whoever is slow: it goes no further while a worker has not yet seen what time it is, so that on a
busy machine no lease runs out merely because its holder was not given the processor.
"""

from __future__ import annotations

import asyncio
import heapq
import mmap
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

START: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WORKERS: Final = 100
"""So many may have a place in the file."""
STEP_SECONDS: Final = 0.05
"""How far the clock goes at once, if nothing else is said."""
_POLL_SECONDS: Final = 0.002
"""Real ones: how often everybody looks at the time."""
_DOUBLE: Final = 8


class SharedMemory:
    """What the processes share, as numbers: the time; for each worker, when it last looked, and its doom."""

    def __init__(self, path: Path) -> None:
        """Map the file; the first to do so makes it."""
        size = _DOUBLE * (1 + 2 * WORKERS)
        if not path.exists():
            path.write_bytes(bytes(size))
        with path.open("r+b") as file:
            self._numbers = memoryview(mmap.mmap(file.fileno(), size)).cast("d")

    @property
    def seconds(self) -> float:
        """The time."""
        return self._numbers[0]

    @seconds.setter
    def seconds(self, seconds: float) -> None:
        self._numbers[0] = seconds

    def saw(self, worker: int) -> float:
        """The last time this worker saw."""
        return self._numbers[1 + 2 * worker]

    def see(self, worker: int, seconds: float) -> None:
        """Write down that this worker saw that time."""
        self._numbers[1 + 2 * worker] = seconds

    def doom(self, worker: int) -> int:
        """The number of the step at which this worker dies, or below zero falls asleep; 0 for none."""
        return int(self._numbers[2 + 2 * worker])

    def set_doom(self, worker: int, step: int) -> None:
        """Write down at which step this worker dies or falls asleep."""
        self._numbers[2 + 2 * worker] = step


class SharedClock:
    """The clock as one process sees it. Sleepers wake while `run` runs."""

    def __init__(self, memory: SharedMemory) -> None:
        self.memory = memory
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._slept = 0
        self.step_seconds = STEP_SECONDS
        """How far the clock goes at once; in the test's process."""

    def now(self) -> datetime:
        """This clock's time of day."""
        return START + timedelta(seconds=self.memory.seconds)

    def monotonic(self) -> float:
        """This clock's seconds since it began."""
        return self.memory.seconds

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock shows ``seconds`` more."""
        if seconds <= 0:
            return
        future = asyncio.get_running_loop().create_future()
        self._slept += 1
        heapq.heappush(self._sleepers, (self.memory.seconds + seconds, self._slept, future))
        await future

    async def follow(self, worker: int) -> None:
        """In a worker: look at the time again and again, for ever."""
        while True:
            self.wake()
            self.memory.see(worker, self.memory.seconds)
            await asyncio.sleep(_POLL_SECONDS)

    async def lead(self, workers: set[int]) -> None:
        """In the test: move the time on, as fast as these workers can follow, for ever."""
        while True:
            await asyncio.sleep(_POLL_SECONDS)
            if all(self.memory.saw(worker) >= self.memory.seconds for worker in workers):
                self.jump(self.step_seconds)

    def jump(self, seconds: float) -> None:
        """In the test: move the time on at once."""
        self.memory.seconds += seconds
        self.wake()

    def wake(self) -> None:
        """Let go whoever slept until now."""
        while self._sleepers and self._sleepers[0][0] <= self.memory.seconds:
            _, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                future.set_result(None)

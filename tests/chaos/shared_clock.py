"""One clock for several processes: it stands in a file that all of them map, and only the test moves it.

It goes on when everybody waits, to the moment that the first of them waits for: on a busy machine no lease
runs out merely because its holder was not given the processor. Everybody waits when in two waves, one after
the other, each process said that it did, and nothing happened anywhere in between.
"""

from __future__ import annotations

import asyncio
import heapq
import math
import mmap
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from tests.chaos.reporting_loop import ReportingLoop
from tests.chaos.signals import Signals

START: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WORKERS: Final = 1_000
"""So many may have a place in the file."""
_POLL_SECONDS: Final = 0.02
"""Real ones: how often everybody looks at the time though nobody wakes them: one may have been stopped."""
_DOUBLE, _CELLS = 8, 4
TEST: Final = WORKERS
"""The place of the test's own process."""


class Rest(NamedTuple):
    """What a process says when it waits."""

    wave: int
    """The last one in which it did."""
    happened: int
    """How often something had happened in it until then."""
    wakes_at: float
    """When the first of those wakes who sleep in it."""


class SharedMemory:
    """What the processes share, as numbers: the time, the wave, and what each worker says and is told."""

    def __init__(self, path: Path) -> None:
        """Map the file; the first to do so makes it."""
        self.path = path
        size = _DOUBLE * (3 + _CELLS * (WORKERS + 1))
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

    @property
    def wave(self) -> int:
        """The number of the wave that goes on: everybody says of it when they wait."""
        return int(self._numbers[1])

    @wave.setter
    def wave(self, wave: int) -> None:
        self._numbers[1] = wave

    @property
    def jumped_seconds(self) -> float:
        """How far the workers' wall clock is off."""
        return self._numbers[-1]

    @jumped_seconds.setter
    def jumped_seconds(self, seconds: float) -> None:
        self._numbers[-1] = seconds

    def rest(self, worker: int) -> Rest:
        """What this worker said last."""
        first = 2 + _CELLS * worker
        wave, happened, wakes_at = self._numbers[first : first + 3]
        return Rest(int(wave), int(happened), wakes_at)

    def say(self, worker: int, rest: Rest) -> None:
        """Write down what this worker says; the wave at last, which makes it count."""
        first = 2 + _CELLS * worker
        self._numbers[first + 1], self._numbers[first + 2] = rest.happened, rest.wakes_at
        self._numbers[first] = rest.wave

    def doom(self, worker: int) -> int:
        """The number of the step at which this worker dies, or below zero falls asleep; 0 for none."""
        return int(self._numbers[5 + _CELLS * worker])

    def set_doom(self, worker: int, step: int) -> None:
        """Write down at which step this worker dies or falls asleep."""
        self._numbers[5 + _CELLS * worker] = step


class SharedClock:
    """The clock as one process sees it. Sleepers wake while `follow` or `lead` runs."""

    def __init__(self, memory: SharedMemory) -> None:
        self.memory = memory
        self._signals = Signals(memory.path, TEST)
        self._said: tuple[int, ...] = ()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._slept = 0
        self._seen = -1.0
        self._leaps: list[tuple[float, asyncio.Future[None]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._grain_seconds = 0.0
        self._jumps_along = False
        self._happened: dict[int, int] = {}
        """How often something had happened in each process by the wave before; empty where there was none."""

    def now(self) -> datetime:
        """This clock's time of day; that of Slack and of the training suite never jumps."""
        jumped_seconds = self.memory.jumped_seconds if self._jumps_along else 0.0
        return START + timedelta(seconds=self.memory.seconds + jumped_seconds)

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

    def follow(self, worker: int) -> None:
        """In a worker: look at the time again and again, and say when this process waits, until `stop`."""
        self._jumps_along = True
        self._listen_as(worker, lambda: None)

    def lead(self, workers: set[int], *, grain_seconds: float = 0.0) -> None:
        """In the test: move the time on whenever it and all of these workers wait, until `stop`.

        With a grain it moves by multiples of that: whoever sleeps wakes up to so much later.
        """
        self._grain_seconds = grain_seconds
        self._listen_as(TEST, lambda: self._look_at(workers))

    def stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._signals.close()

    async def leap(self, seconds: float) -> None:
        """In the test: let so much time pass at once, when everybody waits."""
        future = asyncio.get_running_loop().create_future()
        self._leaps.append((seconds, future))
        await future

    def _keep(self, see: Callable[[], None]) -> None:
        """Not in a task: what is called by a timer does nothing that counts as something that happens."""
        see()
        self._timer = asyncio.get_running_loop().call_later(_POLL_SECONDS, self._keep, see)

    def _look_at(self, workers: set[int]) -> None:
        """Go on to the next wave once the test and all of these workers said that they wait in this one."""
        rests = {each: self.memory.rest(each) for each in (TEST, *workers)}
        if any(rest.wave < self.memory.wave for rest in rests.values()):
            return
        before, self._happened = self._happened, {each: rest.happened for each, rest in rests.items()}
        if self._happened == before:
            self._go_on(min(rest.wakes_at for rest in rests.values()))
            self._happened = {}
        self.memory.wave += 1
        self._signals.wake(workers)

    def _listen_as(self, worker: int, look: Callable[[], None]) -> None:
        def see() -> None:
            look()
            self._wake()

        loop = asyncio.get_running_loop()
        assert isinstance(loop, ReportingLoop)
        self._signals = Signals(self.memory.path, worker)
        loop.signals = self._signals.listen(see)
        self._keep(see)
        loop.wave = lambda: self.memory.wave
        loop.on_wait = lambda wave, happened: self._rests(worker, wave, happened)

    def _rests(self, worker: int, wave: int, happened: int) -> None:
        """This process is about to wait: it says so unless it has not seen what time it is."""
        if self._seen != self.memory.seconds:
            self._signals.wake([worker])
        else:
            while self._sleepers and self._sleepers[0][2].done():
                heapq.heappop(self._sleepers)
            wakes_at = self._sleepers[0][0] if self._sleepers else math.inf
            self.memory.say(worker, Rest(wave, happened, wakes_at))
            news = (wave, happened) if worker == TEST else (wave,)
            if news != self._said:
                self._said = news
                self._signals.wake([TEST])

    def _go_on(self, wakes_at: float) -> None:
        leaps, self._leaps = self._leaps, []
        if leaps:
            self.memory.seconds += sum(seconds for seconds, _ in leaps)
        elif wakes_at < math.inf:
            grain = self._grain_seconds
            self.memory.seconds = max(wakes_at, math.ceil(wakes_at / grain) * grain) if grain else wakes_at
        for _, future in leaps:
            if not future.done():
                future.set_result(None)

    def _wake(self) -> None:
        """Let go whoever slept until now."""
        self._seen = self.memory.seconds
        while self._sleepers and self._sleepers[0][0] <= self._seen:
            _, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                future.set_result(None)

"""Clocks for a world that need not wait: one that runs fast, one moved by hand."""

from __future__ import annotations

import asyncio
import heapq
import time
from datetime import UTC, datetime, timedelta


class FastClock:
    """A clock that runs ``speed`` times as fast as the real one, from the moment it is made.

    Changing ``speed`` keeps the time already reached.
    """

    def __init__(self, speed: float = 60.0, start: datetime | None = None) -> None:
        self._speed = speed
        self._base = start or datetime.now(UTC)
        self._since = time.monotonic()
        self._elapsed = 0.0
        self._is_paused = False

    @property
    def is_paused(self) -> bool:
        """Whether it stands still."""
        return self._is_paused

    def pause(self) -> None:
        """Stand still, at the time already reached."""
        self._elapsed, self._is_paused = self.monotonic(), True

    def resume(self) -> None:
        """Go on from there."""
        if self._is_paused:
            self._since, self._is_paused = time.monotonic(), False

    @property
    def speed(self) -> float:
        """Seconds of this clock per real second."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._elapsed, self._since, self._speed = self.monotonic(), time.monotonic(), speed

    def monotonic(self) -> float:
        """This clock's seconds since it was made."""
        if self._is_paused:
            return self._elapsed
        return self._elapsed + (time.monotonic() - self._since) * self._speed

    def now(self) -> datetime:
        """This clock's time of day: aware, UTC."""
        return self._base + timedelta(seconds=self.monotonic())

    async def sleep(self, seconds: float) -> None:
        """Wait this clock's seconds."""
        if seconds > 0:
            await asyncio.sleep(seconds / self._speed)


class ManualClock:
    """A clock that stands still until a test moves it; sleepers wake as it passes them."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self.slept: list[float] = []
        """What was asked of `sleep`, in order."""

    def now(self) -> datetime:
        """The time it was moved to: aware, UTC."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Seconds it was moved in all."""
        return self._elapsed

    def jump(self, seconds: float) -> None:
        """Set the time of day, forward or back; nobody has waited any longer."""
        self._start += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock is moved past ``seconds`` from now."""
        self.slept.append(seconds)
        if seconds <= 0:
            return
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, len(self.slept), future))
        await future

    def advance(self, seconds: float) -> None:
        """Move the clock and wake whoever slept until then."""
        self._elapsed += seconds
        while self._sleepers and self._sleepers[0][0] <= self._elapsed:
            _, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                future.set_result(None)


class InstantClock(ManualClock):
    """A manual clock on which every sleep is over at once and moves the time by itself."""

    async def sleep(self, seconds: float) -> None:
        """Move the clock by ``seconds`` and let others run."""
        self.slept.append(seconds)
        self.advance(max(0.0, seconds))
        await asyncio.sleep(0)

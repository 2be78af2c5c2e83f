"""What is done for all organizations together: ending what is over, forgetting what nobody needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from bot.domain.ports import Clock, Upkeep, WatchStore
from bot.watcher.part import Part

_END_SECONDS: Final = 30.0
"""Between two polls for subscriptions that are over."""
_CLEAN_SECONDS: Final = 3_600.0
_MOST_ENDED: Final = 100
"""Subscriptions ended in one transaction."""


class _Store(Protocol):
    @property
    def watches(self) -> WatchStore: ...

    @property
    def upkeep(self) -> Upkeep: ...


class Housekeeping:
    """Its parts may be run as often as one likes: each does something when it is time."""

    def __init__(self, store: _Store, clock: Clock, wake_delivery: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._wake_delivery = wake_delivery
        self._clean_at = self._end_at = clock.monotonic()
        self.parts = (Part("clean-up", self._clean, clock), Part("ends", self._end, clock))

    async def _clean(self) -> float:
        """Once an hour forget what nobody needs."""
        seconds = self._clock.monotonic()
        if seconds >= self._clean_at:
            await self._store.upkeep.clean(self._clock.now())
            self._clean_at = seconds + _CLEAN_SECONDS
        return float("inf")

    async def _end(self) -> float:
        """End what is over; more at once where that was not all."""
        seconds = self._clock.monotonic()
        if seconds < self._end_at:
            return float("inf")
        ended = await self._store.watches.end_overdue(self._clock.now(), _MOST_ENDED)
        if ended:
            self._wake_delivery()
        if ended == _MOST_ENDED:
            return 0.0
        self._end_at = seconds + _END_SECONDS
        return float("inf")

"""Notices where the wall clock jumps: it was set right, or wrong, or the machine slept."""

from __future__ import annotations

from typing import Final

from bot.domain.ports import Clock

TOLERANCE_SECONDS: Final = 5.0
"""Less is no jump: a clock that is nudged, or a process that did not get its turn between two glances."""


class ClockJumps:
    """Compares the wall clock with the one that only goes forward, from one look to the next."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._apart = self._seconds_apart()

    def look(self) -> float:
        """By how many seconds the wall clock jumped since the last look, below zero for back; 0 for not."""
        before, self._apart = self._apart, self._seconds_apart()
        jumped = self._apart - before
        return jumped if abs(jumped) >= TOLERANCE_SECONDS else 0.0

    def _seconds_apart(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()

"""Notices where the wall clock jumps: it was set right, or wrong, or the machine slept."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from bot.domain.ports import Clock

TOLERANCE_SECONDS: Final = 0.75
"""Less is no jump but a nudge, and shorter than any pause that is kept for Slack."""


class _Apart(NamedTuple):
    """How far the wall clock is ahead of the one that only goes forward: no less, and no more."""

    least: float
    most: float

    def jumped(self, before: _Apart) -> float:
        """By how much at least; 0 where it need not have."""
        seconds = max(0.0, self.least - before.most) + min(0.0, self.most - before.least)
        return seconds if abs(seconds) >= TOLERANCE_SECONDS else 0.0


class Moment(NamedTuple):
    """A time of day, and how far it can be trusted."""

    now: datetime
    steady_since: datetime
    """Since when the clock is known not to have jumped."""


class ClockJumps:
    """Compares the wall clock with the one that only goes forward, from one look to the next."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall, self._apart = self._measured()
        self._steady_since, self._apart_when_looked = self._wall, self._apart

    def look(self) -> float:
        """By how many seconds the wall clock jumped since the last look, below zero for back; 0 for not."""
        self.moment()
        before, self._apart_when_looked = self._apart_when_looked, self._apart
        return self._apart.jumped(before)

    def moment(self) -> Moment:
        """Now. A jump that no look has seen yet is in it, and still there for the next look."""
        before = self._apart
        self._wall, self._apart = self._measured()
        if self._apart.jumped(before):
            self._steady_since = self._wall
        return Moment(self._wall, self._steady_since)

    def _measured(self) -> tuple[datetime, _Apart]:
        """Whatever time passes between the glances at the two clocks is no jump."""
        before = self._clock.monotonic()
        wall = self._clock.now()
        after = self._clock.monotonic()
        return wall, _Apart(wall.timestamp() - after, wall.timestamp() - before)

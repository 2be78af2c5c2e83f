"""Jobs that live fast, told in times that make sense to someone on the real clock.

The demo's jobs run on a `FastClock`, Slack and the bot on the real one. Giving the bot the fast clock
would break its rate limits, time-outs and caches, which are about real servers. Telling the fast times as
they are would date the documents in the future. So the suite translates them:

- A finished job finished at the real moment at which the fast clock showed its end.
- Everything before is told by its fast distance to that end, or to now while the job lives.

So "running for 2 h 10 min", "about 40 min left" and "took 3 h" are the job's own hours, all consistent;
at 60 times the speed those 40 minutes pass in 40 seconds. Only the start of a living job, told as a time
of day, moves back a little between two polls. A finished job's document no longer changes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime, timedelta
from operator import itemgetter

from bot.domain.ports import Clock
from bot.playground.clock import FastClock

Translate = Callable[[datetime], datetime]
"""A moment of a job's life to the moment told in documents."""


def untranslated(moment: datetime) -> datetime:
    """For a suite whose jobs live on the same clock as everyone else."""
    return moment


class Timeline:
    """Knows at which real moment the fast clock showed what, also after its speed was changed."""

    def __init__(self, fast: FastClock, real: Clock) -> None:
        self.fast = fast
        """The clock the jobs live by."""
        self._real = real
        self._knots = [(fast.now(), real.now(), fast.speed)]

    @property
    def speed(self) -> float:
        """Seconds of a job's life per real second."""
        return self.fast.speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self.fast.speed = speed
        self._tie()

    def pause(self) -> None:
        """Let the jobs' clock stand still; living jobs are told as they were, seen from the real now."""
        self.fast.pause()
        self._tie()

    def resume(self) -> None:
        """Let the jobs live on; nothing where they do."""
        if self.fast.is_paused:
            self._tie()
            self.fast.resume()

    def _tie(self) -> None:
        """Note which real moment it is as the fast clock shows what it does."""
        self._knots.append((self.fast.now(), self._real.now(), self.fast.speed))

    def real_at(self, fast_moment: datetime) -> datetime:
        """When the fast clock showed, or will show, this moment; before the start both ran alike."""
        index = bisect_right(self._knots, fast_moment, key=itemgetter(0))
        fast, real, speed = self._knots[max(0, index - 1)]
        return real + (fast_moment - fast) / (speed if index else 1.0)

    def for_job(self, now: datetime, finished_at: datetime | None) -> Translate:
        """The translation of one job's times; ``now`` and ``finished_at`` are of the fast clock."""
        is_living = finished_at is None or now < finished_at
        anchor = now if finished_at is None else min(now, finished_at)
        told = self._real.now() if is_living and self.fast.is_paused else self.real_at(anchor)
        distance: timedelta = told - anchor
        return lambda moment: moment + distance

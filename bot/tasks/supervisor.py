"""What has to go on: begun anew whenever it fails, with growing pauses, and visible while it does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, Final

import structlog

from bot.domain.ports import Clock

PAUSES_SECONDS: Final = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Between a failure and the next beginning; the last one for ever."""
HEALTHY_SECONDS: Final = 60.0
"""What has run so long begins its pauses anew."""
SILENT_SECONDS: Final = 600.0
"""A task of rounds that ends none for so long hangs."""

MOST_FAILURES: Final = 3
"""Rounds that fail by themselves are no news before so many did in a row."""

Work = Callable[[], Coroutine[Any, Any, None]]
OnRound = Callable[[Exception | None], None]
"""Called at the end of each round, with what it failed with."""

_log = structlog.stdlib.get_logger(__name__)


class Kept:
    """One supervised task. Begun by `Supervisor`, ended by `stop`."""

    def __init__(self, name: str, work: Work, clock: Clock, *, is_endless: bool) -> None:
        self.name = name
        self._work = work
        self._clock = clock
        self._is_endless = is_endless
        self._failures = 0
        self.problem: str | None = None
        """What is wrong with it, fit for strangers' eyes; None where it runs, or has done what it should."""
        self._task = asyncio.create_task(self._run(), name=name)

    async def stop(self) -> None:
        """End it where it is, and wait until it has."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            began_at = self._clock.monotonic()
            reason = await self._once()
            if reason is None:
                self.problem = None
                return
            self.problem = f"failed ({reason}) and is begun anew"
            if self._clock.monotonic() - began_at >= HEALTHY_SECONDS:
                self._failures = 0
            seconds = PAUSES_SECONDS[min(self._failures, len(PAUSES_SECONDS) - 1)]
            self._failures += 1
            _log.warning("a background task is begun anew", task=self.name, seconds=seconds)
            await self._clock.sleep(seconds)
            if self._is_endless and self._failures < MOST_FAILURES:
                self.problem = None  # nothing else tells that it runs again

    async def _once(self) -> str | None:
        """Why it has to be begun anew; None where it has done what it should."""
        try:
            await self._work()
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # Something that it waited for was cancelled, not this task: a failure like any other.
            _log.exception("a background task failed", task=self.name)
            return "cancelled"
        except Exception as error:  # noqa: BLE001  (whatever it is, it is logged, shown, and begun anew)
            _log.exception("a background task failed", task=self.name)
            return type(error).__name__
        if self._is_endless:
            _log.error("a background task ended by itself", task=self.name)
            return "it ended by itself"
        return None


class Rounds:
    """What is known of a task that goes round and round: whether its rounds end, and end well."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heard_at = clock.monotonic()
        self._failed: list[str] = []
        self.last: datetime | None = None
        """When one last ended well."""

    @property
    def problem(self) -> str | None:
        """What is wrong with them, fit for strangers' eyes."""
        if len(self._failed) >= MOST_FAILURES:
            return f"its rounds fail ({self._failed[-1]})"
        silent = self._clock.monotonic() - self._heard_at
        return f"no round has ended for {silent / 60:.0f} minutes" if silent >= SILENT_SECONDS else None

    def heard(self, failure: Exception | None) -> None:
        """A round ended, well or not. An `OnRound`."""
        self._heard_at = self._clock.monotonic()
        if failure is None:
            self.last, self._failed = self._clock.now(), []
        else:
            self._failed = [*self._failed, type(failure).__name__][-MOST_FAILURES:]


class Supervisor:
    """Every task of the process that nobody waits for, by name."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._kept: dict[str, Kept] = {}
        self._rounds: dict[str, Rounds] = {}

    def keep(self, name: str, work: Work) -> Kept:
        """Run ``work`` for ever: whether it fails or ends by itself, it is begun anew."""
        return self._begun(Kept(name, work, self.clock, is_endless=True))

    def keep_rounds(self, name: str, work: Callable[[OnRound], Coroutine[Any, Any, None]]) -> Kept:
        """As `keep`, for what goes round and round: it tells the callback it is given when a round ended.

        Where none ends for long, or they fail, that is a problem too.
        """
        rounds = self._rounds[name] = Rounds(self.clock)
        return self.keep(name, lambda: work(rounds.heard))

    def finish(self, name: str, work: Work) -> Kept:
        """Run ``work`` until it has ended well once."""
        return self._begun(Kept(name, work, self.clock, is_endless=False))

    def problems(self) -> Mapping[str, str | None]:
        """What is wrong with each, by name; None where nothing is."""
        return {name: kept.problem or self._problem_of_rounds(name) for name, kept in self._kept.items()}

    def last_rounds(self) -> Mapping[str, datetime | None]:
        """When each task of rounds last ended one well; None where it has not yet."""
        return {name: rounds.last for name, rounds in self._rounds.items()}

    async def stop(self) -> None:
        """End whatever still runs."""
        for kept in self._kept.values():
            await kept.stop()

    def _problem_of_rounds(self, name: str) -> str | None:
        rounds = self._rounds.get(name)
        return None if rounds is None else rounds.problem

    def _begun(self, kept: Kept) -> Kept:
        self._kept[kept.name] = kept
        return kept

"""One part of a watcher's round: where it fails it is left out for a while, and the others go on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from bot.domain.errors import JobBotError
from bot.domain.ports import Clock

LONGEST_PAUSE_SECONDS: Final = 60.0
"""Between two tries of what fails."""

_log = structlog.stdlib.get_logger(__name__)


class Part:
    """``run`` does what is due, and returns in how many seconds there is more to do."""

    def __init__(self, name: str, run: Callable[[], Awaitable[float]], clock: Clock) -> None:
        self._name = name
        self._run = run
        self._clock = clock
        self._failures = 0
        self._again_at = clock.monotonic()
        self.failure: Exception | None = None
        """What its last try failed with."""

    async def run(self) -> float:
        """Do it, unless it failed a moment ago; in how many seconds there is more to do."""
        if self.failure is not None and (pause := self._again_at - self._clock.monotonic()) > 0:
            return pause
        try:
            seconds = await self._run()
        except Exception as error:  # noqa: BLE001  (the edge of each part: no other one pays for it)
            self.failure = error
            self._failures += 1
            pause = pause_after(self._failures)
            self._again_at = self._clock.monotonic() + pause
            tell_failure(error, self._failures, part=self._name)
            return pause
        self._failures, self.failure = 0, None
        return seconds


def pause_after(failures: int) -> float:
    """Growing pauses, up to a minute."""
    return float(min(LONGEST_PAUSE_SECONDS, 2 ** min(failures - 1, 10)))


def tell_failure(error: Exception, failures: int, *, part: str) -> None:
    """One line of the log; of what goes on failing, with its pauses, each time.

    Looks go on side by side: of those that failed together one says enough.
    """
    cause: BaseException = error
    while isinstance(cause, BaseExceptionGroup):
        cause = cause.exceptions[0]
    if isinstance(cause, JobBotError):
        _log.warning("a round failed", part=part, error=cause.code, detail=cause.detail, failures=failures)
    else:
        _log.error("a round failed", part=part, failures=failures, exc_info=error)

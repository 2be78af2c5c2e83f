"""The event loop of the test and of its workers: each says when its process waits for others.

Who asked the database server something is at work until it answered, though the work is done elsewhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.tasks import readings_under_way
from tests.resting_loop import AttentiveLoop, Found, Select

_POLL_SECONDS = 0.005
"""Real ones."""


def _nobody() -> int:
    return 0


class ReportingLoop(AttentiveLoop):
    """A loop on the machine's time. When it waits ``on_wait`` is told the wave, and how much has happened."""

    def __init__(self) -> None:
        self.wave: Callable[[], int] = _nobody
        self.on_wait: Callable[[int, int], None] | None = None
        self.signals = -1
        """By this file other processes wake this one to look at the time: that is nothing that happens."""
        self._happened = 0
        super().__init__()

    def found(self, select: Select, timeout: float | None) -> Found:
        """What is ready. That nothing was is said of the wave that went on before it was looked for."""
        wave = self.wave()
        found = select(0)
        happened = [key for key, _ in found if key.fd != self.signals]
        if happened or timeout == 0:
            self._happened += 1
        if found or timeout == 0:
            return found
        if self.on_wait and not (self.waits_for_threads or readings_under_way() or self.waits_for_database):
            self.on_wait(wave, self._happened)
        return select(timeout)


async def seen(is_so: Callable[[], bool]) -> None:
    """Wait until another process has done something; to look for it is nothing that happens."""
    loop = asyncio.get_running_loop()
    future = loop.create_future()

    def look() -> None:
        if future.done():
            return
        if is_so():
            future.set_result(None)
        else:
            loop.call_later(_POLL_SECONDS, look)

    look()
    await future

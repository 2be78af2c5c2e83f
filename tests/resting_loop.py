"""An event loop whose time passes only while nobody in the process has anything left to do.

On the real clock a busy machine lets deadlines pass before it gives the processor to whoever they are for.
Here a deadline is over when everybody waits for something that does not come before it, and no sooner; it is
then over at once, so that no test waits for it.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bot.tasks import readings_under_way

_MOMENT_SECONDS = 1e-6
_LIMIT_SECONDS = 60.0
"""Real ones, in which nothing happens though a thread is waited for, or in which this process computes."""
_IDLE_ROUNDS, _IDLE_SECONDS = 200, 0.05
"""A loop that came round so often with nothing to read is at rest, but for a task that makes it come round:
so far its time goes on then."""


class RestingLoop(asyncio.SelectorEventLoop):
    """The loop of tests that have everybody in this process: who waits for another process waits for nothing.

    Time stands still while a task is ready, something is on its way through a socket, or a thread is at work.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._in_threads = 0
        self.are_threads_stuck = False
        """What they wait for is the test's own, see `threads_stuck`."""
        self._rounds = 0
        self._at_rest_at = time.process_time()
        super().__init__(_Selector(self._passed))

    def time(self) -> float:
        """What deadlines go by."""
        return self._now

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        """As any loop's; what is done there counts as work."""
        future = super().run_in_executor(executor, func, *args)
        self._in_threads += 1
        future.add_done_callback(self._back)
        return future

    def _back(self, _done: asyncio.Future[Any]) -> None:
        self._in_threads -= 1

    def _passed(self, timeout: float | None, *, has_read: bool) -> bool:
        """Let the time pass that the loop is about to wait, if nobody has anything to do; whether it did."""
        if time.process_time() - self._at_rest_at > _LIMIT_SECONDS:
            msg = "somebody goes round in circles"
            raise RuntimeError(msg)
        at_work = (self._in_threads and not self.are_threads_stuck) or readings_under_way()
        if has_read or at_work:
            self._rounds = 0
            return False
        self._rounds += 1
        seconds = timeout or (_IDLE_SECONDS if self._rounds == _IDLE_ROUNDS else 0.0)
        if seconds:
            self._now, self._rounds, self._at_rest_at = self._now + seconds, 0, time.process_time()
        return seconds > 0


class _Selector(selectors.DefaultSelector):  # type: ignore[misc, valid-type]  (which class it is, the system says)
    """A selector whose waits are over at once where there is nothing to wait for."""

    def __init__(self, passed: Callable[..., bool]) -> None:
        super().__init__()
        self._passed = passed

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready, as any selector's."""
        found: list[tuple[selectors.SelectorKey, int]] = super().select(0)
        if self._passed(timeout, has_read=bool(found)) or found or timeout == 0:
            return found
        found = super().select(_LIMIT_SECONDS)
        if not found:
            msg = "nobody has anything to do, and nothing comes"
            raise RuntimeError(msg)
        return found


async def at_rest() -> None:
    """Return once everybody in this process waits: for a clock, for a deadline, or for what never comes."""
    await asyncio.sleep(_MOMENT_SECONDS)


@contextmanager
def threads_stuck() -> Iterator[None]:
    """Inside the block threads wait for what only the test can give them: time passes meanwhile."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, RestingLoop)
    loop.are_threads_stuck = True
    try:
        yield
    finally:
        loop.are_threads_stuck = False

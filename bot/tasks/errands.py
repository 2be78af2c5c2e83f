"""Tasks that end by themselves: kept as long as they run, and never silent where nobody waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import structlog

from bot.domain.ports import Clock

_Value = TypeVar("_Value")

_log = structlog.stdlib.get_logger(__name__)


class Errands:
    """The tasks of one owner. Asyncio itself would forget a running task that nobody holds.

    Args:
        name: what they are, for the log.
        are_awaited: whoever began one waits for it and is told about its failure, so that the log need not.
    """

    def __init__(self, name: str, *, are_awaited: bool = False) -> None:
        self._name = name
        self._are_awaited = are_awaited
        self._running: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        """How many run."""
        return len(self._running)

    def start(self, work: Coroutine[Any, Any, _Value]) -> asyncio.Task[_Value]:
        """Begin one."""
        task = asyncio.create_task(work, name=self._name)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    async def wait(self, seconds: float) -> bool:
        """Wait until none runs, also of those that begin meanwhile; whether that came in time."""
        try:
            async with asyncio.timeout(seconds):
                while self._running:
                    await asyncio.wait(self._running)
        except TimeoutError:
            return False
        return True

    async def aclose(self, patience_seconds: float = 0.0) -> int:
        """Give those that run so long to end, then cancel the rest: how many those were."""
        if patience_seconds > 0:
            await self.wait(patience_seconds)
        late = tuple(self._running)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if self._are_awaited or task.cancelled():
            return
        if (error := task.exception()) is not None:
            _log.error("something in the background failed", task=self._name, exc_info=error)


@asynccontextmanager
async def beside(*works: Coroutine[Any, Any, _Value]) -> AsyncIterator[list[asyncio.Task[_Value]]]:
    """Do these beside what stands in the block, for which they are; what still runs at its end is cancelled.

    What fails is told to who awaits it.
    """
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def within(clock: Clock, seconds: float, work: Coroutine[Any, Any, _Value]) -> _Value:
    """The work's result, if it comes before the clock has moved so far.

    Raises:
        TimeoutError: it did not; the work was cancelled.
    """
    async with beside(work) as [task], beside(clock.sleep(seconds)) as [limit]:
        await asyncio.wait({task, limit}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
    raise TimeoutError


async def first_of(*works: Coroutine[Any, Any, Any]) -> None:
    """Wait for the first of these to end, then cancel the others. What it raised is raised."""
    async with beside(*works) as tasks:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

"""Whose turn it is where one goes at a time: who is urgent goes before all who wait already."""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType


class Turn:
    """A lock. Who waits has it in the order of coming, the urgent ones first."""

    def __init__(self) -> None:
        self._is_taken = False
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    async def acquire(self, *, is_urgent: bool = False) -> None:
        """Wait for it; `release` gives it on."""
        if not self._is_taken:
            self._is_taken = True
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        (self._urgent if is_urgent else self._others).append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self.release()  # it was given in the same moment
            raise

    def release(self) -> None:
        """Give it on."""
        while queue := self._urgent or self._others:
            waiter = queue.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self._is_taken = False

    async def __aenter__(self) -> None:
        """Wait for it."""
        await self.acquire()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Give it on."""
        self.release()

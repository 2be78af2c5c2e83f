"""What goes on after the ack: tasks that are kept, end in an answer, and are waited for at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

import structlog

from bot.cards.card import Card
from bot.domain.errors import JobBotError
from bot.handlers.context import Context
from bot.handlers.failures import failure_card

Reply = Callable[[Card], Awaitable[None]]
"""How a card gets to whoever asked."""

_log = structlog.stdlib.get_logger(__name__)


class Work:
    """The tasks under way. Never silent: a task that fails answers with a card and a reference."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._tasks: set[asyncio.Task[None]] = set()
        self._waits: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None], reply: Reply) -> None:
        """Run ``work`` in the background; ``reply`` is how a failure is told."""
        task = asyncio.create_task(self._run(work, reply))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def later(self, seconds: float, begin: Callable[[], None]) -> None:
        """Call ``begin`` after so many seconds; not any more where the bot is told to stop before."""
        task = asyncio.create_task(self._context.clock.sleep(seconds))
        self._waits.add(task)
        task.add_done_callback(partial(self._waited, begin))

    def _waited(self, begin: Callable[[], None], task: asyncio.Task[None]) -> None:
        self._waits.discard(task)
        if not task.cancelled():
            begin()

    async def drain(self, grace_seconds: float) -> None:
        """Wait up to ``grace_seconds`` for what runs, also if it begins meanwhile; then cancel the rest."""
        for wait in tuple(self._waits):
            wait.cancel()
        try:
            async with asyncio.timeout(grace_seconds):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        except TimeoutError:
            late = tuple(self._tasks)
            _log.warning("left work unfinished", tasks=len(late))
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1.0)

    async def _run(self, work: Coroutine[Any, Any, None], reply: Reply) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001  (the edge of everything after the ack: never silence)
            await self._tell(error, reply)

    async def _tell(self, error: Exception, reply: Reply) -> None:
        card = failure_card(self._context, error)
        try:
            await reply(card)
        except JobBotError as second:
            _log.error("could not answer", error=second.code, detail=second.detail)

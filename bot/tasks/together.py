"""Group commit: what many ask for at once is done in one go, while each waits for its own part."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Final, Generic, TypeVar

from bot.tasks.errands import Errands

MOST_TOGETHER: Final = 100

_Item = TypeVar("_Item")
_Value = TypeVar("_Value")


class Together(Generic[_Item, _Value]):
    """Does at once what was asked for while the last go was under way. Whoever comes alone waits for nobody.

    Args:
        name: what it is, for the log.
        do: does it for these, and returns the outcome of each; what it raises, each of them is told.
    """

    def __init__(self, name: str, do: Callable[[Sequence[_Item]], Awaitable[Sequence[_Value]]]) -> None:
        self._do = do
        self._waiting: list[tuple[_Item, asyncio.Future[_Value]]] = []
        self._is_going = False
        self._errands = Errands(name)

    async def __call__(self, item: _Item) -> _Value:
        """The outcome of this one."""
        future: asyncio.Future[_Value] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if not self._is_going:
            self._is_going = True
            # It goes on for several: without the tenant and the reference of the first of them.
            Context().run(self._errands.start, self._go())
        return await future

    async def _go(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
                await self._once(taken)
        finally:
            self._is_going = False

    async def _once(self, taken: Sequence[tuple[_Item, asyncio.Future[_Value]]]) -> None:
        try:
            values = await self._do([item for item, _ in taken])
        except Exception as error:  # noqa: BLE001  (each of them hears of it)
            for _, future in taken:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), value in zip(taken, values, strict=True):
            if not future.done():
                future.set_result(value)

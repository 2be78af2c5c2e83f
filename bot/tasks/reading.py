"""Reading that takes long: in a thread of its own, one at a time, people's before the rest.

Pure Python in a thread gives the event loop its turn every few milliseconds; on the loop itself the log of
many processes would keep everybody waiting for a second.
"""

from __future__ import annotations

import asyncio
import itertools
import queue
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from threading import Lock, Thread
from typing import Any, Final, ParamSpec, TypeVar

from bot.domain.job import TrainingJob
from bot.domain.listing import JobListing, MetricsSnapshot
from bot.domain.ports import Snapshot

LIGHT: Final = 4_000
"""Characters that are read in a few milliseconds, so that no other thread is needed."""
_POINT: Final = 5
_ROW: Final = 2
"""Weight, in characters, of one value of a series or one row of a list."""

_Parameters = ParamSpec("_Parameters")
_Value = TypeVar("_Value")


class _Reader:
    """The thread. It begins with the first reading, and a process that ends does not wait for it."""

    def __init__(self) -> None:
        self._waiting: queue.PriorityQueue[tuple[bool, int, Future[Any], Callable[[], Any]]]
        self._waiting = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._thread: Thread | None = None
        self._beginning = Lock()
        self.under_way = 0
        """How many wait for what is read, or for their turn."""

    async def read(self, read: Callable[[], _Value], *, background: bool) -> _Value:
        """What ``read`` gives, once it was read."""
        self.under_way += 1
        try:
            return await asyncio.wrap_future(self._submit(read, background=background))
        finally:
            self.under_way -= 1

    def _submit(self, read: Callable[[], _Value], *, background: bool) -> Future[_Value]:
        done: Future[_Value] = Future()
        self._waiting.put((background, next(self._numbers), done, read))
        with self._beginning:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="reading", daemon=True)
                self._thread.start()
        return done

    def _run(self) -> None:
        while True:
            _, _, done, read = self._waiting.get()
            if not done.set_running_or_notify_cancel():
                continue
            try:
                done.set_result(read())
            except BaseException as error:  # noqa: BLE001  (whatever it is, it is told to who waits)
                done.set_exception(error)
            del done, read  # they may hold megabytes until the next one comes


_READER: Final = _Reader()


async def aside(
    read: Callable[_Parameters, _Value], /, *args: _Parameters.args, **kwargs: _Parameters.kwargs
) -> _Value:
    """What ``read`` gives for a person who waits, read beside the event loop."""
    return await _READER.read(partial(read, *args, **kwargs), background=False)


async def aside_if_heavy(weight: int, read: Callable[[], _Value], *, background: bool = False) -> _Value:
    """What ``read`` gives; beside the event loop where that takes longer than going there.

    ``background``: nobody waits for it, so that it is read after everybody else's.
    """
    if weight <= LIGHT:
        return read()
    return await _READER.read(read, background=background)


def readings_under_way() -> int:
    """How many readings are waited for: while there are any, whoever seems idle waits for the thread."""
    return _READER.under_way


def weight_of(*read: object) -> int:
    """How long reading these takes, in terms of characters."""
    return sum(map(_weight, read))


def _weight(value: object) -> int:
    match value:
        case Snapshot():
            return _weight(value.job)
        case TrainingJob():
            return len(value.error_message or "")
        case MetricsSnapshot():
            return _POINT * len(value.points)
        case JobListing():
            return _ROW * len(value.jobs)
        case tuple() | list():  # of points, rows, or what is remembered of jobs
            return _POINT * len(value)
        case _:
            return 0

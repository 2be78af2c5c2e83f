"""News of the workspace for whoever listens: the page, and tests that wait for something."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

_T = TypeVar("_T")

News = Mapping[str, Any]
"""``{"type": …, …}``; the types are those of the page's event stream."""
_MOST_WAITING = 1_000


class Feed:
    """Publishes to every subscriber; one that does not keep up loses its oldest news."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[News]] = set()

    def publish(self, news: News) -> None:
        """Tell everyone."""
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(news)

    @contextmanager
    def subscribe(self) -> Iterator[asyncio.Queue[News]]:
        """A queue of all news from now on."""
        queue: asyncio.Queue[News] = asyncio.Queue(_MOST_WAITING)
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    async def wait_for(self, find: Callable[[], _T | None], timeout_seconds: float) -> _T:
        """What ``find`` gives as soon as it is truthy; it is asked again after every change.

        Raises:
            TimeoutError: it was not, for ``timeout_seconds`` of the real clock.
        """
        with self.subscribe() as queue:
            async with asyncio.timeout(timeout_seconds):
                while True:
                    found = find()
                    if found:
                        return found
                    await queue.get()

"""What the training suite is asked, held against what the schedule in the database said at that moment."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from itertools import pairwise

import asyncpg
from aiohttp import web
from aiohttp.typedefs import Handler

from tests.chaos.shared_clock import START, SharedClock

_WANTED = "SELECT request_id, next_look_at FROM watched_jobs"

Schedule = Callable[[], Awaitable[dict[str, float]]]


class Observed:
    """Every look, by job, and those that came too early."""

    def __init__(self, clock: SharedClock, schedule: Schedule) -> None:
        self._clock = clock
        self._schedule = schedule
        self.looks: defaultdict[str, list[float]] = defaultdict(list)
        """When each job was looked at, by a question of its own or by the list; the clock's seconds."""
        self.early: list[str] = []
        """Questions about a job before its time had come."""

    @classmethod
    @asynccontextmanager
    async def of(cls, database_url: str, clock: SharedClock) -> AsyncIterator[Observed]:
        """One for this database, with a connection of its own."""
        if database_url.startswith("sqlite"):
            with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as file:

                async def read() -> dict[str, float]:
                    return dict(file.execute(_WANTED).fetchall())

                yield cls(clock, read)
        else:
            server, turn = await asyncpg.connect(database_url), asyncio.Lock()

            async def ask() -> dict[str, float]:
                async with turn:
                    rows = await server.fetch(_WANTED)
                return {row["request_id"]: row["next_look_at"] for row in rows}

            try:
                yield cls(clock, ask)
            finally:
                await server.close()

    def watching(self, app: web.Application) -> web.Application:
        """The training suite's application, with every request looked at."""

        @web.middleware
        async def looked_at(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path == "/job/metrics/":  # a message shows the loss: that is no look
                return await handler(request)
            seconds = self._clock.monotonic()
            wanted = await self._schedule()
            for request_id in wanted if request.path == "/job/list/" else [request.query["request_id"]]:
                self.looks[request_id].append(seconds)
            request_id = request.query.get("request_id", "")
            due = wanted.get(request_id, 0.0) - START.timestamp()
            if due > seconds + 1e-3:
                self.early.append(f"{request_id} at {seconds:.2f}, due at {due:.2f}")
            return await handler(request)

        app.middlewares.append(looked_at)
        return app

    def longest_gap(self) -> float:
        """The longest time, in the clock's seconds, that any job was not looked at."""
        return max(
            (later - earlier for looks in self.looks.values() for earlier, later in pairwise(looks)),
            default=0.0,
        )

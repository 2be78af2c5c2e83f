"""What the training suite is asked, held against what the schedule in the database said at that moment."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from itertools import pairwise
from typing import NamedTuple

import asyncpg
from aiohttp import web
from aiohttp.typedefs import Handler

from tests.chaos.shared_clock import START, SharedClock

_PLANNED = "SELECT request_id, next_look_at, generation, lease_until FROM watched_jobs"


class Planned(NamedTuple):
    """What the database says of a job."""

    next_look_at: float
    generation: int
    """One more with every claim, and with every end of one."""
    lease_until: float


Schedule = Callable[[], Awaitable[dict[str, Planned]]]


class Observed:
    """Every look, by job, and those that came too early."""

    def __init__(self, clock: SharedClock, schedule: Schedule) -> None:
        self._clock = clock
        self._schedule = schedule
        self.looks: defaultdict[str, list[float]] = defaultdict(list)
        """When each job was looked at, by a question of its own or by the list; the clock's seconds."""
        self.early: list[str] = []
        """Questions about a job before its time had come."""
        self._orphans: dict[str, int] = {}
        """Jobs that were held when a worker died or fell asleep, and by which claim: due when it is over."""

    @classmethod
    @asynccontextmanager
    async def of(cls, database_url: str, clock: SharedClock) -> AsyncIterator[Observed]:
        """One for this database, with a connection of its own."""
        if database_url.startswith("sqlite"):
            with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as file:

                async def read() -> dict[str, Planned]:
                    return {row[0]: Planned(*row[1:]) for row in file.execute(_PLANNED).fetchall()}

                yield cls(clock, read)
        else:
            server, turn = await asyncpg.connect(database_url), asyncio.Lock()

            async def ask() -> dict[str, Planned]:
                nonlocal server
                async with turn:
                    try:
                        # What a server says that another one has taken over from is old.
                        if server.is_closed() or await server.fetchval("SHOW transaction_read_only") == "on":
                            server.terminate()
                            server = await asyncpg.connect(database_url)
                        rows = await server.fetch(_PLANNED)
                    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                        server.terminate()
                        return {}  # nobody can be held to a schedule that is not there
                return {row[0]: Planned(*tuple(row)[1:]) for row in rows}

            try:
                yield cls(clock, ask)
            finally:
                server.terminate()

    def watching(self, app: web.Application) -> web.Application:
        """The training suite's application, with every request looked at."""

        @web.middleware
        async def looked_at(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path == "/job/metrics/":  # a message shows the loss: that is no look
                return await handler(request)
            seconds = self._clock.monotonic()
            planned = await self._schedule()
            for request_id in planned if request.path == "/job/list/" else [request.query["request_id"]]:
                self.looks[request_id].append(seconds)
            request_id = request.query.get("request_id", "")
            if job := planned.get(request_id):
                self._judge(request_id, job, seconds)
            return await handler(request)

        app.middlewares.append(looked_at)
        return app

    async def worker_gone(self) -> None:
        """Note what is held now: what the worker had begun is taken up when its lease is over."""
        now = self._clock.now().timestamp()
        held = {name: job for name, job in (await self._schedule()).items() if job.lease_until > now}
        self._orphans |= {name: job.generation for name, job in held.items()}

    def _judge(self, request_id: str, job: Planned, seconds: float) -> None:
        due = job.next_look_at - START.timestamp()
        is_taken_up = self._orphans.get(request_id) == job.generation - 1
        if due > seconds + 1e-3 and not is_taken_up:
            self.early.append(f"{request_id} at {seconds:.2f}, due at {due:.2f}")

    def longest_gap(self) -> float:
        """The longest time, in the clock's seconds, that any job was not looked at."""
        return max(
            (later - earlier for looks in self.looks.values() for earlier, later in pairwise(looks)),
            default=0.0,
        )

"""Many organizations in one process: a dead or a huge one delays no other."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from statistics import mean
from typing import Any, Final

import httpx
from sqlalchemy import Row, select

from bot.domain.job import TrainingJob
from bot.domain.job.stored import kept
from bot.domain.polling.intervals import Bounds
from bot.domain.subscriptions.subscription import SubscribeRequest
from bot.domain.subscriptions.watch_state import first_state
from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, reads
from bot.store.store import DatabaseStore
from bot.store.tables import outbox, subscriptions
from bot.training_api.build import build_training_api
from bot.watcher import Fleet, Watcher
from tests.loop_clock import START, LoopClock
from tests.sqlite_file import SQLiteFile

BOUNDS: Final = Bounds(15, 120)
LEASE_SECONDS: Final = 60.0
ANSWER_SECONDS: Final = 0.2
MINUTES: Final = 15
QUIET, HUGE_JOBS, DEAD = 12, 400, 60
"""Organizations that are well, jobs of the one that has many and no list, organizations without an answer."""
MOST_LATER: Final = 1.2


class Organization(httpx.AsyncBaseTransport):
    """One organization's training API: its jobs complete at their times."""

    def __init__(self, clock: LoopClock, ends: Mapping[str, float], *, has_list: bool = True) -> None:
        self.ends = ends
        self.asked = 0
        self._clock = clock
        self._began_at = clock.monotonic()
        self._has_list = has_list
        self.is_dead = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer after a moment, or not at all."""
        self.asked += 1
        await self._clock.sleep(3600.0 if self.is_dead else ANSWER_SECONDS)
        request_id = request.url.params.get("request_id")
        if request.url.path.startswith("/job/metrics"):
            return httpx.Response(200, json={"request_id": request_id, "metrics": []})
        if request_id is not None:
            return httpx.Response(200, json=self.document(request_id))
        if not self._has_list:
            return httpx.Response(404, json={"detail": "no such page"})
        return httpx.Response(200, json={"jobs": [*map(self.document, self.ends)]})

    def document(self, request_id: str) -> dict[str, Any]:
        """The job as it is now, in the list too."""
        seconds = self.ends[request_id]
        is_over = self._clock.monotonic() - self._began_at >= seconds
        at = START + timedelta(seconds=self._began_at + (seconds if is_over else 0.0))
        return {
            "request_id": request_id,
            "status": "COMPLETED" if is_over else "RUNNING",
            "progress": 100 if is_over else 10,
            "created_at": START.isoformat(),
            "updated_at": at.isoformat(),
            "completed_at": at.isoformat() if is_over else None,
        }


class _Told(StoreQueries):
    @reads
    async def completed(self, connection: Connected) -> Sequence[Row[Any]]:
        """When the end of which job was put into the outbox."""
        told = select(subscriptions.c.org_id, subscriptions.c.request_id, outbox.c.created_at)
        told = told.join_from(outbox, subscriptions, outbox.c.subscription_id == subscriptions.c.id)
        return (await connection.execute(told.where(outbox.c.kind == "completed"))).all()


async def _follow(store: DatabaseStore, clock: LoopClock, org_id: str, made: Organization) -> None:
    for request_id in made.ends:
        job = TrainingJob.from_json(json.dumps(made.document(request_id)).encode())
        wish = SubscribeRequest("T1", "C1", org_id, request_id, "U1")
        await store.subscriptions.subscribe(wish, first_state(job, clock.now()), kept(job), clock.now())


def _watchers(store: DatabaseStore, clock: LoopClock, made: Mapping[str, Organization]) -> dict[str, Watcher]:
    return {
        org_id: Watcher(
            store,
            build_training_api(
                base_url="https://api.example", org_id=org_id, token="key", clock=clock, transport=each
            ),
            clock,
            org_id=org_id,
            bounds=BOUNDS,
            lease_seconds=LEASE_SECONDS,
            wake_delivery=lambda: None,
            jitter=lambda: 0.5,
            on_crash_point=lambda _: None,
            is_alone=False,
        )
        for org_id, each in made.items()
    }


async def _delays(store: DatabaseStore, clock: LoopClock, others: Mapping[str, Organization]) -> list[float]:
    """How long after each end people of the organizations that are well hear of it, in seconds."""
    quiet = {
        f"quiet-{number}": Organization(
            clock, {f"job-{number}-{each}": 60.0 + 29 * number + 197 * each for each in range(3)}
        )
        for number in range(QUIET)
    }
    made = {**others, **quiet}
    for org_id, each in made.items():
        await _follow(store, clock, org_id, each)
    watchers = _watchers(store, clock, made)
    fleet = Fleet(
        store,
        clock,
        made.keys(),
        watchers.get,
        wake_delivery=lambda: None,
        longest_rest_seconds=BOUNDS.min_seconds,
    )
    began_at = clock.monotonic()
    running = asyncio.create_task(fleet.run(lambda _: None))
    await clock.sleep(60.0 * MINUTES)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    told = [row for row in await _Told(store.database).completed() if row.org_id in quiet]
    assert len(told) == 3 * QUIET
    assert all(each.asked for each in made.values())
    return [
        row.created_at - START.timestamp() - began_at - quiet[row.org_id].ends[row.request_id] for row in told
    ]


async def test_dead_and_huge_organizations_delay_no_other(database: SQLiteFile) -> None:
    """Beside APIs that never answer, and one that is always busy, the others hear as soon as alone."""
    clock = LoopClock()
    await database.clear()
    alone = await _delays(database.store, clock, {})
    await database.store.database.close()
    await database.clear()
    dead = {f"dead-{number}": Organization(clock, {"a": 1e9, "b": 1e9}) for number in range(DEAD)}
    for each in dead.values():
        each.is_dead = True
    huge = Organization(clock, {f"job-{number}": 1e9 for number in range(HUGE_JOBS)}, has_list=False)
    beside = await _delays(database.store, clock, {**dead, "huge": huge})
    await database.store.database.close()
    assert huge.asked > 60 * MINUTES * 2, "it was at its limit all the time"
    assert mean(beside) <= MOST_LATER * mean(alone)
    assert max(beside) <= MOST_LATER * max(alone)

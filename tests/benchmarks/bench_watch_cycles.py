"""Watch cycles per second on PostgreSQL: ours against pgqueuer, doing the same on the same server.

A cycle is: a look at a job is due, one process claims it, reads its state, and (the look itself takes no
time) writes the new state and that the next look is due in an hour. With pgqueuer a look is a job in its
queue with the state as its payload: jobs are dequeued in batches, the handler enqueues the next look, and
the job is completed. That its handlers enqueue one by one is its own way, and what makes it slow here; so
it is measured a second time with the next looks collected and enqueued in batches by hand, which a crash
would lose.

Both have one process, as many workers and as large batches, and every job due from the start, ours with a
subscription for each; the best round counts.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from urllib.parse import urlsplit

import asyncpg
from pgqueuer import AsyncpgDriver, Job, PgQueuer, Queries

from bot.domain.ports import Look
from bot.domain.subscriptions.watch_state import WatchedState
from bot.store.store import open_store
from tests.benchmarks.ratio import Ratio, print_ratio
from tests.benchmarks.watched_rows import ORG, add_to_postgresql, at, postgresql, stored_state

JOBS = 4_000
BATCH = 500
WORKERS = 2
ROUNDS = 3
LEASE_SECONDS = 60.0
NEXT = timedelta(hours=1)
_FOLLOW = """
INSERT INTO subscriptions
    (id, team_id, channel_id, org_id, request_id, mode, is_quiet, created_at, ends_at, ends_because)
SELECT request_id, 'T', 'C', org_id, request_id, 'milestones', false, due_at, due_at + 2592000, 'expired'
FROM watched_jobs
"""


async def measure() -> list[Ratio]:
    """Measure all in turns, each in a database of its own."""
    with postgresql() as server:
        ours, theirs = await _database(server, "ours"), await _database(server, "theirs")
        await open_store(ours).database.migrate()
        await add_to_postgresql(ours, 0, JOBS)
        await _execute(ours, _FOLLOW)
        rounds = [
            (
                await _our_round(ours, number),
                await _their_round(theirs, by_hand=False),
                await _their_round(theirs, by_hand=True),
            )
            for number in range(ROUNDS)
        ]
    best, plain, by_hand = (max(each) for each in zip(*rounds, strict=True))
    name = "watch cycles/s on PostgreSQL, against pgqueuer"
    return [
        Ratio(name, best, plain, "cycles/s", ">= 5"),
        Ratio(f"{name} with batches by hand", best, by_hand, "cycles/s", ">= 1"),
    ]


async def _our_round(address: str, number: int) -> float:
    """Every job once; each worker claims a batch, and writes what came of it."""
    store = open_store(address)
    await store.watches.plan(ORG)
    now = at(JOBS + 3_600 * number)

    async def work() -> int:
        done = 0
        while claims := await store.watches.claim_jobs(ORG, now, LEASE_SECONDS, BATCH):
            looks = [
                Look(each, each.state.model_copy(update={"seen_at": now}), now + NEXT) for each in claims
            ]
            done += await store.watches.finish_looks(looks, now)
        return done

    started = time.perf_counter()
    done = sum(await asyncio.gather(*(work() for _ in range(WORKERS))))
    taken = time.perf_counter() - started
    await store.database.close()
    assert done == JOBS, done
    return done / taken


async def _their_round(address: str, *, by_hand: bool) -> float:
    """Every job once; ``by_hand`` collects the next looks, else each handler enqueues its own."""
    connections = [await asyncpg.connect(address) for _ in range(WORKERS + 1)]
    queries = Queries(AsyncpgDriver(connections[0]))
    if await queries.schema_is_installed():
        await queries.clear_queue()
    else:
        await queries.install()
    await _enqueue(queries, [stored_state().to_json().encode()] * JOBS, timedelta())
    await _execute(address, "VACUUM ANALYZE pgqueuer")
    collected: list[bytes] = []
    workers = [PgQueuer(AsyncpgDriver(connection)) for connection in connections[1:]]

    async def work(worker: PgQueuer) -> None:

        @worker.entrypoint("look")
        async def look(job: Job) -> None:
            state = WatchedState.from_json((job.payload or b"").decode())
            payload = state.model_copy(update={"seen_at": at(1)}).to_json().encode()
            collected.append(payload)
            if not by_hand:
                await worker.qm.queries.enqueue("look", payload, execute_after=NEXT)
            if len(collected) == JOBS:
                for each in workers:
                    each.shutdown.set()

        await worker.run(batch_size=BATCH, dequeue_timeout=timedelta(seconds=1))

    started = time.perf_counter()
    await asyncio.gather(*map(work, workers))
    if by_hand:
        await _enqueue(queries, collected, NEXT)
    taken = time.perf_counter() - started
    for connection in connections:
        await connection.close()
    assert len(collected) == JOBS, len(collected)
    return JOBS / taken


async def _enqueue(queries: Queries, payloads: list[bytes], execute_after: timedelta) -> None:
    for start in range(0, len(payloads), BATCH):
        some = payloads[start : start + BATCH]
        many = len(some)
        await queries.enqueue(["look"] * many, some, [0] * many, [execute_after] * many)


async def _database(server: str, name: str) -> str:
    await _execute(server, f"CREATE DATABASE {name}")
    return urlsplit(server)._replace(path=f"/{name}").geturl()


async def _execute(address: str, statement: str) -> None:
    connection = await asyncpg.connect(address)
    await connection.execute(statement)
    await connection.close()


def main() -> None:
    """Print the ratio."""
    for ratio in asyncio.run(measure()):
        print_ratio(ratio)


if __name__ == "__main__":
    main()

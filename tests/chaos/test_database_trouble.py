"""The database locked, or gone for a while: nobody ends, and afterwards everything is told once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg

from bot.playground.workspace import ML_OPS
from tests.chaos.relay import relayed
from tests.chaos.telling import RUN, check, check_not_early, take, until_told
from tests.chaos.world import WorkerProcess, World, world

THERE = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
END_OTHERS = f"SELECT count(pg_terminate_backend(pid)) FROM ({THERE}) AS there WHERE pid <> ALL($1)"  # noqa: S608
WATCHING, DELIVERING = "a round failed", "waits for the database"
"""What watcher and delivery log when the database does not answer."""


async def test_a_locked_file(sqlite_url: str, tmp_path: Path) -> None:
    """Somebody else holds it for longer than anybody's patience, from the moment the first card is sent."""
    async with world(sqlite_url, tmp_path) as here:
        followed = [await here.follow("job-1"), await here.follow("job-2", ML_OPS)]
        worker = here.start_worker()
        await here.until(lambda: here.card(followed[0]))
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            take(here, RUN[0], "job-1", "job-2")
            await _noticed(here, worker, WATCHING)
            assert here.told(followed[0]) == []
        await until_told(here, 1, *followed)
        take(here, RUN[1], "job-1", "job-2")
        await until_told(here, 2, *followed)
        await check(here, RUN[:2], *followed)
        check_not_early(here)
        assert worker.is_alive


async def test_connections_that_are_ended(postgresql_url: str, tmp_path: Path) -> None:
    """The server ends them all, again and again in the middle of the work."""
    async with world(postgresql_url, tmp_path) as here:
        followed = [await here.follow("job-1"), await here.follow("job-2", ML_OPS)]
        server = await asyncpg.connect(postgresql_url)
        ours, ended = [row["pid"] for row in await server.fetch(THERE)], 0
        workers = [here.start_worker(), here.start_worker()]
        try:
            for number, turn in enumerate(RUN, start=1):
                take(here, turn, "job-1", "job-2")
                while min(len(here.told(each)) for each in followed) < number:
                    ended += await server.fetchval(END_OTHERS, ours)
                    await here.clock.sleep(1.0)
        finally:
            await server.close()
        await here.quiet()
        assert ended > len(RUN)
        await check(here, RUN, *followed)
        check_not_early(here)
        assert all(worker.is_alive for worker in workers), here.story()


async def test_a_server_that_is_gone_for_a_while(postgresql_url: str, tmp_path: Path) -> None:
    """Nobody gets through to it, until it is back."""
    async with relayed(postgresql_url) as (relay, url), world(postgresql_url, tmp_path, url) as here:
        followed = [await here.follow("job-1"), await here.follow("job-2", ML_OPS)]
        workers = [here.start_worker(), here.start_worker()]
        await here.quiet()
        for number, turn in enumerate(RUN[:2], start=1):
            take(here, turn, "job-1", "job-2")
            await here.until(lambda number=number: any(len(here.told(each)) >= number for each in followed))
            relay.cut()
            for worker in workers:
                await _noticed(here, worker, WATCHING, DELIVERING)
            relay.mend()
            await until_told(here, number, *followed)
        assert relay.refused
        await check(here, RUN[:2], *followed)
        check_not_early(here)
        assert all(worker.is_alive for worker in workers), here.story()


async def _noticed(here: World, worker: WorkerProcess, *words: str) -> None:
    """Wait until the worker has met the trouble, and says so in these words."""
    log = here.orders(worker.number).log
    before = log.read_text()

    async def has_noticed() -> bool:
        news = log.read_text().removeprefix(before)
        return all(each in news for each in words)

    await here.until_so(has_noticed, 30.0)

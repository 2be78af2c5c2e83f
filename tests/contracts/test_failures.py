"""The store: a database that is locked, silent or gone, and back."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from bot.domain.errors import StoreError
from bot.domain.subscriptions.subscription import Spot
from bot.store.store import DatabaseStore, open_store
from tests.contracts.facts import (
    ADA,
    BOB,
    CHANNEL,
    JOB,
    LEASE,
    ORG,
    T0,
    TEAM,
    at,
    drained,
    follow,
    job,
    look,
    opened_thread,
)

PATIENCE = 0.4


@pytest.fixture
async def used(database_url: str) -> AsyncIterator[DatabaseStore]:
    """A store of the test's own that was used before."""
    store = open_store(database_url)
    await store.database.prepare()
    yield store
    await store.database.close()


async def test_a_locked_file_is_told_and_works_again(sqlite_url: str) -> None:
    """Somebody else writes for longer than anybody waits: nothing is changed, and reading goes on."""
    store = open_store(sqlite_url, patience_seconds=PATIENCE)
    await follow(store)
    with closing(sqlite3.connect(path_of(sqlite_url))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="OperationalError"):
            await asyncio.wait_for(follow(store, BOB), 5)
        found = await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, JOB))
        assert found is not None
        assert found.subscribers == (ADA,)
    assert (await follow(store, BOB)).subscribers == (ADA, BOB)
    await store.database.close()


async def test_a_short_lock_is_waited_for(sqlite_url: str) -> None:
    """As processes that share a file do all the time."""
    store = open_store(sqlite_url)
    await store.database.prepare()
    with closing(sqlite3.connect(path_of(sqlite_url), check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(follow(store))
        await store.database.check_schema()
        assert not waiting.done()
        other.execute("COMMIT")
    await waiting
    await store.database.close()


async def test_a_file_that_is_gone_is_told_and_works_again(sqlite_url: str) -> None:
    """Nothing is written where it was, and no new file is made in its place."""
    path = path_of(sqlite_url)
    store = open_store(sqlite_url)
    await follow(store)
    away = path.rename(f"{path}-away")
    for attempt in (store.database.check_schema, lambda: follow(store, BOB), lambda: store.watches.plan(ORG)):
        with pytest.raises(StoreError, match="FileNotFoundError"):
            await attempt()
    away.rename(path)
    assert (await follow(store, BOB)).subscribers == (ADA, BOB)
    await store.database.close()


async def test_another_file_in_its_place_is_opened_anew(sqlite_url: str) -> None:
    """As after an operator put a copy back, without the files that belonged to the other one."""
    copy = f"{sqlite_url}-copy"
    store, other = open_store(sqlite_url), open_store(copy)
    await follow(store)
    await follow(other, request_id="job-2")
    await other.database.close()
    for ending in ("-wal", "-shm"):
        path_of(f"{sqlite_url}{ending}").unlink()
    path_of(copy).replace(path_of(sqlite_url))
    followed = await store.subscriptions.followed(TEAM, CHANNEL, ADA)
    assert [line.subscription.request_id for line in followed] == ["job-2"]
    await store.database.close()


async def test_a_file_that_holds_something_else_is_told(tmp_path: Path) -> None:
    """Every method raises `StoreError`, also the one that would make tables."""
    (tmp_path / "jobbot.sqlite3").write_bytes(b"this is no database" * 100)
    store = open_store(f"sqlite:///{tmp_path}/jobbot.sqlite3")
    for attempt in (store.database.check_schema, store.database.prepare, store.database.migrate):
        with pytest.raises(StoreError, match="DatabaseError"):
            await attempt()


async def test_connections_that_died_are_not_noticed(postgresql_url: str) -> None:
    """The server dropped them all, as it does when it starts anew: the next query works."""
    store = open_store(postgresql_url)
    await asyncio.gather(*(store.watches.plan(ORG) for _ in range(5)))
    await drop_connections(postgresql_url)
    assert (await follow(store)).subscribers == (ADA,)
    await store.database.close()


async def test_a_server_that_is_gone_is_told_and_works_again(postgresql_url: str) -> None:
    """In bounded time; the first opening too is tried again at the next call."""
    hidden = open_store(postgresql_url.replace("host=", "host=/nowhere"))
    for _ in range(2):
        with pytest.raises(StoreError, match="does not answer"):
            await asyncio.wait_for(hidden.watches.plan(ORG), 5)
    store = open_store(postgresql_url, patience_seconds=PATIENCE)
    await follow(store)
    await refuse_connections(postgresql_url, refused=True)
    for attempt in (store.database.check_schema, lambda: follow(store, BOB)):
        with pytest.raises(StoreError, match="does not answer") as caught:
            await asyncio.wait_for(attempt(), 5)
        assert "host=" not in f"{caught.value!r} {caught.value.__cause__!r}"
    await refuse_connections(postgresql_url, refused=False)
    assert (await follow(store, BOB)).subscribers == (ADA, BOB)
    await store.database.close()


async def test_transactions_that_met_crosswise_are_tried_again(postgresql_url: str) -> None:
    """PostgreSQL ends one of two that wait for each other; nobody above hears of it."""
    store = open_store(postgresql_url)
    first = await opened_thread(store)
    await look(store, T0, document=job())
    other = await asyncpg.connect(postgresql_url)
    await other.execute("SET deadlock_timeout = '10s'; BEGIN")
    await other.execute("UPDATE lanes SET due_at = due_at")
    leaving = asyncio.create_task(store.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, JOB), ADA, at(1)))
    async with asyncio.timeout(5):
        while not await other.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            assert not leaving.done()
    await other.execute("UPDATE subscriptions SET is_quiet = is_quiet WHERE id = $1", first.id)
    await other.execute("COMMIT")
    await other.close()
    left = await leaving
    assert left.subscription is not None
    assert left.subscription.ended is not None
    await store.database.close()


async def test_whoever_is_cancelled_leaves_nothing_behind(used: DatabaseStore) -> None:
    """Neither half a change nor a connection that nobody gets any more."""
    for number in range(12):
        task = asyncio.create_task(follow(used, request_id=f"job-{number}"))
        for _ in range(number * 30):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    whole = await used.subscriptions.followed(TEAM, CHANNEL, ADA)
    cards = await drained(used, at(LEASE))
    assert {card.subscription.id for card in cards} == {line.subscription.id for line in whole}
    assert len(cards) == len(whole)
    assert (await used.watches.plan(ORG)).watched == len(whole)


def path_of(sqlite_url: str) -> Path:
    """The file's own."""
    return Path(sqlite_url.removeprefix("sqlite:///"))


async def drop_connections(address: str) -> None:
    """End every connection to this database but our own."""
    connection = await asyncpg.connect(address)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def refuse_connections(address: str, *, refused: bool) -> None:
    """Have the server take no connection to this database, and drop those it has."""
    name = urlsplit(address).path.removeprefix("/")
    elsewhere = urlsplit(address)._replace(path="/postgres").geturl()
    connection = await asyncpg.connect(elsewhere)
    await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {not refused}")
    if refused:
        ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1"
        await connection.execute(ends, name)
    await connection.close()

"""PostgreSQL through the real PgBouncer in transaction mode, and limits that a migration does not have."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.store.database.address import POOLER_CODES, PostgreSQLAddress, address_of, silent
from bot.store.database.connection import Connected
from bot.store.database.postgresql import PostgreSQL
from bot.store.database.schema import MIGRATION_LOCK
from bot.store.store import open_store
from tests.chaos.relay import relayed
from tests.contracts.facts import ADA, BOB, TEAM, follow
from tests.databases import empty_database, run_sql
from tests.pgbouncer import needs_pgbouncer, pgbouncer_socket, through_pgbouncer

PATIENCE = 5.0


def _address(url: str) -> PostgreSQLAddress:
    address = address_of(url, PATIENCE)
    assert isinstance(address, PostgreSQLAddress)
    return address


@needs_pgbouncer
async def test_a_pooler_is_told(postgresql_url: str) -> None:
    """By what the sessions say; the address may say it too, and is believed."""
    pooled = await asyncio.to_thread(through_pgbouncer, postgresql_url)
    assert "PgBouncer" in await open_store(pooled).database.note()
    assert "PgBouncer" in await open_store(f"{postgresql_url}&pgbouncer=true").database.note()
    assert await open_store(postgresql_url).database.note() == ""


@needs_pgbouncer
async def test_a_pooler_that_comes_later_is_found_out(postgresql_url: str) -> None:
    """The way to the server was direct, was cut, and then leads through a pooler."""
    await asyncio.to_thread(through_pgbouncer, postgresql_url)
    async with relayed(postgresql_url) as (relay, address):
        stores = [open_store(address) for _ in range(3)]
        await asyncio.gather(*(follow(store, ADA) for store in stores))
        relay.cut()
        relay.lead_to(pgbouncer_socket())
        relay.mend()
        for _ in range(5):
            await asyncio.gather(*(follow(store, BOB) for store in stores))
        for store in stores:
            await store.database.close()


@needs_pgbouncer
async def test_many_processes_share_two_sessions(postgresql_url: str) -> None:
    """Every statement of everybody passes the same sessions, in any order: none knows another's names."""
    pooled = await asyncio.to_thread(through_pgbouncer, postgresql_url)
    stores = [open_store(pooled) for _ in range(4)]
    for _ in range(5):
        await asyncio.gather(*(follow(store, person) for store in stores for person in (ADA, BOB)))
        await asyncio.gather(*(store.subscriptions.followed(TEAM, "C1", ADA) for store in stores))
    (left,) = await stores[0].subscriptions.followed(TEAM, "C1", ADA)
    assert set(left.subscription.subscribers) == {ADA, BOB}
    for store in stores:
        await store.database.close()


@needs_pgbouncer
async def test_limits_are_each_transactions_own(postgresql_url: str) -> None:
    """They hold for ours, and are not left behind for whoever gets the session next."""
    pooled = await asyncio.to_thread(through_pgbouncer, postgresql_url)
    made = PostgreSQL(_address(pooled), PATIENCE, 30)

    async def limit(connection: Connected) -> str:
        return str(await connection.scalar(text("SHOW statement_timeout")))

    assert await made.run(limit, writes=False) == "30s"
    await made.close()
    connection = await asyncpg.connect(pooled, statement_cache_size=0)
    assert await connection.fetchval("SHOW statement_timeout") == "0"
    await connection.close()


@pytest.mark.parametrize("code", sorted(POOLER_CODES))
def test_a_pooler_that_hides_is_told(code: str) -> None:
    """Where one passes for a server, the error says what the address should say."""
    error = asyncpg.PostgresError()
    error.sqlstate = code
    assert "pgbouncer=true" in silent(error).detail


@needs_pgbouncer
async def test_tables_are_made_through_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    """`migrate` works there too, and again."""
    url = await asyncio.to_thread(empty_database, "postgresql", tmp_path_factory.mktemp("empty"))
    pooled = open_store(await asyncio.to_thread(through_pgbouncer, url))
    assert "made" in await pooled.database.migrate()
    assert "up to date" in await pooled.database.migrate()
    await pooled.database.close()


async def test_a_migration_waits_and_works_without_limit(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Another one holds the lock for longer than a statement may take there: it waits for its turn."""
    url = await asyncio.to_thread(empty_database, "postgresql", tmp_path_factory.mktemp("empty"))
    name = url.partition("@/")[2].partition("?")[0]
    await asyncio.to_thread(run_sql, url, f"ALTER DATABASE {name} SET statement_timeout = '200ms'")
    other = await asyncpg.connect(url)
    await other.execute("SET statement_timeout = 0")
    await other.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
    store = open_store(url)
    migrating = asyncio.create_task(store.database.migrate())
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'advisory'"
    while not await other.fetchval(waiting, name):
        assert not migrating.done()
    await other.execute("SELECT pg_sleep(0.5)")
    await other.execute("SELECT pg_advisory_unlock($1)", MIGRATION_LOCK)
    assert "made" in await migrating
    await other.close()
    await store.database.close()


async def test_a_statement_without_limit_takes_what_it_takes(postgresql_url: str) -> None:
    """The limits are for the bot's everyday work only."""
    limited, unlimited = (PostgreSQL(_address(postgresql_url), PATIENCE, limit) for limit in (0.2, None))

    async def slow(connection: Connected) -> None:
        await connection.execute(text("SELECT pg_sleep(0.5)"))

    with pytest.raises((DBAPIError, TimeoutError)):
        await limited.run(slow, writes=True)
    await unlimited.run(slow, writes=True)
    await limited.close()
    await unlimited.close()

"""An address of several PostgreSQL servers: whichever takes writes is used, whatever the others do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.errors import StoreError
from bot.settings.database_url import checked
from bot.store.database.address import address_of
from bot.store.database.connection import Connected
from bot.store.database.engine import Database
from bot.store.store import DatabaseStore, open_store
from tests.chaos.relay import relayed
from tests.contracts.facts import ADA, BOB, follow
from tests.standby import Server, primary_and_standby

PATIENCE_SECONDS = 2.0


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Server, Server]]:
    """A primary and its standby."""
    with primary_and_standby() as both:
        yield both


def _open(url: str) -> DatabaseStore:
    return open_store(checked(url), ping_timeout_seconds=PATIENCE_SECONDS, patience_seconds=PATIENCE_SECONDS)


async def test_a_standby_alone_is_said_to_be_one(servers: tuple[Server, Server]) -> None:
    """It answers, and would take no write: nothing is read from it either."""
    store = _open(servers[1].url)
    with pytest.raises(StoreError, match="read-only") as caught:
        await follow(store)
    assert "DATABASE_URL has to lead to the primary" in caught.value.detail
    with pytest.raises(StoreError, match="read-only"):
        await store.database.check_schema()


async def test_whichever_takes_writes_is_used(servers: tuple[Server, Server]) -> None:
    """One machine swallows what it is sent, one is a standby; then the primary dies, and its standby is."""
    primary, standby = servers
    async with (
        relayed(primary.url) as (gone, first),
        relayed(standby.url) as (_, second),
        relayed(primary.url) as (_, third),
    ):
        gone.swallow()
        hosts = ",".join(url.partition("@")[2].partition("/")[0] for url in (first, second, third))
        by_tcp = _open(f"postgresql://postgres@{hosts}/postgres?sslmode=disable&target_session_attrs=primary")
        folders = ",".join(str(Path(each.socket_path).parent) for each in (standby, primary))
        by_socket = _open(f"postgresql://postgres@/postgres?host={folders}")
        await follow(by_tcp, ADA)
        assert set((await follow(by_socket, BOB)).subscribers) == {ADA, BOB}
        await asyncio.to_thread(primary.kill)
        with pytest.raises(StoreError):
            await follow(by_tcp, ADA)
        await asyncio.to_thread(standby.promote)
        for store in (by_tcp, by_socket):
            assert set((await follow(store, ADA)).subscribers) == {ADA, BOB}
            await store.database.check_schema()
            await store.database.close()
        gone.let_through()


async def test_a_machine_that_is_gone_without_a_word(postgresql_url: str) -> None:
    """Whoever waits for an answer gives up, and the next one finds another connection."""
    async with relayed(postgresql_url) as (relay, url):
        database = Database(address_of(url, PATIENCE_SECONDS), PATIENCE_SECONDS, limit_seconds=0.2)

        async def ask(connection: Connected) -> int:
            return int(await connection.scalar(text("SELECT 1")))

        assert await database.run(ask) == 1
        relay.swallow()
        with pytest.raises(StoreError):
            await database.run(ask)
        relay.let_through()
        assert await database.run(ask) == 1
        await database.close()

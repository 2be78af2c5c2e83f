"""PostgreSQL, where a process was stopped within a transaction: what it holds is free again soon."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.domain.subscriptions.subscription import Spot
from bot.store.database.address import PostgreSQLAddress, address_of
from bot.store.database.connection import Connected
from bot.store.database.engine import STATEMENT_SECONDS
from bot.store.database.postgresql import PostgreSQL
from bot.store.store import open_store
from tests.contracts.facts import ADA, BOB, CHANNEL, JOB, ORG, TEAM, at, follow

PATIENCE = 2.0
SOON = 0.3


def _open(url: str, limit_seconds: float = STATEMENT_SECONDS) -> PostgreSQL:
    address = address_of(url, PATIENCE)
    assert isinstance(address, PostgreSQLAddress)
    return PostgreSQL(address, PATIENCE, limit_seconds)


async def test_a_transaction_that_says_nothing_is_ended(postgresql_url: str) -> None:
    """Others get what it held, and nothing of it is kept; whoever was stopped is told when it goes on."""
    store, stopped = open_store(postgresql_url), _open(postgresql_url, SOON)
    await follow(store)
    holds, goes_on = asyncio.Event(), asyncio.Event()

    async def stops(connection: Connected) -> None:
        await connection.execute(text("UPDATE watched_jobs SET generation = generation + 100"))
        await connection.execute(text("UPDATE subscriptions SET is_quiet = true"))
        holds.set()
        await goes_on.wait()
        await connection.execute(text("SELECT 1"))

    idle = asyncio.create_task(stopped.run(stops, writes=True))
    await holds.wait()
    assert (await asyncio.wait_for(follow(store, BOB), 10)).subscribers == (ADA, BOB)
    goes_on.set()
    with pytest.raises((ConnectionError, DBAPIError)):
        await idle
    left = await store.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, JOB), ADA, at(1))
    assert left.subscription is not None
    assert left.subscription.is_quiet is False
    await stopped.close()
    await store.database.close()


async def test_every_connection_has_its_limits(postgresql_url: str) -> None:
    """For a statement and for silence: half a minute, longer than any of ours and shorter than a lease."""
    made = _open(postgresql_url)

    async def limits(connection: Connected) -> list[str]:
        names = ("statement_timeout", "idle_in_transaction_session_timeout")
        return [await connection.scalar(text(f"SHOW {name}")) for name in names]

    assert await made.run(limits, writes=False) == [f"{STATEMENT_SECONDS}s"] * 2
    await made.close()

"""The databases that the contract asks for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.store.store import DatabaseStore, open_store
from tests.contracts.statements import record_if_asked
from tests.databases import (
    KINDS,
    Emptier,
    database_url,
    empty_database_url,
    fresh_database,
    postgresql_url,
    sqlite_url,
)
from tests.pgbouncer import needs_pgbouncer, through_pgbouncer
from tests.sqlite_file import memory_folder

record_if_asked()

__all__ = ["database_url", "empty_database_url", "postgresql_url", "sqlite_url", "store"]


@pytest_asyncio.fixture(
    scope="session",
    loop_scope="session",
    params=[*KINDS, pytest.param("pgbouncer", marks=needs_pgbouncer)],
)
async def shared_store(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Emptier, DatabaseStore]]:
    """A store over a database of each kind, and what empties it, for all tests in the session's loop.

    PostgreSQL twice: directly, and through PgBouncer, which gives each transaction another session.
    """
    is_pooled = request.param == "pgbouncer"
    kind = "postgresql" if is_pooled else request.param
    with memory_folder() as folder:
        context = await asyncio.to_thread(fresh_database, kind, folder)
        address = await asyncio.to_thread(context.__enter__)
        pooled = await asyncio.to_thread(through_pgbouncer, address) if is_pooled else address
        made, emptier = open_store(pooled), Emptier(address)
        yield emptier, made
        await made.database.close()
        await asyncio.to_thread(emptier.close)
        await asyncio.to_thread(context.__exit__, None, None, None)


@pytest.fixture
def store(shared_store: tuple[Emptier, DatabaseStore]) -> DatabaseStore:
    """A store of each kind with nothing in it. To open one for every test took most of their time."""
    emptier, made = shared_store
    emptier.empty()
    return made

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
    database_url,
    empty,
    empty_database_url,
    fresh_database,
    postgresql_url,
    sqlite_url,
)
from tests.pgbouncer import needs_pgbouncer, through_pgbouncer

record_if_asked()

__all__ = ["database_url", "empty_database_url", "postgresql_url", "sqlite_url", "store"]


@pytest_asyncio.fixture(
    scope="session",
    loop_scope="session",
    params=[*KINDS, pytest.param("pgbouncer", marks=needs_pgbouncer)],
)
async def shared_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[str, DatabaseStore]]:
    """A store over a database of each kind, with its address, for all tests in the session's loop.

    PostgreSQL twice: directly, and through PgBouncer, which gives each transaction another session.
    """
    folder, is_pooled = tmp_path_factory.mktemp("shared"), request.param == "pgbouncer"
    kind = "postgresql" if is_pooled else request.param
    context = await asyncio.to_thread(fresh_database, kind, folder)
    address = await asyncio.to_thread(context.__enter__)
    pooled = await asyncio.to_thread(through_pgbouncer, address) if is_pooled else address
    made = open_store(pooled)
    yield address, made
    await made.database.close()
    await asyncio.to_thread(context.__exit__, None, None, None)


@pytest.fixture
def store(shared_store: tuple[str, DatabaseStore]) -> DatabaseStore:
    """A store of each kind with nothing in it. To open one for every test took most of their time."""
    address, made = shared_store
    empty(address)
    return made

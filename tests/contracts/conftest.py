"""The databases that the contract asks for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

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
from tests.sqlite_file import memory_folder

record_if_asked()

__all__ = ["database_url", "empty_database_url", "postgresql_url", "sqlite_url", "store"]


@pytest_asyncio.fixture(
    scope="session",
    loop_scope="session",
    params=[*KINDS, pytest.param("pgbouncer", marks=needs_pgbouncer)],
)
async def shared_store(
    request: pytest.FixtureRequest,
) -> AsyncIterator[tuple[str, DatabaseStore]]:
    """A store over a database of each kind, with its address, for all tests in the session's loop.

    PostgreSQL twice: directly, and through PgBouncer, which gives each transaction another session.
    """
    is_pooled = request.param == "pgbouncer"
    kind = "postgresql" if is_pooled else request.param
    with memory_folder() as folder:
        async with _shared(kind, folder, is_pooled=is_pooled) as made:
            yield made


@asynccontextmanager
async def _shared(kind: str, folder: Path, *, is_pooled: bool) -> AsyncIterator[tuple[str, DatabaseStore]]:
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

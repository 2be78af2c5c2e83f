"""The databases that the contract asks for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.store.store import DatabaseStore, open_store
from tests.databases import (
    KINDS,
    database_url,
    empty,
    empty_database_url,
    fresh_database,
    postgresql_url,
    sqlite_url,
)

__all__ = ["database_url", "empty_database_url", "postgresql_url", "sqlite_url", "store"]


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=KINDS)
async def shared_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[str, DatabaseStore]]:
    """A store over a database of each kind, with its address, for all tests in the session's loop."""
    folder = tmp_path_factory.mktemp("shared")
    context = await asyncio.to_thread(fresh_database, request.param, folder)
    address = await asyncio.to_thread(context.__enter__)
    made = open_store(address)
    yield address, made
    await made.close()
    await asyncio.to_thread(context.__exit__, None, None, None)


@pytest.fixture
def store(shared_store: tuple[str, DatabaseStore]) -> DatabaseStore:
    """A store of each kind with nothing in it. To open one for every test took most of their time."""
    address, made = shared_store
    empty(address)
    return made

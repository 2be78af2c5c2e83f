"""The databases that the contract asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store.store import DatabaseStore, open_store
from tests.databases import database_url, empty_database_url, postgresql_url, sqlite_url

__all__ = ["database_url", "empty_database_url", "postgresql_url", "sqlite_url", "store"]


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[DatabaseStore]:
    """A store over a fresh database of each kind."""
    made = open_store(database_url)
    yield made
    await made.close()

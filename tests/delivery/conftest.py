"""The world that delivery's tests ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.delivery.world import World, world
from tests.sqlite_file import SQLiteFile, sqlite_file


@pytest.fixture(scope="session")
def database() -> Iterator[SQLiteFile]:
    """One for all."""
    with sqlite_file() as made:
        yield made


@pytest.fixture
async def here(database: SQLiteFile) -> AsyncIterator[World]:
    """A fresh one."""
    async with world(database) as made:
        yield made

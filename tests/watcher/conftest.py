"""What tests of the watcher share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.sqlite_file import SQLiteFile, sqlite_file
from tests.watcher.world import World, open_world


@pytest.fixture(scope="session")
def database() -> Iterator[SQLiteFile]:
    """One for all."""
    with sqlite_file() as made:
        yield made


@pytest.fixture
async def world(database: SQLiteFile) -> AsyncIterator[World]:
    """A fresh one."""
    async with open_world(database) as made:
        yield made

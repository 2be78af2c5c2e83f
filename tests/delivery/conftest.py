"""The world that delivery's tests ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.delivery.world import Database, World, world


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """One for all: statements need to be prepared once."""
    return Database(tmp_path_factory.mktemp("delivery"))


@pytest.fixture
async def here(database: Database) -> AsyncIterator[World]:
    """A fresh one."""
    async with world(database) as made:
        yield made

"""What tests of the watcher share."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.store import open_store
from tests.watcher.world import World, open_world


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables and nothing in them: copied, not made anew, for each test."""
    path = tmp_path_factory.mktemp("watcher") / "empty.db"

    async def make() -> None:
        store = open_store(f"sqlite:///{path}")
        await store.migrate()
        await store.close()

    asyncio.run(make())
    return path


@pytest.fixture
async def world(empty_database: Path, tmp_path: Path) -> AsyncIterator[World]:
    """A world of its own."""
    shutil.copy(empty_database, tmp_path / "watched.db")
    async with open_world(tmp_path / "watched.db") as world:
        yield world

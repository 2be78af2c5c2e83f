"""What tests of the watcher share."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.store.store import open_store
from tests.watcher.world import World, open_world


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables and nothing in them: copied, not made anew, for each test."""
    path = tmp_path_factory.mktemp("watcher") / "empty.db"

    async def make() -> None:
        store = open_store(f"sqlite:///{path}")
        await store.database.migrate()
        await store.database.close()

    asyncio.run(make())
    return path


@pytest.fixture
async def world(empty_database: Path) -> AsyncIterator[World]:
    """A world of its own, where there is one on a disk that is none: each commit waits for the disk."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  (a directory is made in it)
    with TemporaryDirectory(dir=memory) as directory:
        database = Path(directory) / "watched.db"
        shutil.copy(empty_database, database)
        async with open_world(database) as world:
            yield world

"""One SQLite file for many tests: empty for each of them, and opened by one store.

The store remembers the statements that it compiled; to compile them anew takes longer than a test.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from bot.store.store import open_store


class SQLiteFile:
    """Its address, and the store over it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "jobbot.sqlite3"
        self._empty = folder / "empty.sqlite3"
        self.url = f"sqlite:///{self._path}"
        self.store = open_store(self.url)

    async def clear(self) -> None:
        """Make it as it was made. The store has to be closed."""
        if not self._empty.exists():
            await self.store.database.migrate()
            await self.store.database.close()
            copyfile(self._path, self._empty)
        for left in self._path.parent.glob(f"{self._path.name}*"):
            left.unlink()
        copyfile(self._empty, self._path)


@contextmanager
def sqlite_file() -> Iterator[SQLiteFile]:
    """A new one."""
    with memory_folder() as folder:
        yield SQLiteFile(folder)


@contextmanager
def memory_folder() -> Iterator[Path]:
    """A folder in memory where there is such a disk: on others each commit waits for the disk.

    What was being read of a database when its bot left may still end in its thread.
    """
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  (a directory is made in it)
    with TemporaryDirectory(dir=memory, ignore_cleanup_errors=True) as folder:
        yield Path(folder)

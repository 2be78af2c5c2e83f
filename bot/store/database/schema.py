"""Bringing the tables up to this version, all in one transaction."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.domain.errors import StoreError
from bot.store.database.address import Address, SQLiteAddress, silent
from bot.store.database.connection import Connected
from bot.store.database.engine import Database
from bot.store.database.revisions import NEWEST, check_revision

FOLDER: Final = Path(__file__).parent.parent / "migrations"
_OLDEST_SQLITE: Final = (3, 35, 0)
"""The first with RETURNING."""
_PAUSE_SECONDS: Final = 0.02
MIGRATION_LOCK: Final = 0x6A6F62626F74
"""A number of our own, so that two that migrate one PostgreSQL at once do so in turn."""


async def migrate(address: Address, patience_seconds: float) -> str:
    """Bring the tables up to this version; says what was done.

    Raises:
        SchemaError: they are newer.
        StoreError: the database does not answer.
    """
    if isinstance(address, SQLiteAddress):
        await asyncio.to_thread(_use_wal, address, patience_seconds)
    database = Database(address, patience_seconds, limit_seconds=None)  # a big table takes what it takes
    try:
        before = await database.run(upgrade)
    finally:
        await database.close()
    if before == NEWEST:
        return f"The database was up to date: version {NEWEST}."
    if before is None:
        return f"The tables were made: version {NEWEST}."
    return f"The database was brought from version {before} to {NEWEST}."


async def upgrade(connection: Connected) -> str | None:
    """Bring the tables up to this version; returns the version they had before.

    Raises:
        SchemaError: they are newer.
    """
    if await connection.run_sync(lambda each: each.dialect.name) == "postgresql":
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
        await connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    return await connection.run_sync(_upgrade)


def alembic_config(connection: Connection) -> Config:
    """Alembic, set up without a file of its own."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("recursive_version_locations", "true")
    config.set_main_option("path_separator", "os")
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> str | None:
    before = _revision(connection)
    check_revision(before, may_be_older=True)
    if before != NEWEST:
        command.upgrade(alembic_config(connection), NEWEST)
    return before


def _use_wal(address: SQLiteAddress, patience_seconds: float) -> None:
    """Readers and the writer do not wait for each other then. The file keeps it.

    SQLite does not wait for others by itself when it changes this.
    """
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        msg = f"SQLite {sqlite3.sqlite_version} is too old: it has to be 3.35 or newer"
        raise StoreError(msg)
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            address.create()
            with closing(sqlite3.connect(address.path, timeout=patience_seconds)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                return
        except (OSError, sqlite3.Error) as error:
            if not isinstance(error, sqlite3.OperationalError) or time.monotonic() >= deadline:
                raise silent(error) from error
        time.sleep(_PAUSE_SECONDS)

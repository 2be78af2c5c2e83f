"""The database behind ``DATABASE_URL``: a SQLite file or PostgreSQL, behind the `Store` port."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

from bot.domain.errors import StoreError
from bot.domain.storage import Store

PING_TIMEOUT_SECONDS = 2.0


class SQLiteStore:
    """A SQLite file."""

    def __init__(self, path: str) -> None:
        self._path = path

    async def ping(self) -> None:
        """Return when the file can be opened and read.

        Raises:
            StoreError: it cannot.
        """
        try:
            async with asyncio.timeout(PING_TIMEOUT_SECONDS):
                await asyncio.to_thread(self._read)
        except (TimeoutError, OSError, sqlite3.Error) as error:
            raise _store_error(error) from error

    def _read(self) -> None:
        with closing(sqlite3.connect(self._path, timeout=PING_TIMEOUT_SECONDS)) as connection:
            connection.execute("PRAGMA schema_version").fetchall()


class PostgreSQLStore:
    """A PostgreSQL database, which has ``ping_timeout_seconds`` to answer a `ping`."""

    def __init__(self, address: str, ping_timeout_seconds: float = PING_TIMEOUT_SECONDS) -> None:
        self._address = address
        self._ping_timeout_seconds = ping_timeout_seconds

    async def ping(self) -> None:
        """Return when the server takes us and answers.

        Raises:
            StoreError: it does not.
        """
        # Loaded here: it is 3 MB that a bot on SQLite has no use for.
        import asyncpg  # noqa: PLC0415

        try:
            async with asyncio.timeout(self._ping_timeout_seconds):
                connection = await asyncpg.connect(self._address)
                try:
                    await connection.execute("SELECT 1")
                    await connection.close()
                finally:
                    # Whatever did not end well is dropped: a farewell to a silent server would never end.
                    connection.terminate()
        except (TimeoutError, OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise _store_error(error) from None  # the cause may quote the address with its password


def open_store(database_url: str) -> Store:
    """The store for a ``DATABASE_URL`` that the settings have checked."""
    scheme, _, rest = database_url.partition("://")
    if scheme.startswith("sqlite"):
        return SQLiteStore(rest.removeprefix("/"))
    return PostgreSQLStore(f"postgresql://{rest}")


def _store_error(error: Exception) -> StoreError:
    return StoreError(f"the database does not answer: {type(error).__name__}")

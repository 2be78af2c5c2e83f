"""Asking a database whether it is there and which tables it has, without loading SQLAlchemy.

That takes 19 MB and half a second; `ping` and the check at the start need none of it.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from bot.domain.errors import StoreError

_Value = TypeVar("_Value")
_VERSION = "SELECT version_num FROM alembic_version"


@dataclass(slots=True)
class SQLiteAddress:
    """A SQLite file."""

    path: str
    timeout_seconds: float
    may_create: bool = True
    """Until it was opened; a file that goes away later is not replaced by an empty one."""
    migrates_itself: ClassVar[bool] = True

    async def ping(self) -> None:
        """Return when the file can be opened and read.

        Raises:
            StoreError: it cannot.
        """
        await self._ask(self._read)

    async def revision(self) -> str | None:
        """Which version the tables have; None without any.

        Raises:
            StoreError: the file cannot be opened and read.
        """
        return await self._ask(self._revision)

    async def _ask(self, question: Callable[[sqlite3.Connection], _Value]) -> _Value:
        try:
            async with asyncio.timeout(self.timeout_seconds):
                return await asyncio.to_thread(self._connected, question)
        except (TimeoutError, OSError, sqlite3.Error) as error:
            raise silent(error) from error

    def create(self) -> None:
        """Make sure that there is a file, which only its owner reads.

        Raises:
            OSError: it cannot be opened or made.
        """
        flags = os.O_RDWR | (os.O_CREAT if self.may_create else 0)
        os.close(os.open(self.path, flags, 0o600))

    def _connected(self, question: Callable[[sqlite3.Connection], _Value]) -> _Value:
        self.create()
        with closing(sqlite3.connect(self.path, timeout=self.timeout_seconds)) as connection:
            return question(connection)

    def _read(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA schema_version").fetchall()

    def _revision(self, connection: sqlite3.Connection) -> str | None:
        there = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        row = connection.execute(there).fetchone() and connection.execute(_VERSION).fetchone()
        return str(row[0]) if row else None


@dataclass(frozen=True, slots=True)
class PostgreSQLAddress:
    """A PostgreSQL database; the address may carry a password and is never shown."""

    dsn: str
    timeout_seconds: float
    migrates_itself: ClassVar[bool] = False
    """Whether opening brings the tables up to this version; else an operator does."""

    async def ping(self) -> None:
        """Return when the server takes us and answers.

        Raises:
            StoreError: it does not.
        """
        await self._ask(lambda connection: connection.execute("SELECT 1"))

    async def revision(self) -> str | None:
        """Which version the tables have; None without any.

        Raises:
            StoreError: the server does not answer.
        """

        async def revision(connection: Any) -> str | None:
            if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
                return None
            return str(await connection.fetchval(_VERSION))

        return await self._ask(revision)

    async def _ask(self, question: Callable[[Any], Awaitable[_Value]]) -> _Value:
        # Loaded here: it is 3 MB that a bot on SQLite has no use for.
        import asyncpg  # noqa: PLC0415

        try:
            async with asyncio.timeout(self.timeout_seconds):
                connection = await asyncpg.connect(self.dsn)
                try:
                    answer = await question(connection)
                    await connection.close()
                    return answer
                finally:
                    # Whatever did not end well is dropped: a farewell to a silent server would never end.
                    connection.terminate()
        except (TimeoutError, OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise silent(error) from None  # the cause may quote the address with its password
        except asyncpg.InternalClientError as error:  # the server ended the connection between two questions
            raise silent(error) from None


Address = SQLiteAddress | PostgreSQLAddress


def address_of(database_url: str, timeout_seconds: float) -> Address:
    """What a ``DATABASE_URL`` that the settings have checked stands for."""
    scheme, _, rest = database_url.partition("://")
    if scheme.startswith("sqlite"):
        return SQLiteAddress(rest.removeprefix("/"), timeout_seconds)
    return PostgreSQLAddress(f"postgresql://{rest}", timeout_seconds)


def silent(error: BaseException) -> StoreError:
    """What is said of a database that does not answer: never its address."""
    return StoreError(f"the database does not answer: {type(error).__name__}")

"""Where a database is, and the two questions before it is opened: is it there, and which tables has it."""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeVar
from urllib.parse import parse_qsl, urlencode

import asyncpg

from bot.domain.errors import StoreError
from bot.store.database.servers import CONNECT_ERRORS, READ_ONLY, Servers

_Value = TypeVar("_Value")
POOLER_CODES = frozenset({"26000", "42P05"})
"""What PostgreSQL answers where a pooler gave our prepared statements to somebody else's session."""
_VERSION = "SELECT version_num FROM alembic_version"


@dataclass(slots=True)
class SQLiteAddress:
    """A SQLite file."""

    path: str
    timeout_seconds: float
    may_create: bool = True
    """Until it was opened; a file that goes away later is not replaced by an empty one."""
    migrates_itself: ClassVar[bool] = True

    async def note(self) -> str:
        """Nothing."""
        return ""

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

        One that is there is not opened for that: with whatever descriptor of it a process closes, it loses
        every lock that SQLite holds there. Another process then takes itself for the last one, removes the
        log of changes, and what is written from then on is lost.

        Raises:
            OSError: it cannot be read and written, or made.
        """
        path = os.path.realpath(self.path)
        if self.may_create:
            with suppress(FileExistsError):
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        if Path(path).is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        Path(path).stat()
        if not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    def _connected(self, question: Callable[[sqlite3.Connection], _Value]) -> _Value:
        self.create()
        with closing(sqlite3.connect(self.path, timeout=self.timeout_seconds)) as connection:
            return question(connection)

    def _revision(self, connection: sqlite3.Connection) -> str | None:
        there = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        row = connection.execute(there).fetchone() and connection.execute(_VERSION).fetchone()
        return str(row[0]) if row else None


@dataclass(frozen=True, slots=True)
class PostgreSQLAddress:
    """A PostgreSQL database; the address may carry a password and is never shown."""

    servers: Servers
    timeout_seconds: float
    connect_seconds: float | None = None
    """How long a log-in is waited for, where the address says so."""
    is_pooled: bool = False
    """Whether the address says that a transaction pooler stands in between; if not, it is found out."""
    migrates_itself: ClassVar[bool] = False
    """Whether opening brings the tables up to this version; else an operator does."""

    async def note(self) -> str:
        """Whether a pooler stands in between.

        Raises:
            StoreError: the server does not answer.
        """
        is_pooled = self.is_pooled or await self._ask(is_behind_pooler)
        return "through a pooler such as PgBouncer, without prepared statements" if is_pooled else ""

    async def revision(self) -> str | None:
        """Which version the tables have; None without any.

        Raises:
            StoreError: the server does not answer.
        """

        async def revision(connection: asyncpg.Connection) -> str | None:
            if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
                return None
            return str(await connection.fetchval(_VERSION))

        return await self._ask(revision)

    async def _ask(self, question: Callable[[asyncpg.Connection], Awaitable[_Value]]) -> _Value:
        try:
            seconds = self.connect_seconds or self.timeout_seconds
            async with asyncio.timeout(seconds * len(self.servers)):
                connection = await self.servers.connect(seconds)
                try:
                    answer = await question(connection)
                    await connection.close()
                    return answer
                finally:
                    # Whatever did not end well is dropped: a farewell to a silent server would never end.
                    connection.terminate()
        except CONNECT_ERRORS as error:
            raise silent(error) from None  # the cause may quote the address with its password


Address = SQLiteAddress | PostgreSQLAddress


def address_of(database_url: str, timeout_seconds: float) -> Address:
    """What a ``DATABASE_URL`` that the settings have checked stands for."""
    scheme, _, rest = database_url.partition("://")
    if scheme.startswith("sqlite"):
        return SQLiteAddress(rest.removeprefix("/"), timeout_seconds)
    address, _, query = rest.partition("?")
    parameters = dict(parse_qsl(query, keep_blank_values=True))
    seconds = float(parameters.pop("connect_timeout", "0")) or None
    is_pooled = parameters.pop("pgbouncer", "false") == "true"
    parameters.pop("target_session_attrs", None)  # whatever it says: the bot writes
    dsn = f"postgresql://{address}" + (f"?{urlencode(parameters)}" if parameters else "")
    return PostgreSQLAddress(Servers(dsn), timeout_seconds, seconds, is_pooled)


async def is_behind_pooler(connection: asyncpg.Connection) -> bool:
    """Whether a pooler such as PgBouncer is what we talk to: each transaction may have another session.

    A pooler hands out process ids of its own at the log-in; a server's own is what the session says.
    """
    return bool(await connection.fetchval("SELECT pg_backend_pid()") != connection.get_server_pid())


def silent(error: BaseException) -> StoreError:
    """What is said of a database that does not answer: the kind of error and its code, never its address.

    The codes are ``errno``'s, SQLite's and PostgreSQL's own: none quotes anything.
    """
    code = reason(error)
    if getattr(error, "sqlstate", None) == READ_ONLY:
        return StoreError(
            f"the database is read-only ({code}): it is a standby, or was demoted. "
            "DATABASE_URL has to lead to the primary"
        )
    return StoreError(
        f"the database does not answer: {type(error).__name__}" + (f" ({code})" if code else "")
    )


def reason(error: BaseException) -> str:
    """The code of an error of the system's, of SQLite or of PostgreSQL; empty where it has none."""
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    if code in POOLER_CODES:
        return f"{code}: a pooler mixes up prepared statements. Add pgbouncer=true to DATABASE_URL"
    if code is not None:
        return str(code)
    number = getattr(error, "errno", None)
    if not isinstance(number, int) or number not in errno.errorcode:
        return ""
    return f"{errno.errorcode[number]}: {os.strerror(number)}"

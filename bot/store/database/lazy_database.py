"""When a database is opened: not before somebody uses it, and anew where it was replaced."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bot.store.database.address import Address, SQLiteAddress, silent
from bot.store.database.connection import Connected
from bot.store.database.dialect import Dialect
from bot.store.database.engine import Database
from bot.store.database.revisions import NEWEST, check_revision
from bot.store.database.schema import migrate

PATIENCE_SECONDS = 5.0

_Value = TypeVar("_Value")


class LazyDatabase(Dialect):
    """A database that is opened with its first transaction.

    A lock, or a connection, is waited for ``patience_seconds``.
    """

    def __init__(self, address: Address, patience_seconds: float = PATIENCE_SECONDS) -> None:
        super().__init__(is_sqlite=isinstance(address, SQLiteAddress))
        self._address = address
        self._patience_seconds = patience_seconds
        self._database: Database | None = None
        """Kept when it is closed, with the statements that it compiled."""
        self._is_open = False
        self._file: _File | None = None
        self._opening = asyncio.Lock()

    async def note(self) -> str:
        """What an operator may want to know of how the database is reached; mostly nothing.

        Raises:
            StoreError: the database does not answer.
        """
        return await self._address.note()

    async def check_schema(self) -> None:
        """Return when the tables are those of this version, or opening brings them up to it.

        Quick, and little is loaded for it.

        Raises:
            SchemaError: they are not; ``detail`` says what to do.
            StoreError: the database does not answer.
        """
        check_revision(await self._address.revision(), may_be_older=self._address.migrates_itself)

    async def prepare(self) -> None:
        """Open the database now; else the first query does.

        Raises:
            SchemaError: the tables are not those of this version.
            StoreError: the database does not answer.
        """
        await self._opened()

    async def migrate(self) -> str:
        """Bring the tables up to this version; says in a sentence what was done.

        Raises:
            SchemaError: they are newer.
            StoreError: the database does not answer.
        """
        return await migrate(self._address, self._patience_seconds)

    async def close(self) -> None:
        """Close every connection. A later query would open it anew."""
        async with self._opening:
            await self._close()

    async def run(
        self,
        work: Callable[[Connected], Coroutine[Any, Any, _Value]],
        *,
        writes: bool,
        is_urgent: bool = False,
    ) -> _Value:
        """Do this in one transaction, as `Database.run` says, once the database is open.

        Raises:
            SchemaError: the tables are not those of this version.
            StoreError: the database does not answer; nothing was changed.
        """
        database = await self._opened()
        return await database.run(work, writes=writes, is_urgent=is_urgent)

    async def _opened(self) -> Database:
        """The open database; whoever comes while it is being opened waits for that."""
        if self._database is not None and self._is_open and not self._is_another():
            return self._database
        async with self._opening:
            if self._is_open and self._is_another():
                await self._close()
            if self._database is None or not self._is_open:
                self._database = await self._open()
                self._is_open = True
            return self._database

    async def _open(self) -> Database:
        """Open it, and look at its tables. On SQLite they are brought up to this version."""
        address = self._address
        found = await address.revision()
        check_revision(found, may_be_older=address.migrates_itself)
        if found != NEWEST:
            await migrate(address, self._patience_seconds)
        if isinstance(address, SQLiteAddress):
            address.may_create = False
        try:
            self._file = _file(address)
            return self._database or Database(address, self._patience_seconds)
        except OSError as error:
            raise silent(error) from error

    def _is_another(self) -> bool:
        """Whether another file stands in the place of the one that was opened.

        Where there is none any more that is an error: SQLite itself would go on writing into the void.
        """
        try:
            return _file(self._address) != self._file
        except OSError as error:
            raise silent(error) from error

    async def _close(self) -> None:
        if self._database is not None:
            await self._database.close()
        self._is_open = False


_File = tuple[int, int]


def _file(address: Address) -> _File | None:
    """Which file that is; None for a database that is none."""
    if not isinstance(address, SQLiteAddress):
        return None
    found = os.stat(address.path)  # noqa: PTH116  (before each transaction: a `Path` takes twice as long)
    return found.st_dev, found.st_ino

"""When a database is opened: not before somebody uses it, and anew where it was replaced."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

from bot.store.database.address import Address
from bot.store.database.revisions import check_revision

if TYPE_CHECKING:  # SQLAlchemy takes half a second and 19 MB; it is loaded with the first query
    from bot.store.queries import Queries

PATIENCE_SECONDS = 5.0


class OpenedWhenUsed:
    """A database that is opened with its first query.

    A lock, or a connection, is waited for ``patience_seconds``.
    """

    def __init__(self, address: Address, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._address = address
        self._patience_seconds = patience_seconds
        self._queries: Queries | None = None
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
        await self.opened()

    async def migrate(self) -> str:
        """Bring the tables up to this version; says in a sentence what was done.

        Raises:
            SchemaError: they are newer.
            StoreError: the database does not answer.
        """
        module = await asyncio.to_thread(import_module, "bot.store.queries")
        done: str = await module.migrate(self._address, self._patience_seconds)
        return done

    async def close(self) -> None:
        """Close every connection. A later query would open it anew."""
        async with self._opening:
            if self._queries is not None:
                await self._queries.close()
            self._queries = None

    async def opened(self) -> Queries:
        """The open database; whoever comes while it is being opened waits for that.

        Raises:
            SchemaError: the tables are not those of this version.
            StoreError: the database does not answer.
        """
        if self._queries is not None and not self._queries.is_another():
            return self._queries
        async with self._opening:
            if self._queries is not None and self._queries.is_another():
                await self._queries.close()
                self._queries = None
            if self._queries is None:
                module = await asyncio.to_thread(import_module, "bot.store.queries")
                self._queries = await module.open_queries(self._address, self._patience_seconds)
            return self._queries

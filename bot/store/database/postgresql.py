"""PostgreSQL, by a pool of connections.

It may be reached through a pooler that gives each transaction another session, such as PgBouncer in
transaction mode: nothing here needs a session. Each new connection finds that out; from then on no statement
has a name, since another session would not know it, and each transaction sets its own limits.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar, cast

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store.database.address import PostgreSQLAddress, is_behind_pooler, silent
from bot.store.database.connection import Connected
from bot.store.database.servers import CONNECT_ERRORS, READ_ONLY

_Value = TypeVar("_Value")

CONNECTIONS: Final = 5
_LIMITS: Final = """
SELECT set_config('statement_timeout', $1, {own}),
       set_config('idle_in_transaction_session_timeout', $1, {own})
"""
_SESSION_LIMITS: Final = _LIMITS.format(own="false")
_TRANSACTION_LIMITS: Final = text(_LIMITS.format(own="true").replace("$1", ":limit"))


def _drop_if_read_only(context: ExceptionContext) -> None:
    """Take connections to a server that was demoted for dead: it still answers, and takes no write again."""
    if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
        context.is_disconnect = True


class _BehindPoolerError(Exception):
    """A connection turned out to lead to a pooler, and the engine is not made for that."""


class PostgreSQL:
    """A pool of connections; a log-in, or one that is free, is waited for ``patience_seconds``.

    The server ends a statement that takes longer than ``limit_seconds``, and a transaction that says nothing
    for so long: a process that was stopped holds nobody else up. Without a limit both take what they take.
    """

    def __init__(
        self, address: PostgreSQLAddress, patience_seconds: float, limit_seconds: float | None
    ) -> None:
        self._address = address
        self._patience_seconds = patience_seconds
        self._limit_seconds = limit_seconds
        self._limit = f"{round((limit_seconds or 0) * 1000)}ms"
        self._engine: AsyncEngine | None = None
        self._is_pooled = address.is_pooled

    async def run(
        self,
        work: Callable[[Connected], Coroutine[Any, Any, _Value]],
        *,
        writes: bool,
        is_urgent: bool = False,
    ) -> _Value:
        """Do this in one transaction; ``writes`` and ``is_urgent`` make no difference here."""
        del writes, is_urgent
        engine = self._opened()
        try:
            return await self._run(engine, work)
        except _BehindPoolerError:
            if engine is self._engine:  # the first of those who found it out at once
                self._is_pooled, self._engine = True, None
                await engine.dispose()
            return await self._run(self._opened(), work)
        except asyncpg.InternalClientError as error:
            # What the driver says where the server ended the connection between two statements.
            raise ConnectionError(type(error).__name__) from error

    async def renew(self) -> None:
        """Nothing: a connection that is dead or read-only is noticed, and replaced, by the pool."""

    async def close(self) -> None:
        """Close every connection."""
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.dispose()

    def _opened(self) -> AsyncEngine:
        if self._engine is None:
            self._engine = self._new_engine()
        return self._engine

    async def _run(
        self, engine: AsyncEngine, work: Callable[[Connected], Coroutine[Any, Any, _Value]]
    ) -> _Value:
        async with engine.begin() as connection:
            if self._is_pooled:
                await connection.execute(_TRANSACTION_LIMITS, {"limit": self._limit})
            return await work(cast("Connected", connection))

    def _new_engine(self) -> AsyncEngine:
        def connected() -> Any:  # SQLAlchemy's own way to adapt what a creator of our own makes
            # Without a name a statement belongs to whoever uses the session now, and is gone afterwards.
            unnamed = {"prepared_statement_cache_size": 0, "prepared_statement_name_func": str}
            return engine.dialect.dbapi.connect(  # type: ignore[union-attr]  # every engine has one
                async_creator_fn=self._connect, **(unnamed if self._is_pooled else {})
            )

        engine = create_async_engine(
            "postgresql+asyncpg://",
            creator=connected,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=self._patience_seconds,
            pool_use_lifo=True,
            hide_parameters=True,
        )
        event.listen(engine.sync_engine, "handle_error", _drop_if_read_only)
        return engine

    async def _connect(self) -> asyncpg.Connection:
        try:
            connection = await self._address.servers.connect(
                self._address.connect_seconds or self._patience_seconds, self._limit_seconds
            )
            try:
                await self._set_up(connection)
            except BaseException:
                connection.terminate()
                raise
        except CONNECT_ERRORS as error:
            raise silent(error) from None  # the cause may quote the address with its password
        return connection

    async def _set_up(self, connection: asyncpg.Connection) -> None:
        if self._is_pooled:
            return
        if await is_behind_pooler(connection):
            raise _BehindPoolerError
        # Not among the log-in's own settings, which some poolers refuse.
        await connection.execute(_SESSION_LIMITS, self._limit)

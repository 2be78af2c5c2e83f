"""PostgreSQL, by a pool of connections.

It may be reached through PgBouncer in transaction mode, from version 1.21 on (with its
``max_prepared_statements`` above 0): nothing here needs a session.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar, cast

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store.address import PostgreSQLAddress
from bot.store.connected import Connected

_Value = TypeVar("_Value")

CONNECTIONS: Final = 5
STATEMENT_SECONDS: Final = 30
"""No statement of ours takes longer, and nobody holds a lock that long while saying nothing."""
_LIMITS: Final = "SELECT set_config(name, $1, false) FROM unnest($2::text[]) AS name"
_LIMITED: Final = ("statement_timeout", "idle_in_transaction_session_timeout")


class PostgreSQL:
    """A pool of connections; a log-in, or one that is free, is waited for ``patience_seconds``.

    The server ends a statement that takes longer than ``limit_seconds``, and a transaction that says nothing
    for so long: a process that was stopped holds nobody else up.
    """

    def __init__(
        self, address: PostgreSQLAddress, patience_seconds: float, limit_seconds: float = STATEMENT_SECONDS
    ) -> None:
        self._engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=lambda: _connect(address.dsn, patience_seconds, limit_seconds),
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=patience_seconds,
            pool_use_lifo=True,
            hide_parameters=True,
        )

    async def run(self, work: Callable[[Connected], Coroutine[Any, Any, _Value]], *, writes: bool) -> _Value:
        """Do this in one transaction; ``writes`` makes no difference here."""
        del writes
        try:
            async with self._engine.begin() as connection:
                return await work(cast("Connected", connection))
        except asyncpg.InternalClientError as error:
            # What the driver says where the server ended the connection between two statements.
            raise ConnectionError(type(error).__name__) from error

    async def renew(self) -> None:
        """Nothing: a dead connection is noticed, and replaced, by the pool."""

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


async def _connect(dsn: str, patience_seconds: float, limit_seconds: float) -> asyncpg.Connection:
    try:
        connection = await asyncpg.connect(dsn, timeout=patience_seconds, command_timeout=limit_seconds)
        try:
            # Not among the log-in's own settings: PgBouncer refuses those.
            await connection.execute(_LIMITS, f"{round(limit_seconds * 1000)}ms", _LIMITED)
        except BaseException:
            connection.terminate()
            raise
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, ValueError) as error:
        # The cause may quote the address with its password.
        raise ConnectionError(type(error).__name__) from None
    return connection

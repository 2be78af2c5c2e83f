"""One way to SQLite and PostgreSQL: transactions, tried again where that is safe, and what differs.

PostgreSQL may be reached through PgBouncer in transaction mode, from version 1.21 on (with its
``max_prepared_statements`` above 0): nothing here needs a session.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from sqlalchemy import Table, Text, bindparam, cast, column, event, func, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause
from sqlalchemy.types import TypeEngine

from bot.domain.errors import StoreError
from bot.store.address import Address, PostgreSQLAddress, SQLiteAddress, silent

_Value = TypeVar("_Value")

ATTEMPTS: Final = 3
"""How often a transaction is tried whose connection was dead, or that met another one crosswise."""
CONNECTIONS: Final = 5
STATEMENT_SECONDS: Final = 30
"""No statement of ours takes longer, and nobody holds a lock that long while saying nothing."""
_CROSSWISE: Final = frozenset({"40001", "40P01"})
"""PostgreSQL's codes for transactions that waited for each other: one of them begins anew."""

_LIMITS: Final = "SELECT set_config(name, $1, false) FROM unnest($2::text[]) AS name"
_LIMITED: Final = ("statement_timeout", "idle_in_transaction_session_timeout")


class Database:
    """A pool of connections, and the dialects' differences. ``patience_seconds`` is for locks and log-ins."""

    def __init__(self, address: Address, patience_seconds: float) -> None:
        self.is_sqlite = isinstance(address, SQLiteAddress)
        if isinstance(address, SQLiteAddress):
            self._engine = _sqlite_engine(address, patience_seconds)
        else:
            self._engine = _postgresql_engine(address, patience_seconds)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    async def run(
        self, work: Callable[[AsyncConnection], Awaitable[_Value]], *, writes: bool = True
    ) -> _Value:
        """Do this in one transaction, anew where the connection was dead or two met crosswise.

        Raises:
            StoreError: the database does not answer; nothing was changed.
        """
        attempt = 1
        while True:
            try:
                async with self._transaction(writes=writes) as connection:
                    return await work(connection)
            except DBAPIError as error:
                if self.is_sqlite:
                    await self._engine.dispose()  # a file that was away is opened anew
                if attempt == ATTEMPTS or not _may_be_tried_again(error):
                    raise _failed(error) from error
            except SQLAlchemyError as error:
                raise _failed(error) from error
            except OSError as error:
                raise silent(error) from None
            attempt += 1

    @asynccontextmanager
    async def _transaction(self, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        async with self._engine.connect() as connection:
            await connection.execution_options(writes=writes)
            async with connection.begin():
                yield connection

    def insert(self, table: Table) -> Any:
        """``INSERT`` with ``ON CONFLICT``, which each dialect has as its own."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def lesser(self, one: Any, other: Any) -> ColumnElement[Any]:
        """The lesser of two values, neither NULL."""
        return func.min(one, other) if self.is_sqlite else func.least(one, other)

    def greater(self, one: Any, other: Any) -> ColumnElement[Any]:
        """The greater of two values, neither NULL."""
        return func.max(one, other) if self.is_sqlite else func.greatest(one, other)

    def new_id(self) -> ColumnElement[str]:
        """A new opaque id in each row: 32 random hexadecimal digits."""
        if self.is_sqlite:
            return func.lower(func.hex(func.randomblob(16)))
        return func.replace(cast(func.gen_random_uuid(), Text), "-", "")

    def rows(self, **types: type[TypeEngine[Any]]) -> FromClause:
        """Many rows in one parameter, ``rows``, see `packed`: one statement, whatever their number."""
        parameter: ColumnElement[str] = bindparam("rows", type_=Text)
        if self.is_sqlite:
            each = func.json_each(parameter).table_valued("value", name="each")
            fields = (
                type_coerce(func.json_extract(each.c.value, f"$.{name}"), kind).label(name)
                for name, kind in types.items()
            )
            return select(*fields).select_from(each).subquery("given")
        columns = (column(name, kind) for name, kind in types.items())
        records = func.json_to_recordset(cast(parameter, postgresql.JSON(none_as_null=True)))
        return records.table_valued(*columns, name="given").render_derived(with_types=True)


def packed(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The parameter of a statement over `Database.rows`."""
    return {"rows": json.dumps(list(rows))}


def _sqlite_engine(address: SQLiteAddress, patience_seconds: float) -> AsyncEngine:
    """One connection, so that there is one writer. WAL mode lets other processes read meanwhile."""
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=address.path),
        # Autocommit, as far as the driver is concerned: `_begin` says when.
        connect_args={"isolation_level": None, "timeout": patience_seconds},
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=patience_seconds,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "connect", _set_up)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    # In WAL mode NORMAL may lose the last commits with the power: a message that was sent would go out again.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Whoever is going to write waits for their turn at the beginning: in the middle it would be refused."""
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql_engine(address: PostgreSQLAddress, patience_seconds: float) -> AsyncEngine:
    import asyncpg  # noqa: PLC0415  (a bot on SQLite has no use for it)

    async def connect() -> Any:
        try:
            connection = await asyncpg.connect(
                address.dsn, timeout=patience_seconds, command_timeout=STATEMENT_SECONDS
            )
            try:
                # Not among the log-in's own settings: PgBouncer refuses those.
                await connection.execute(_LIMITS, f"{STATEMENT_SECONDS}s", _LIMITED)
            except BaseException:
                connection.terminate()
                raise
        except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
            # The cause may quote the address with its password.
            raise ConnectionError(type(error).__name__) from None
        return connection

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=patience_seconds,
        pool_use_lifo=True,
        hide_parameters=True,
    )


def _may_be_tried_again(error: DBAPIError) -> bool:
    """Whether it surely was not committed and may work now."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _CROSSWISE


def _failed(error: SQLAlchemyError) -> StoreError:
    kind = getattr(error, "orig", None) or error
    code = getattr(kind, "sqlstate", None) or getattr(kind, "sqlite_errorname", None)
    return StoreError(silent(kind).detail + (f" ({code})" if code else ""))

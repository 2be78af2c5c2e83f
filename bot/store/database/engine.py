"""One way to SQLite and PostgreSQL: transactions, tried again where that is safe, and what differs."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any, Final, TypeVar

from sqlalchemy import JSON, Table, Text, bindparam, cast, column, func, select, type_coerce
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause
from sqlalchemy.types import TypeEngine

from bot.domain.errors import StoreError
from bot.store.database.address import Address, SQLiteAddress, silent
from bot.store.database.connection import Connected, Transactions

_Value = TypeVar("_Value")

ATTEMPTS: Final = 3
"""How often a transaction is tried whose connection was dead, or that met another one crosswise."""
_CROSSWISE: Final = frozenset({"40001", "40P01"})
"""PostgreSQL's codes for transactions that waited for each other: one of them begins anew."""
STATEMENT_SECONDS: Final = 30
"""No statement of ours takes longer, and nobody holds a lock that long while saying nothing."""


class Database:
    """An open database. ``patience_seconds`` is for locks and log-ins.

    On PostgreSQL no statement takes longer than ``limit_seconds``; None: as long as it takes.
    """

    def __init__(
        self, address: Address, patience_seconds: float, limit_seconds: float | None = STATEMENT_SECONDS
    ) -> None:
        self.is_sqlite = isinstance(address, SQLiteAddress)
        if isinstance(address, SQLiteAddress):
            # Each loads what the other has no use for: PostgreSQL's dialect alone takes 3 MB.
            from sqlalchemy.dialects import sqlite  # noqa: PLC0415

            from bot.store.database.sqlite import SQLite  # noqa: PLC0415

            self._insert: Callable[[Table], Any] = sqlite.insert
            self._engine: Transactions = SQLite(address, patience_seconds)
        else:
            from sqlalchemy.dialects import postgresql  # noqa: PLC0415

            from bot.store.database.postgresql import PostgreSQL  # noqa: PLC0415

            self._insert = postgresql.insert
            self._engine = PostgreSQL(address, patience_seconds, limit_seconds)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.close()

    async def run(
        self,
        work: Callable[[Connected], Coroutine[Any, Any, _Value]],
        *,
        writes: bool = True,
        is_urgent: bool = False,
    ) -> _Value:
        """Do this in one transaction, anew where the connection was dead or two met crosswise.

        Raises:
            StoreError: the database does not answer; nothing was changed.
        """
        attempt = 1
        while True:
            try:
                return await self._engine.run(work, writes=writes, is_urgent=is_urgent)
            except DBAPIError as error:
                await self._engine.renew()
                if attempt == ATTEMPTS or not _may_be_tried_again(error):
                    raise _failed(error) from error
            except SQLAlchemyError as error:
                raise _failed(error) from error
            except OSError as error:
                raise silent(error) from None
            attempt += 1

    def insert(self, table: Table) -> Any:
        """``INSERT`` with ``ON CONFLICT``, which each dialect has as its own."""
        return self._insert(table)

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
        records = func.json_to_recordset(cast(parameter, JSON(none_as_null=True)))
        return records.table_valued(*columns, name="given").render_derived(with_types=True)


def packed(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The parameter of a statement over `Database.rows`."""
    return {"rows": json.dumps(list(rows))}


def _may_be_tried_again(error: DBAPIError) -> bool:
    """Whether it surely was not committed and may work now."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _CROSSWISE


def _failed(error: SQLAlchemyError) -> StoreError:
    return silent(getattr(error, "orig", None) or error)

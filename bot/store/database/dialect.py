"""What SQLite and PostgreSQL say differently."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import JSON, Table, Text, bindparam, cast, column, func, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause
from sqlalchemy.types import TypeEngine

ORG: Final = bindparam("org_id", type_=Text)
"""The organisation, in statements that are put together once."""


class Dialect:
    """The parts of statements that each database has as its own."""

    def __init__(self, *, is_sqlite: bool) -> None:
        self.is_sqlite = is_sqlite
        self._insert: Callable[[Table], Any] = sqlite.insert if is_sqlite else postgresql.insert

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
        return _rows(tuple(types.items()), is_sqlite=self.is_sqlite)


@functools.cache
def _rows(types: tuple[tuple[str, type[TypeEngine[Any]]], ...], *, is_sqlite: bool) -> FromClause:
    """The same for the same types: to put it together takes longer than many a statement."""
    parameter: ColumnElement[str] = bindparam("rows", type_=Text)
    if is_sqlite:
        each = func.json_each(parameter).table_valued("value", name="each")
        fields = (
            type_coerce(func.json_extract(each.c.value, f"$.{name}"), kind).label(name)
            for name, kind in types
        )
        return select(*fields).select_from(each).subquery("given")
    columns = (column(name, kind) for name, kind in types)
    records = func.json_to_recordset(cast(parameter, JSON(none_as_null=True)))
    return records.table_valued(*columns, name="given").render_derived(with_types=True)


def packed(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The parameter of a statement over `Dialect.rows`."""
    return {"rows": json.dumps(list(rows))}

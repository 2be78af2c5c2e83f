"""Organizations that workspaces and channels are connected to, and all secrets as they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Row, Table, and_, delete, literal, select, update

from bot.domain.ports import Connection, SecretKind, StoredSecret
from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.rows import moment, storable
from bot.store.tables import connections, installations
from bot.store.tenants.moving import end_what_moved
from bot.store.tenants.revisions import count_up

_COLUMNS: Final[dict[SecretKind, tuple[Table, Column[Any], Column[Any]]]] = {
    SecretKind.BOT_TOKEN: (installations, installations.c.bot_token, installations.c.team_id),
    SecretKind.REFRESH_TOKEN: (installations, installations.c.refresh_token, installations.c.team_id),
    SecretKind.API_KEY: (connections, connections.c.api_key, connections.c.org_id),
}
"""Where each kind is, and the column that says whose it is."""


class ConnectionQueries(StoreQueries):
    """See `bot.domain.ports.ConnectionStore`."""

    @reads
    async def connections(self, connection: Connected) -> Sequence[Connection]:
        """See the port."""
        order = connections.c.team_id, connections.c.channel_id
        rows = await connection.execute(select(connections).order_by(*order))
        return [_read(row) for row in rows]

    @writes
    async def connect(self, connection: Connected, made: Connection) -> bool:
        """See the port."""
        await count_up(self.database, connection)
        where = {"team_id": storable(made.team_id), "channel_id": storable(made.channel_id)}
        given = {
            "enterprise_id": storable(made.enterprise_id),
            "org_id": storable(made.org_id),
            "api_key": made.api_key,
            "set_by": storable(made.set_by),
            "set_at": made.set_at.timestamp(),
        }
        before = await connection.scalar(select(connections.c.org_id).where(_is(**where)))
        fresh = self.database.insert(connections).values(**where, **given)
        keys = [connections.c.team_id, connections.c.channel_id]
        await connection.execute(fresh.on_conflict_do_update(index_elements=keys, set_=given))
        if before != given["org_id"]:
            orgs = before or "", storable(made.org_id)
            await end_what_moved(self.database, connection, made.team_id, made.channel_id, orgs, made.set_at)
        return before is None

    @writes
    async def disconnect(self, connection: Connected, team_id: str, channel_id: str, now: datetime) -> bool:
        """See the port."""
        await count_up(self.database, connection)
        gone = delete(connections).where(_is(team_id, channel_id)).returning(connections.c.org_id)
        before = await connection.scalar(gone)
        if before is not None:
            await end_what_moved(self.database, connection, team_id, channel_id, (before, ""), now)
        return before is not None


class SecretQueries(StoreQueries):
    """See `bot.domain.ports.SecretStore`."""

    @reads
    async def secrets(self, connection: Connected) -> Sequence[StoredSecret]:
        """See the port."""
        found: list[StoredSecret] = []
        for kind, (table, column, owner) in _COLUMNS.items():
            team_id, *channel_id = _place(table)
            columns = team_id, *(channel_id or [literal("")]), owner, column
            stored = select(*(each.label(f"c{i}") for i, each in enumerate(columns)))
            rows = await connection.execute(stored.where(column.is_not(None)).order_by("c0", "c1"))
            found += (StoredSecret(kind, row.c2, (row.c0, row.c1), row.c3) for row in rows)
        return found

    @writes
    async def replace_secret(self, connection: Connected, secret: StoredSecret, sealed: str | None) -> bool:
        """See the port."""
        await count_up(self.database, connection)
        table, column, _ = _COLUMNS[secret.kind]
        is_it = [each == value for each, value in zip(_place(table), secret.place, strict=False)]
        values: dict[Any, Any] = {column: sealed}
        if sealed is None and secret.kind is SecretKind.REFRESH_TOKEN:
            values[installations.c.refresh_at] = None
        anew = update(table).where(*is_it, column == secret.sealed).values(values)
        return bool((await connection.execute(anew)).rowcount)


def _place(table: Table) -> Sequence[ColumnElement[str]]:
    """What names a row."""
    return list(table.primary_key)


def _is(team_id: str, channel_id: str) -> ColumnElement[bool]:
    return and_(connections.c.team_id == team_id, connections.c.channel_id == channel_id)


def _read(row: Row[Any]) -> Connection:
    return Connection(
        team_id=row.team_id,
        channel_id=row.channel_id,
        enterprise_id=row.enterprise_id,
        org_id=row.org_id,
        api_key=row.api_key,
        set_by=row.set_by,
        set_at=moment(row.set_at),
    )

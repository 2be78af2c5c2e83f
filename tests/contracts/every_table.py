"""A row in every table, also in one that is added later; and all that any table has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Boolean, Column, Row, Table, Text, delete, insert, select, update

from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.tables import installations, metadata
from tests.contracts.facts import ADA, CHANNEL, JOB, ORG, TEAM

SECRET = "what-nobody-reads-out"
"""What stands in the columns that are secret."""
NOT_ABOUT_PEOPLE = frozenset(
    """
    action already app_id bot_id bot_user_id card_ts caused_by condition document enterprise_id ended
    ended_detail ends_because feed_post_mark finding fingerprint id kind mention method mode name once_key
    payload period problem query reason result right_name scopes settling shown state status subject thread_ts
    time_zone told_status ts
    """.split()  # noqa: SIM905  (a line each would be a page)
)
"""Columns of text that name nobody; in every other one stands a person, whatever its name.

What the bot itself writes into ``payload``, ``state`` and the like is another test's business.
"""
_KNOWN = {"team_id": TEAM, "channel_id": CHANNEL, "org_id": ORG, "request_id": JOB}


class EveryTable(StoreQueries):
    """What a test asks of all tables at once."""

    @writes
    async def fill(self, connection: Connected) -> None:
        """Put one row into each."""
        rows: dict[str, dict[str, Any]] = {}
        for table in metadata.sorted_tables:
            rows[table.name] = values = {
                each.name: _value(table, each, rows)
                for each in table.c
                if not (each.autoincrement is True and each.primary_key)
            }
            await connection.execute(insert(table).values(values))

    @writes
    async def leave_named(self, connection: Connected, name: str) -> None:
        """Take the workspace's name out of every other table's row, and its installation away."""
        for table in metadata.sorted_tables:
            if "team_id" in table.c and table.name != name:
                await connection.execute(update(table).where(table.c.team_id == TEAM).values(team_id=""))
        await connection.execute(delete(installations))

    @reads
    async def everything(self, connection: Connected) -> Mapping[str, Sequence[Row[Any]]]:
        """All rows of those that have any."""
        return {
            table.name: rows
            for table in metadata.sorted_tables
            if (rows := (await connection.execute(select(table))).all())
        }


def _value(table: Table, column: Column[Any], rows: Mapping[str, Mapping[str, Any]]) -> Any:
    for key in column.foreign_keys:
        return rows[key.column.table.name][key.column.name]
    if column.info.get("is_secret"):
        return f"{SECRET}-{table.name}"
    if isinstance(column.type, Text):
        if column.name in NOT_ABOUT_PEOPLE:
            return None if column.nullable else "x"
        return _KNOWN.get(column.name, ADA)
    return False if isinstance(column.type, Boolean) else 1

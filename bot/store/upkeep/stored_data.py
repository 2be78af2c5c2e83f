"""All that is stored about a workspace or a person, also in a table that is added later."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, Text, false, or_, select, union

from bot.domain.ports import Stored
from bot.domain.redaction import redact
from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, reads
from bot.store.tables import metadata, subscribers, subscriptions


class StoredDataQueries(StoreQueries):
    """See `bot.domain.ports.StoredData`."""

    @reads
    async def of_team(self, connection: Connected, team_id: str) -> Stored:
        """See the port."""
        named = [
            select(table.c.org_id).where(table.c.team_id == team_id)
            for table in metadata.sorted_tables
            if "team_id" in table.c and "org_id" in table.c
        ]
        orgs = set(await connection.scalars(union(*named)))
        mine = select(subscriptions.c.id).where(subscriptions.c.team_id == team_id)

        def which(table: Table) -> ColumnElement[bool]:
            if "team_id" in table.c:
                return table.c.team_id == team_id
            if "subscription_id" in table.c:
                return table.c.subscription_id.in_(mine)
            return table.c.org_id.in_(orgs) if "org_id" in table.c else false()

        return {
            str(table.name): [_shown(table, row) for row in rows]
            for table in metadata.sorted_tables
            if (rows := (await connection.execute(select(table).where(which(table)))).all())
        }

    @reads
    async def of_person(self, connection: Connected, user_id: str) -> Stored:
        """See the port."""
        named = re.compile(rf"(?<![A-Za-z0-9]){re.escape(user_id)}(?![A-Za-z0-9])")
        subscribed = select(subscribers.c.subscription_id).where(subscribers.c.user_id == user_id)
        mine = set(await connection.scalars(subscribed))
        found = {}
        for table in metadata.sorted_tables:
            texts = [each for each in table.c if isinstance(each.type, Text)]
            is_near = [each.contains(user_id, autoescape=True) for each in texts]
            if table is subscriptions:
                is_near.append(subscriptions.c.id.in_(mine))
            rows = [
                row
                for row in await connection.execute(select(table).where(or_(false(), *is_near)))
                if any(named.search(str(row._mapping[each]) or "") for each in texts)  # noqa: SLF001  (its public name)
                or (table is subscriptions and row.id in mine)
            ]
            if rows:
                found[str(table.name)] = [_shown(table, row) for row in rows]
        return found


def _shown(table: Table, row: Row[Any]) -> Mapping[str, Any]:
    """A row without its secrets, whether a column is one or other people's words hold one."""
    values = {str(each.name): row._mapping[each] for each in table.c if not each.info.get("is_secret")}  # noqa: SLF001  (its public name)
    return {name: redact(value) if isinstance(value, str) else value for name, value in values.items()}

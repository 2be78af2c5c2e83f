"""A workspace or a person is forgotten: nothing in any table names them afterwards."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

from sqlalchemy import and_, delete, exists, select, true, union, update

from bot.store.database.connection import Connected
from bot.store.database.transaction import writes
from bot.store.subscriptions.departures import drop_told
from bot.store.tables import (
    connections,
    deliveries,
    digests,
    feeds,
    greeted,
    home_tabs,
    installations,
    lanes,
    metadata,
    pauses,
    people_with_right,
    permitted_people,
    place_settings,
    slack_waits,
    subscribers,
    subscriptions,
    workspace_incidents,
)
from bot.store.tenants.revisions import count_up
from bot.store.upkeep.adopting import AdoptingQueries
from bot.store.upkeep.audit import DIRECT, forget_place, number_person

_NAMES_BOTH: Final = (subscriptions, feeds, digests, connections)
"""Tables whose rows say which organization a workspace asks about."""
_ALSO_TOLD: Final = (
    deliveries, greeted, pauses, home_tabs, slack_waits, installations, connections, place_settings,
    permitted_people, people_with_right, workspace_incidents,
)  # fmt: skip
_SET_BY: Final = (connections, place_settings)
_INSTALLER: Final = installations.c.installer_user_id


class ForgettingQueries(AdoptingQueries):
    """See ``forget_team`` and ``forget_person`` of `bot.domain.ports.Upkeep`."""

    @writes
    async def forget_team(self, connection: Connected, team_id: str) -> int:
        """See the port. A job, or an organization, of which nobody else knows goes with all that it has."""
        orgs = await _orgs(connection, team_id)
        await drop_told(self.database, connection, team_id)
        await count_up(self.database, connection)
        for told in _ALSO_TOLD:
            await connection.execute(delete(told).where(told.c.team_id == team_id))
        rows = await self._threads.held(connection, subscriptions.c.team_id == team_id)
        gone = await connection.execute(delete(subscriptions).where(subscriptions.c.team_id == team_id))
        await connection.execute(delete(lanes).where(lanes.c.team_id == team_id))
        keys = {(row.org_id, row.request_id) for row in rows}
        await self._threads.drop_unwatched(connection, keys)
        await self._threads.drop_unknown(connection, keys)
        for org_id in sorted(orgs - await _orgs(connection)):
            for table in reversed(metadata.sorted_tables):
                if "org_id" in table.c:
                    await connection.execute(delete(table).where(table.c.org_id == org_id))
        await forget_place(connection, team_id)
        return gone.rowcount

    @writes
    async def forget_person(self, connection: Connected, user_id: str) -> int:
        """See the port."""
        mine = exists().where(
            subscribers.c.subscription_id == subscriptions.c.id, subscribers.c.user_id == user_id
        )
        direct = subscriptions.c.channel_id.startswith(DIRECT, autoescape=True)
        rows = await self._threads.held(connection, and_(mine, direct))
        for row in rows:
            await connection.execute(delete(subscriptions).where(subscriptions.c.id == row.id))
            lane = lanes.c.team_id == row.team_id, lanes.c.channel_id == row.channel_id
            await connection.execute(delete(lanes).where(*lane))
        keys = {(row.org_id, row.request_id) for row in rows}
        await self._threads.drop_unwatched(connection, keys)
        await self._threads.drop_unknown(connection, keys)
        await count_up(self.database, connection)
        setters = [(each, each.c.set_by) for each in _SET_BY]
        for table, column in (*setters, (installations, _INSTALLER)):
            await connection.execute(update(table).where(column == user_id).values({column: ""}))
        for table in (permitted_people, people_with_right):
            await connection.execute(delete(table).where(table.c.user_id == user_id))
        await number_person(connection, user_id)
        return len(rows)


async def _orgs(connection: Connected, team_id: str | None = None) -> AbstractSet[str]:
    """The organizations that a workspace asks about, or any workspace."""
    named = [
        select(each.c.org_id).where(true() if team_id is None else each.c.team_id == team_id)
        for each in _NAMES_BOTH
    ]
    return set(await connection.scalars(union(*named)))

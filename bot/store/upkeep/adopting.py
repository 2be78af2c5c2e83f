"""What is stored under one workspace becomes another's, where an operator says so.

Earlier versions stored what was asked in a channel that another company had made under that company's id.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Table, and_, case, delete, exists, select, update

from bot.domain.subscriptions.subscription import Ending, Spot
from bot.store.database.connection import Connected
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import StoreQueries, writes
from bot.store.jobs.listed_jobs import begin_listing
from bot.store.subscriptions.subscribe import active_row
from bot.store.subscriptions.threads import Threads
from bot.store.tables import (
    audit_trail,
    conditions,
    connections,
    deliveries,
    digests,
    feeds,
    greeted,
    home_tabs,
    lanes,
    organisations,
    outbox,
    pauses,
    people_with_right,
    permitted_people,
    place_settings,
    subscribers,
    subscriptions,
    workspace_incidents,
)
from bot.store.tenants.revisions import count_up

_TOLD: Final = (feeds, digests)
_SET: Final = (connections, place_settings, permitted_people, people_with_right)
_ALL: Final = (
    *_TOLD,
    subscriptions,
    outbox,
    deliveries,
    greeted,
    pauses,
    home_tabs,
    lanes,
    *_SET,
    audit_trail,
    workspace_incidents,
)
"""Every table that names a workspace but its installation; a test looks whether there are others."""


class AdoptingQueries(StoreQueries):
    """See ``adopt`` of `bot.domain.ports.Upkeep`. Locks are taken as `threads` says."""

    def __init__(self, database: LazyDatabase) -> None:
        super().__init__(database)
        self._threads = Threads(database)

    @writes
    async def adopt(self, connection: Connected, old_team_id: str, team_id: str, now: datetime) -> int:
        """See the port."""
        told = [await self._adopt_told(connection, table, old_team_id, team_id) for table in _TOLD]
        followed = await self._adopt_subscriptions(connection, old_team_id, team_id, now)
        for table in (outbox, deliveries, audit_trail):
            moved = update(table).where(table.c.team_id == old_team_id)
            await connection.execute(moved.values(team_id=team_id))
        await _adopt_once(connection, greeted, greeted.c.place, old_team_id, team_id)
        for table in (pauses, home_tabs):
            await _adopt_once(connection, table, table.c.user_id, old_team_id, team_id)
        await count_up(self.database, connection)
        await _adopt_once(connection, connections, connections.c.channel_id, old_team_id, team_id)
        await _adopt_settings(connection, old_team_id, team_id)
        await self._adopt_lanes(connection, old_team_id, team_id, now)
        await self._adopt_counts(connection, old_team_id, team_id)
        return sum(told) + followed

    async def _adopt_counts(self, connection: Connected, old_team_id: str, team_id: str) -> None:
        """What was counted in both is added up."""
        table = workspace_incidents
        gone = delete(table).where(table.c.team_id == old_team_id).returning(table)
        for row in sorted((await connection.execute(gone)).all()):
            given = self.database.insert(table).values(row._asdict() | {"team_id": team_id})
            added = given.on_conflict_do_update(
                index_elements=list(table.primary_key), set_={"times": table.c.times + given.excluded.times}
            )
            await connection.execute(added)

    async def _adopt_told(self, connection: Connected, table: Table, old_team_id: str, team_id: str) -> int:
        """Feeds or digests; where ours is there too, the other one goes."""
        theirs = select(table).where(table.c.team_id == old_team_id).order_by(*table.primary_key)
        orgs = {row.org_id for row in await connection.execute(theirs)}
        for org_id in sorted(orgs):
            await begin_listing(self.database, connection, org_id)
            # Whoever has claimed the list has read the feeds as they were.
            again = update(organisations).where(organisations.c.org_id == org_id)
            await connection.execute(again.values(generation=organisations.c.generation + 1))
        rows = (await connection.execute(theirs)).all()
        for row in rows:
            mine = and_(table.c.channel_id == row.channel_id, table.c.org_id == row.org_id)
            this = and_(mine, table.c.team_id == old_team_id)
            is_there = select(exists().where(mine, table.c.team_id == team_id))
            if await connection.scalar(is_there):
                await connection.execute(delete(table).where(this))
            else:
                await connection.execute(update(table).where(this).values(team_id=team_id))
        return len(rows)

    async def _adopt_subscriptions(
        self, connection: Connected, old_team_id: str, team_id: str, now: datetime
    ) -> int:
        theirs = select(subscriptions).where(subscriptions.c.team_id == old_team_id)
        keys = {(row.org_id, row.request_id) for row in await connection.execute(theirs)}
        await self._threads.lock_jobs(connection, keys)
        rows = (await connection.execute(theirs.order_by(subscriptions.c.created_at))).all()
        for row in rows:
            if row.ended is None:
                ours = await active_row(connection, Spot(team_id, row.channel_id, row.org_id, row.request_id))
                if ours is not None:
                    await self._join(connection, row, ours, now)
            mine = update(subscriptions).where(subscriptions.c.id == row.id)
            await connection.execute(mine.values(team_id=team_id))
        return len(rows)

    async def _join(self, connection: Connected, row: Row[Any], ours: Row[Any], now: datetime) -> None:
        """There are two threads for one job in one channel: whoever is in this one comes into ours."""
        theirs = select(subscribers).where(subscribers.c.subscription_id == row.id)
        for each in (await connection.execute(theirs.order_by(subscribers.c.place))).all():
            joins = self.database.insert(subscribers).values(
                subscription_id=ours.id, user_id=each.user_id, place=each.place, only_waits=each.only_waits
            )
            both = joins.on_conflict_do_update(
                index_elements=[subscribers.c.subscription_id, subscribers.c.user_id],
                set_={
                    "only_waits": case(
                        (subscribers.c.only_waits, joins.excluded.only_waits), else_=subscribers.c.only_waits
                    )
                },
            )
            await connection.execute(both)
        waits = update(conditions).where(conditions.c.subscription_id == row.id)
        await connection.execute(waits.values(subscription_id=ours.id))
        await connection.execute(delete(subscribers).where(subscribers.c.subscription_id == row.id))
        if not row.is_fed:
            joined = update(subscriptions).where(subscriptions.c.id == ours.id, subscriptions.c.is_fed)
            await connection.execute(joined.values(is_fed=False, is_quiet=row.is_quiet, mode=row.mode))
        await self._threads.wish_edits(connection, [ours], now)
        await self._threads.end(connection, [row], Ending.UNSUBSCRIBED, now)

    async def _adopt_lanes(
        self, connection: Connected, old_team_id: str, team_id: str, now: datetime
    ) -> None:
        """What waits in a lane waits in ours; while somebody still sends in it, nobody else begins there."""
        gone = delete(lanes).where(lanes.c.team_id == old_team_id).returning(lanes)
        rows = (await connection.execute(gone)).all()
        await self._threads.make_due(connection, {(team_id, row.channel_id) for row in rows}, now)
        for row in rows:
            mine = lanes.c.team_id == team_id, lanes.c.channel_id == row.channel_id
            held = update(lanes).where(*mine, lanes.c.closed_until < row.closed_until)
            closed = {"closed_until": row.closed_until, "closed_seconds": row.closed_seconds}
            await connection.execute(held.values(closed))


async def _adopt_once(
    connection: Connected, table: Table, name: ColumnElement[str], old_team_id: str, team_id: str
) -> None:
    """Rows of which each workspace has one of a name; where ours is there too, the other one goes."""
    ours = select(name).where(table.c.team_id == team_id)
    theirs = table.c.team_id == old_team_id
    await connection.execute(delete(table).where(theirs, name.in_(ours)))
    await connection.execute(update(table).where(theirs).values(team_id=team_id))


async def _adopt_settings(connection: Connected, old_team_id: str, team_id: str) -> None:
    """Those of a place with the people they name; where ours are there too, the other ones go."""
    ours = select(place_settings.c.channel_id).where(place_settings.c.team_id == team_id)
    for table in (permitted_people, people_with_right):
        theirs = table.c.team_id == old_team_id
        await connection.execute(delete(table).where(theirs, table.c.channel_id.in_(ours)))
        await connection.execute(update(table).where(theirs).values(team_id=team_id))
    await _adopt_once(connection, place_settings, place_settings.c.channel_id, old_team_id, team_id)

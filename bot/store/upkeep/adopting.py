"""Rows under another workspace than ours are ours all the same: one database, one token, one workspace.

Earlier versions stored what was asked in a channel that another company had made under that company's id.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Row, Table, and_, case, delete, exists, or_, select, update

from bot.domain.subscriptions.subscription import Ending, Spot
from bot.store.database.connection import Connected
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import Asking, writes
from bot.store.jobs.listed_jobs import begin_listing
from bot.store.subscriptions.subscribe import active_row
from bot.store.subscriptions.threads import Threads
from bot.store.tables import (
    conditions,
    deliveries,
    digests,
    feeds,
    lanes,
    organisations,
    outbox,
    subscribers,
    subscriptions,
)

_TOLD: Final = (feeds, digests)
_ALL: Final = (*_TOLD, subscriptions, outbox, deliveries, lanes)
"""Every table that names a workspace; a test looks whether there are others."""


class AdoptingQueries(Asking):
    """See ``adopt`` of `bot.domain.ports.Upkeep`. Locks are taken as `threads` says."""

    def __init__(self, database: LazyDatabase) -> None:
        super().__init__(database)
        self._threads = Threads(database)

    @writes
    async def adopt(self, connection: Connected, team_id: str, now: datetime) -> int:
        """See the port."""
        if not await connection.scalar(select(or_(*(exists().where(_strange(t, team_id)) for t in _ALL)))):
            return 0
        told = [await self._adopt_told(connection, table, team_id) for table in _TOLD]
        followed = await self._adopt_subscriptions(connection, team_id, now)
        sent = update(outbox).where(_strange(outbox, team_id)).values(team_id=team_id)
        await connection.execute(sent)
        delivered = update(deliveries).where(_strange(deliveries, team_id)).values(team_id=team_id)
        await connection.execute(delivered)
        await self._adopt_lanes(connection, team_id, now)
        return sum(told) + followed

    async def _adopt_told(self, connection: Connected, table: Table, team_id: str) -> int:
        """Feeds or digests; where ours is there too, or two were, the one that was made last goes."""
        strange = select(table).where(_strange(table, team_id)).order_by(*table.primary_key)
        orgs = {row.org_id for row in await connection.execute(strange)}
        for org_id in sorted(orgs):
            await begin_listing(self.database, connection, org_id)
            # Whoever has claimed the list has read the feeds as they were.
            again = update(organisations).where(organisations.c.org_id == org_id)
            await connection.execute(again.values(generation=organisations.c.generation + 1))
        rows = (await connection.execute(strange)).all()
        for row in rows:
            mine = and_(table.c.channel_id == row.channel_id, table.c.org_id == row.org_id)
            this = and_(mine, table.c.team_id == row.team_id)
            is_there = select(exists().where(mine, table.c.team_id == team_id))
            if await connection.scalar(is_there):
                await connection.execute(delete(table).where(this))
            else:
                await connection.execute(update(table).where(this).values(team_id=team_id))
        return len(rows)

    async def _adopt_subscriptions(self, connection: Connected, team_id: str, now: datetime) -> int:
        strange = select(subscriptions).where(_strange(subscriptions, team_id))
        keys = {(row.org_id, row.request_id) for row in await connection.execute(strange)}
        await self._threads.lock_jobs(connection, keys)
        rows = (await connection.execute(strange.order_by(subscriptions.c.created_at))).all()
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

    async def _adopt_lanes(self, connection: Connected, team_id: str, now: datetime) -> None:
        """What waits in a lane waits in ours; while somebody still sends in it, nobody else begins there."""
        gone = delete(lanes).where(_strange(lanes, team_id)).returning(lanes)
        rows = (await connection.execute(gone)).all()
        await self._threads.make_due(connection, {(team_id, row.channel_id) for row in rows}, now)
        for row in _latest(rows):
            mine = lanes.c.team_id == team_id, lanes.c.channel_id == row.channel_id
            held = update(lanes).where(*mine, lanes.c.closed_until < row.closed_until)
            await connection.execute(held.values(closed_until=row.closed_until))


def _strange(table: Table, team_id: str) -> Any:
    team: Column[str] = table.c.team_id
    return team != team_id


def _latest(rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    return sorted(rows, key=lambda row: (row.channel_id, row.closed_until))

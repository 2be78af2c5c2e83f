"""Who goes, and what goes with them: a person, a thread's last subscriber, a workspace the bot has left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Table, Text, and_, delete, exists, select, true, update

from bot.domain.subscriptions.subscription import Ending, Mode
from bot.store.database.connection import Connected
from bot.store.database.dialect import Dialect, packed
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import StoreQueries, writes
from bot.store.jobs.listed_jobs import begin_listing, forget_listing_if_unwanted
from bot.store.subscriptions.alerts import forget_answers, forget_waiter
from bot.store.subscriptions.threads import Threads
from bot.store.tables import (
    DROPPED,
    conditions,
    deliveries,
    digests,
    feeds,
    greeted,
    home_tabs,
    is_waiting,
    lanes,
    outbox,
    pauses,
    subscribers,
    subscriptions,
)

TO_THE_FEED: Final = {"is_fed": True, "is_quiet": True, "mode": Mode.MILESTONES.value}
"""The columns of a thread that a feed opened and that has no subscribers."""
_TOLD: Final = (feeds, digests)


class DepartureQueries(StoreQueries):
    """See ``forget_user`` and ``end_team`` of `bot.domain.ports.Subscriptions`; `threads` on the locks."""

    def __init__(self, database: LazyDatabase) -> None:
        super().__init__(database)
        self._threads = Threads(database)

    @writes
    async def forget_user(
        self, connection: Connected, team_id: str | None, user_id: str, now: datetime
    ) -> int:
        """See the port."""
        mine = subscriptions.c.id.in_(
            select(subscribers.c.subscription_id).where(subscribers.c.user_id == user_id)
        )
        for told in (feeds, digests):
            theirs = told.c.user_id == user_id, _is_in(told, team_id)
            await connection.execute(update(told).where(*theirs).values(user_id=""))
        delivered = deliveries.c.user_id == user_id, _is_in(deliveries, team_id)
        await connection.execute(delete(deliveries).where(*delivered))
        await connection.execute(delete(greeted).where(greeted.c.place == user_id, _is_in(greeted, team_id)))
        for kept in (pauses, home_tabs):
            await connection.execute(delete(kept).where(kept.c.user_id == user_id, _is_in(kept, team_id)))
        rows = await self._threads.held(connection, and_(mine, _is_in(subscriptions, team_id)))
        there = select(subscriptions.c.id).where(_is_in(subscriptions, team_id))
        left = subscribers.c.user_id == user_id, subscribers.c.subscription_id.in_(there)
        await connection.execute(delete(subscribers).where(*left))
        await forget_waiter(connection, user_id, conditions.c.subscription_id.in_(there))
        await forget_answers(connection, user_id, _is_in(outbox, team_id))
        anybody = exists().where(subscribers.c.subscription_id == subscriptions.c.id)
        alone = select(subscriptions).where(subscriptions.c.ended.is_(None), ~anybody)
        over = [row for row in await connection.execute(alone) if row.id in {each.id for each in rows}]
        await self._threads.wish_edits(connection, rows, now)
        await deserted(self.database, connection, over, now)
        return len(rows)

    @writes
    async def end_team(self, connection: Connected, team_id: str, reason: str, now: datetime) -> int:
        """See the port."""
        told = await drop_told(self.database, connection, team_id)
        here = subscriptions.c.team_id == team_id
        mine = select(subscriptions).where(here, subscriptions.c.ended.is_(None))
        keys = {(row.org_id, row.request_id) for row in await connection.execute(mine)}
        await self._threads.lock_jobs(connection, keys)
        rows = (await connection.execute(mine)).all()
        await self._threads.end(connection, rows, Ending.CANNOT_POST, now, reason)
        # Nor is anything sent of those that had ended before: last words, digests, cards as they are now.
        drawn = update(subscriptions).where(here)
        await connection.execute(drawn.values(card_wished_at=None))
        sent = update(outbox).where(outbox.c.team_id == team_id, is_waiting)
        await connection.execute(sent.values(state=DROPPED))
        await self._leave_undone(connection, team_id, now)
        for told_once in (greeted, pauses, home_tabs):
            await connection.execute(delete(told_once).where(told_once.c.team_id == team_id))
        # Whoever is sending just now becomes a late loser: what he writes down would be sent again.
        await connection.execute(delete(lanes).where(lanes.c.team_id == team_id))
        return told + len(rows)

    async def _leave_undone(self, connection: Connected, team_id: str, now: datetime) -> None:
        """Of what was acknowledged and not done yet nothing is begun any more."""
        theirs = deliveries.c.team_id == team_id, deliveries.c.answered_at.is_(None)
        # Held in the order in which others claim several.
        held = select(deliveries.c.key).where(*theirs).order_by(deliveries.c.key).with_for_update()
        await connection.execute(held)
        left = update(deliveries).where(*theirs)
        await connection.execute(left.values(payload=None, response_url=None, answered_at=now.timestamp()))


def _is_in(table: Table, team_id: str | None) -> ColumnElement[bool]:
    """What belongs to this workspace; everything where none is named."""
    return true() if team_id is None else table.c.team_id == team_id


async def drop_told(database: Dialect, connection: Connected, team_id: str) -> int:
    """The feeds and the digests of a workspace go: how many those were."""
    wanted = [select(each.c.org_id).where(each.c.team_id == team_id) for each in _TOLD]
    orgs = sorted({org_id for each in wanted for org_id in await connection.scalars(each)})
    for org_id in orgs:
        await begin_listing(database, connection, org_id)
    gone = [await connection.execute(delete(each).where(each.c.team_id == team_id)) for each in _TOLD]
    for org_id in orgs:
        await forget_listing_if_unwanted(database, connection, org_id)
    return sum(each.rowcount for each in gone)


async def deserted(database: Dialect, connection: Connected, rows: Sequence[Row[Any]], now: datetime) -> None:
    """These active subscriptions, whose jobs are held, have no subscribers anymore.

    What the channel's feed posted goes back to it while it is on: else the job would be posted there twice.
    """
    if not rows:
        return
    threads = Threads(database)
    ids = database.rows(id=Text)
    is_on = exists().where(
        feeds.c.team_id == subscriptions.c.team_id,
        feeds.c.channel_id == subscriptions.c.channel_id,
        feeds.c.org_id == subscriptions.c.org_id,
    )
    mine = subscriptions.c.id.in_(select(ids.c.id))
    back = update(subscriptions).where(mine, subscriptions.c.posted_by_feed, is_on).values(TO_THE_FEED)
    packed_ids = packed({"id": row.id} for row in rows)
    kept = set(await connection.scalars(back.returning(subscriptions.c.id), packed_ids))
    await threads.wish_edits(connection, [row for row in rows if row.id in kept], now)
    over = [row for row in rows if row.id not in kept]
    await threads.end(connection, over, Ending.UNSUBSCRIBED, now)

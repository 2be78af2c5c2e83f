"""What handlers ask: subscribing, leaving, and who is subscribed to what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, delete, exists, or_, select

from bot.domain.ports import AlertSubscriber
from bot.domain.subscriptions.subscription import (
    Ending,
    Left,
    Seen,
    ShownMessage,
    Spot,
    SubscribedJob,
    Subscription,
)
from bot.store.database.connection import Connected
from bot.store.database.transaction import reads, writes
from bot.store.rows import (
    UnreadableRowError,
    read_group,
    read_state,
    read_subscription,
    read_subscriptions,
)
from bot.store.subscriptions.alerts import forget_waiter, waiters_in
from bot.store.subscriptions.departures import DepartureQueries, deserted
from bot.store.subscriptions.group_subscribing import GroupSubscribingQueries
from bot.store.subscriptions.subscribe import active_row
from bot.store.tables import conditions, subscribers, subscription_groups, subscriptions, watched_jobs


class SubscriptionQueries(GroupSubscribingQueries, DepartureQueries):
    """See `bot.domain.ports.Subscriptions`."""

    @writes
    async def unsubscribe(self, connection: Connected, spot: Spot, user_id: str, now: datetime) -> Left:
        """See the port."""
        row = await active_row(connection, spot)
        row = row and await self._hold(connection, row)
        if row is None:
            return Left()
        mine = subscribers.c.subscription_id == row.id, subscribers.c.user_id == user_id
        left = await connection.execute(delete(subscribers).where(*mine))
        anybody = exists().where(subscribers.c.subscription_id == row.id)
        await forget_waiter(connection, user_id, conditions.c.subscription_id == row.id)
        if left.rowcount and not await connection.scalar(select(anybody)):
            await deserted(self.database, connection, [row], now)
        elif left.rowcount:
            await self._threads.wish_edits(connection, [row], now)  # the card says how many follow the job
        return Left(await self._read(connection, row.id), was_subscriber=bool(left.rowcount))

    @writes
    async def stop(
        self,
        connection: Connected,
        subscription_id: str,
        ending: Ending,
        now: datetime,
        *,
        detail: str = "",
    ) -> Subscription | None:
        """See the port."""
        row = await self._row(connection, subscription_id)
        row = row and await self._hold(connection, row)
        if row is None:
            return None
        await self._threads.end(connection, [row], ending, now, detail)
        return await self._read(connection, subscription_id)

    @reads
    async def subscription(self, connection: Connected, subscription_id: str) -> Subscription | None:
        """See the port."""
        return await self._read(connection, subscription_id)

    @reads
    async def active(self, connection: Connected, spot: Spot) -> Subscription | None:
        """See the port."""
        row = await active_row(connection, spot)
        return None if row is None else await read_subscription(connection, row)

    @reads
    async def shown(
        self, connection: Connected, message: ShownMessage, org_ids: Collection[str], user_id: str
    ) -> Sequence[Subscription]:
        """See the port."""
        table = subscriptions.c
        mine = select(subscribers.c.subscription_id).where(subscribers.c.user_id == user_id)
        wanted = (
            select(subscriptions)
            .where(
                table.team_id.in_(message.team_ids),
                table.channel_id == message.channel_id,
                or_(
                    table.card_ts.in_(message.messages),
                    table.thread_ts.in_(message.messages),
                    and_(
                        or_(table.org_id.in_(org_ids), table.id.in_(mine)),
                        or_(table.request_id == message.subject, table.id == message.subject),
                    ),
                ),
            )
            .order_by(table.created_at.desc(), table.id)
        )
        return await read_subscriptions(connection, (await connection.execute(wanted)).all())

    @reads
    async def followed(
        self, connection: Connected, team_id: str, channel_id: str, user_id: str
    ) -> Sequence[SubscribedJob]:
        """See the port."""
        here = and_(subscriptions.c.team_id == team_id, subscriptions.c.channel_id == channel_id)
        mine = exists().where(
            subscribers.c.subscription_id == subscriptions.c.id, subscribers.c.user_id == user_id
        )
        is_followed = and_(subscriptions.c.ended.is_(None), or_(subscriptions.c.is_fed.is_(False), mine))
        wanted = (
            select(subscriptions, watched_jobs.c.state, subscription_groups.c.state.label("group_state"))
            .outerjoin(watched_jobs, _is_its_job())
            .outerjoin(subscription_groups, subscription_groups.c.subscription_id == subscriptions.c.id)
            .where(subscriptions.c.team_id == team_id, is_followed, or_(here, mine))
            .order_by(case((here, 0), else_=1), subscriptions.c.created_at, subscriptions.c.id)
        )
        rows = (await connection.execute(wanted)).all()
        found = await read_subscriptions(connection, rows)
        waiters = await waiters_in(self.database, connection, [each.id for each in found])
        return [
            _followed(each, row, user_id, waiters.get(each.id, ()))
            for each, row in zip(found, rows, strict=True)
        ]

    async def _hold(self, connection: Connected, row: Row[Any]) -> Row[Any] | None:
        """The subscription once its job is held; None if it ended meanwhile."""
        await self._threads.lock_jobs(connection, [(row.org_id, row.request_id)])
        now_there = await self._row(connection, row.id)
        return None if now_there is None or now_there.ended else now_there

    async def _row(self, connection: Connected, subscription_id: str) -> Row[Any] | None:
        wanted = select(subscriptions).where(subscriptions.c.id == subscription_id)
        return (await connection.execute(wanted)).first()

    async def _read(self, connection: Connected, subscription_id: str) -> Subscription | None:
        row = await self._row(connection, subscription_id)
        return None if row is None else await read_subscription(connection, row)


def _is_its_job() -> Any:
    return and_(
        watched_jobs.c.org_id == subscriptions.c.org_id,
        watched_jobs.c.request_id == subscriptions.c.request_id,
    )


def _followed(
    subscription: Subscription, row: Row[Any], user_id: str, waiters: Sequence[AlertSubscriber]
) -> SubscribedJob:
    is_mine = user_id in subscription.subscribers
    conditions = tuple(dict.fromkeys(each.condition for each in waiters))
    nothing_known = SubscribedJob(subscription, is_mine=is_mine, conditions=conditions)
    try:
        if row.group_state is not None:
            return replace(nothing_known, group=read_group(row.group_state))
        remembered = None if row.state is None else read_state(row.state)
    except UnreadableRowError:
        return nothing_known
    if remembered is None:
        return nothing_known
    job = remembered.job
    return SubscribedJob(
        subscription,
        experiment_name=job.experiment_name,
        status_text=job.status_text,
        progress=job.progress,
        is_mine=is_mine,
        conditions=conditions,
        completed_at=job.completed_at,
        seen=Seen(remembered.seen_at, job.updated_at),
    )

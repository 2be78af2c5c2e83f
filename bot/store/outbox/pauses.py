"""Who gets no direct messages and no mentions for a while."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, select

from bot.domain.ports import Post
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult
from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.rows import moment_if, storable
from bot.store.tables import lanes, pauses


class PauseQueries(StoreQueries):
    """See `bot.domain.ports.PauseStore`."""

    @writes
    async def pause(
        self, connection: Connected, team_id: str, user_id: str, channel_id: str, until: datetime
    ) -> None:
        """See the port."""
        given = self.database.insert(pauses).values(
            team_id=storable(team_id),
            user_id=storable(user_id),
            channel_id=storable(channel_id),
            paused_until=until.timestamp(),
        )
        both = given.on_conflict_do_update(
            index_elements=[pauses.c.team_id, pauses.c.user_id],
            set_={"channel_id": given.excluded.channel_id, "paused_until": given.excluded.paused_until},
        )
        await connection.execute(both)

    @writes
    async def resume(self, connection: Connected, team_id: str, user_id: str) -> bool:
        """See the port."""
        gone = await connection.execute(delete(pauses).where(_is(team_id, user_id)))
        return bool(gone.rowcount)

    @reads
    async def paused_until(
        self, connection: Connected, team_id: str, user_id: str, now: datetime
    ) -> datetime | None:
        """See the port."""
        until = select(pauses.c.paused_until)
        until = until.where(_is(team_id, user_id), pauses.c.paused_until > now.timestamp())
        return moment_if(await connection.scalar(until))


def is_paused(at: Any) -> ColumnElement[bool]:
    """Whether the lane of a query is that of somebody's direct messages who paused them."""
    return exists().where(_is_lanes(), pauses.c.paused_until > at)


def paused_until_of_lane() -> ColumnElement[float]:
    """When the pause of the lane of a query ends; 0 where there is none."""
    until = select(func.max(pauses.c.paused_until)).where(_is_lanes()).correlate(lanes)
    return func.coalesce(until.scalar_subquery(), 0.0)


async def unmentioned(connection: Connected, post: Post, now: datetime) -> Post:
    """The message, which mentions nobody who paused that: they count as people who only have an alert."""
    told, notification = post.subscription, post.notification
    theirs = pauses.c.team_id == told.team_id, pauses.c.paused_until > now.timestamp()
    quiet = frozenset(await connection.scalars(select(pauses.c.user_id).where(*theirs)))
    if isinstance(notification, AlertResult) and notification.user_id in quiet:
        notification = notification.model_copy(update={"user_id": ""})
    told = replace(told, only_waiting=told.only_waiting | quiet.intersection(told.subscribers))
    return replace(post, subscription=told, notification=notification)


def _is(team_id: str, user_id: str) -> ColumnElement[bool]:
    return and_(pauses.c.team_id == team_id, pauses.c.user_id == user_id)


def _is_lanes() -> ColumnElement[bool]:
    return and_(pauses.c.team_id == lanes.c.team_id, pauses.c.channel_id == lanes.c.channel_id)

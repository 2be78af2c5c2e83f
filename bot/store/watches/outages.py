"""What a whole organisation's threads are told: outages, and that their time is over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.sql.selectable import Select

from bot.domain.subscriptions.notifications.notices import ApiBack, ApiDown
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.notifications.registry import copy_for
from bot.domain.subscriptions.rules import last_word, outage_notification
from bot.domain.subscriptions.subscription import Ending, Mode
from bot.store.database.connection import Connected
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.rows import ending_of, mode_of, moment
from bot.store.subscriptions.alerts import waiters_in
from bot.store.subscriptions.threads import Message, Threads
from bot.store.tables import DROPPED, WAITING, organisations, outbox, subscriptions
from bot.tasks import current_reference


def _overdue(*columns: Any) -> Select[Any]:
    """Of subscriptions whose time is over, the first."""
    is_over = and_(subscriptions.c.ended.is_(None), subscriptions.c.ends_at <= bindparam("now"))
    return select(*columns).where(is_over).order_by(subscriptions.c.ends_at).limit(bindparam("limit"))


# Asked in nearly every round, and so put together once.
_OVERDUE_KEYS: Final = _overdue(subscriptions.c.org_id, subscriptions.c.request_id)
_OVERDUE: Final = _overdue(subscriptions)


class OutageQueries(StoreQueries):
    """See `bot.domain.ports.WatchStore`: ``api_failed``, ``api_answered``, ``end_overdue``."""

    def __init__(self, database: LazyDatabase) -> None:
        super().__init__(database)
        self._threads = Threads(database)

    @writes
    async def api_failed(
        self,
        connection: Connected,
        org_id: str,
        now: datetime,
        told_after_seconds: float,
        *,
        longest_gap_seconds: float = math.inf,
    ) -> None:
        """See the port."""
        mine, seconds = organisations.c.org_id == org_id, now.timestamp()
        is_seen = organisations.c.api_failed_at.between(max(0.0, seconds - longest_gap_seconds), seconds)
        # What was told stays as it was told, until the end of it is told too.
        goes_on = and_(
            organisations.c.api_outage_since.is_not(None), or_(organisations.c.api_down_told, is_seen)
        )
        down = update(organisations).where(mine)
        down = down.values(
            api_down_since=func.coalesce(organisations.c.api_down_since, seconds),
            api_outage_since=case((goes_on, organisations.c.api_outage_since), else_=seconds),
            api_failed_at=seconds,
        )
        await connection.execute(down)
        is_time = organisations.c.api_outage_since <= seconds - told_after_seconds
        told = update(organisations).where(mine, organisations.c.api_down_told.is_(False), is_time)
        told = told.values(api_down_told=True).returning(organisations.c.api_outage_since)
        since = await connection.scalar(told)
        if since is not None:
            await self._tell(connection, org_id, ApiDown, moment(since), now, true())

    async def api_answered(self, org_id: str, now: datetime) -> None:
        """See the port. Nearly always there is nothing to write, and no turn to wait for."""
        if await self._is_down(org_id):
            await self._is_back(org_id, now)

    @reads
    async def _is_down(self, connection: Connected, org_id: str) -> bool:
        since = select(organisations.c.api_down_since).where(organisations.c.org_id == org_id)
        return await connection.scalar(since) is not None

    @writes
    async def _is_back(self, connection: Connected, org_id: str, now: datetime) -> None:
        mine = organisations.c.org_id == org_id
        held = select(
            organisations.c.api_down_since, organisations.c.api_outage_since, organisations.c.api_down_told
        )
        row = (await connection.execute(held.where(mine).with_for_update())).first()
        if row is None or row.api_down_since is None:
            return
        back = (
            update(organisations)
            .where(mine)
            .values(api_down_since=None, api_outage_since=None, api_failed_at=None, api_down_told=False)
        )
        await connection.execute(back)
        if row.api_down_told:
            since = moment(row.api_outage_since or row.api_down_since)
            was_told = exists().where(
                outbox.c.subscription_id == subscriptions.c.id,
                outbox.c.kind == ApiDown.kind,
                outbox.c.once_key == outage_notification(ApiDown, since, now).once_key,
                outbox.c.state != DROPPED,
            )
            await self._tell(connection, org_id, ApiBack, since, now, was_told)

    async def _tell(  # noqa: PLR0913, PLR0917  (what to tell whom)
        self,
        connection: Connected,
        org_id: str,
        payload: type[ApiDown | ApiBack],
        since: datetime,
        now: datetime,
        which: ColumnElement[bool],
    ) -> None:
        """One message for every active subscription of the organisation, without fetching any."""
        chosen = (
            subscriptions.c.org_id == org_id,
            subscriptions.c.ended.is_(None),
            _is_told_of(payload),
            which,
        )
        fresh = self._messages(outage_notification(payload, since, now), now).where(*chosen)
        told = self.database.insert(outbox).from_select(list(fresh.selected_columns.keys()), fresh)
        await connection.execute(told.on_conflict_do_nothing())
        await self._make_due(connection, chosen, now)

    def _messages(self, notification: Notification, now: datetime) -> Select[Any]:
        return select(
            self.database.new_id().label("id"),
            subscriptions.c.id.label("subscription_id"),
            subscriptions.c.team_id,
            subscriptions.c.channel_id,
            literal(notification.kind, Text).label("kind"),
            literal(notification.once_key, Text).label("once_key"),
            literal(notification.to_json(), Text).label("payload"),
            literal(value=False).label("broadcast"),
            literal(WAITING, Text).label("state"),
            literal(now.timestamp()).label("next_try_at"),
            literal(now.timestamp()).label("created_at"),
            literal(current_reference(), Text).label("caused_by"),
        )

    async def _make_due(
        self, connection: Connected, chosen: Sequence[ColumnElement[bool]], now: datetime
    ) -> None:
        channels = select(subscriptions.c.team_id, subscriptions.c.channel_id).where(*chosen).distinct()
        rows = await connection.execute(channels)
        await self._threads.make_due(connection, {(row.team_id, row.channel_id) for row in rows}, now)

    @writes
    async def end_overdue(self, connection: Connected, now: datetime, limit: int) -> int:
        """See the port."""
        due = {"now": now.timestamp(), "limit": limit}
        keys = await connection.execute(_OVERDUE_KEYS, due)
        jobs = {(row.org_id, row.request_id) for row in keys}
        if not jobs:
            return 0
        await self._threads.lock_jobs(connection, jobs)
        # Asked again: another process may have ended them while this one waited for the jobs.
        still = await connection.execute(_OVERDUE, due)
        rows = [row for row in still if (row.org_id, row.request_id) in jobs]
        for ending in (Ending.FINISHED, Ending.EXPIRED):
            over = [row for row in rows if row.ends_because == ending.value]
            await self._threads.end(connection, over, ending, now)
        words = [Message(row, last_word(ending_of(row.ends_because), now)) for row in rows]
        waited_in = await waiters_in(self.database, connection, [row.id for row in rows if row.is_fed])
        told = [each for each in words if _is_told(each, is_waited_in=each.subscription.id in waited_in)]
        await self._threads.enqueue(connection, told, now)
        return len(rows)


def _is_told(message: Message, *, is_waited_in: bool) -> bool:
    """Where an alert will not be sent anymore, its subscribers are told that."""
    row = message.subscription
    is_fed = row.is_fed and not is_waited_in
    copy = copy_for(type(message.notification), mode_of(row.mode), is_quiet=row.is_quiet, is_fed=is_fed)
    return copy is not None


def _is_told_of(payload: type[Notification]) -> ColumnElement[bool]:
    """Whether a subscription gets this kind, by `copy_for`."""
    ways = [
        and_(subscriptions.c.is_fed.is_(is_fed), subscriptions.c.mode == mode.value)
        for is_fed in (False, True)
        for mode in Mode
        if copy_for(payload, mode, is_quiet=True, is_fed=is_fed)
    ]
    return or_(false(), *ways)

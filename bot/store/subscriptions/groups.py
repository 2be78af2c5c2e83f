"""Groups: which are due, and what looks at them come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Row, and_, func, select, update

from bot.domain.ports import ClaimedGroup, GroupLook
from bot.domain.subscriptions.notifications.group_updates import MemberUpdate
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.notifications.registry import copy_for
from bot.domain.subscriptions.subscription import Subscription
from bot.store.database.connection import Connected
from bot.store.database.dialect import ORG
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.rows import UnreadableRowError, mode_of, moment_if, read_group, read_subscription
from bot.store.subscriptions.alerts import stop_waiting, waiters_in
from bot.store.subscriptions.documents import Documents
from bot.store.subscriptions.group_subscribing import group_document
from bot.store.subscriptions.heard import has_own_alert, is_posted_by_feed, told_of_job
from bot.store.subscriptions.threads import Message, Threads
from bot.store.tables import subscription_groups, subscriptions

SET_ASIDE: Final = timedelta(hours=1)
"""Time for which a group that cannot be read is left alone."""
_IS_ACTIVE: Final = and_(
    subscriptions.c.id == subscription_groups.c.subscription_id, subscriptions.c.ended.is_(None)
)
# Asked in every round.
_FIRST_DUE: Final = (
    select(func.min(subscription_groups.c.due_at))
    .join(subscriptions, _IS_ACTIVE)
    .where(subscription_groups.c.org_id == ORG)
)

_log = structlog.stdlib.get_logger(__name__)


class GroupQueries(StoreQueries):
    """See `bot.domain.ports.GroupStore`. A lease is written down as its end and a new generation."""

    def __init__(self, database: LazyDatabase) -> None:
        super().__init__(database)
        self._threads = Threads(database)
        self._documents = Documents(database)

    @reads
    async def next_group_at(self, connection: Connected, org_id: str) -> datetime | None:
        """See the port."""
        return moment_if(await connection.scalar(_FIRST_DUE, {"org_id": org_id}))

    @writes
    async def claim_groups(
        self, connection: Connected, org_id: str, now: datetime, lease_seconds: float, limit: int
    ) -> Sequence[ClaimedGroup]:
        """See the port."""
        due = (
            select(subscription_groups.c.subscription_id)
            .join(subscriptions, _IS_ACTIVE)
            .where(subscription_groups.c.org_id == org_id, subscription_groups.c.due_at <= now.timestamp())
            .order_by(subscription_groups.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True, of=subscription_groups)
            .cte("due")
        )
        claim = (
            update(subscription_groups)
            .where(subscription_groups.c.subscription_id == due.c.subscription_id)
            .values(due_at=now.timestamp() + lease_seconds, generation=subscription_groups.c.generation + 1)
            .returning(subscription_groups)
        )
        claims = []
        for row in sorted((await connection.execute(claim)).all(), key=lambda row: row.subscription_id):
            try:
                group = read_group(row.state)
            except UnreadableRowError as error:
                _log.error("a group is set aside", subject=row.subject, detail=error.detail)
                mine = subscription_groups.c.subscription_id == row.subscription_id
                later = update(subscription_groups).where(mine)
                await connection.execute(later.values(due_at=(now + SET_ASIDE).timestamp()))
                continue
            claims.append(ClaimedGroup(row.subscription_id, row.org_id, row.subject, group, row.generation))
        waiters = await waiters_in(self.database, connection, [each.subscription_id for each in claims])
        return [replace(each, waiters=tuple(waiters.get(each.subscription_id, ()))) for each in claims]

    @writes
    async def postpone_group(self, connection: Connected, claim: ClaimedGroup, until: datetime) -> bool:
        """See the port."""
        return await _release(connection, claim, {"due_at": until.timestamp()})

    @writes
    async def finish_group(self, connection: Connected, look: GroupLook, now: datetime) -> bool:
        """See the port."""
        claim = look.claim
        key = claim.org_id, claim.subject
        await self._threads.lock_jobs(connection, [key])
        wanted = select(subscriptions).where(subscriptions.c.id == claim.subscription_id)
        row = (await connection.execute(wanted)).first()
        if row is None or row.ended is not None:
            return False
        values = {"state": look.group.to_json(), "due_at": look.next_at.timestamp()}
        if not await _release(connection, claim, values):
            return False
        if look.is_changed:
            await self._documents.keep(connection, {key: (group_document(claim.subject), now)})
        messages = await self._messages(connection, row, look, now)
        await self._threads.enqueue(connection, messages, now)
        if look.ending is not None:
            await self._threads.end(connection, [row], look.ending, now)
        elif look.is_changed:
            await self._threads.wish_edits(connection, [row], now)
        return True

    async def _messages(
        self, connection: Connected, row: Row[Any], look: GroupLook, now: datetime
    ) -> list[Message]:
        """What the thread is told; kept as told is what each of its subscribers gets elsewhere there."""
        followers = set((await read_subscription(connection, row)).followers)
        waiting = await stop_waiting(self.database, connection, [waiter.id for waiter, _ in look.answers])
        answers = [answer for waiter, answer in look.answers if waiter.id in waiting]
        messages = [
            Message(row, each, is_said=await has_own_alert(connection, row, each)) for each in answers
        ]
        for each in look.notifications:
            copy = copy_for(type(each), mode_of(row.mode), is_quiet=row.is_quiet, is_fed=row.is_fed)
            if copy is None:
                continue
            is_said = isinstance(each, MemberUpdate) and (
                followers <= await told_of_job(connection, row, each.request_id)
                or await is_posted_by_feed(
                    connection, row, each.request_id, look.rows.get(each.request_id), now
                )
            )
            messages.append(Message(row, each, copy.broadcast, is_said=is_said))
        return messages


async def audience_of(connection: Connected, row: Row[Any], notification: Notification) -> Subscription:
    """The subscription as the message needs it: of a member's failure nobody is told twice in one place.

    Who is told in the job's own thread counts here as one who only has an alert: they are not mentioned.
    """
    subscription = await read_subscription(connection, row)
    if not isinstance(notification, MemberUpdate):
        return subscription
    told = await told_of_job(connection, row, notification.request_id)
    return replace(subscription, only_waiting=subscription.only_waiting | told)


async def _release(connection: Connected, claim: ClaimedGroup, values: dict[str, Any]) -> bool:
    """Releasing counts as a new generation too: nothing is finished twice."""
    held = and_(
        subscription_groups.c.subscription_id == claim.subscription_id,
        subscription_groups.c.generation == claim.generation,
    )
    released = update(subscription_groups).where(held)
    released = released.values(generation=subscription_groups.c.generation + 1, **values)
    return bool((await connection.execute(released)).rowcount)

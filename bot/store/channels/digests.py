"""Digests: which channels have one, which are due, and their way into the outbox."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, select, update

from bot.domain.channels.digest import DigestPlan, Period
from bot.domain.channels.schedule import DEFAULT_MINUTES
from bot.domain.ports import ClaimedDigest
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Ending, Mode, Subscription
from bot.store.database.connection import Connected
from bot.store.database.dialect import ORG, Dialect
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.jobs.listed_jobs import begin_listing, forget_listing_if_unwanted
from bot.store.rows import first_generation, moment, moment_if
from bot.store.subscriptions.threads import Message, Threads
from bot.store.tables import digests, subscriptions

_DAY: Final = range(24 * 60)
# Asked in every round.
_FIRST_DUE: Final = select(func.min(digests.c.due_at)).where(digests.c.org_id == ORG)
_OLDEST: Final = select(func.min(digests.c.since)).where(digests.c.org_id == ORG)

_log = structlog.stdlib.get_logger(__name__)


class DigestQueries(StoreQueries):
    """See `DigestStore`. The organisation's row is held first: see `listed_jobs`."""

    def __init__(self, database: LazyDatabase) -> None:
        super().__init__(database)
        self._threads = Threads(database)

    @reads
    async def digest(
        self, connection: Connected, team_id: str, channel_id: str, org_id: str
    ) -> DigestPlan | None:
        """See the port."""
        row = (await connection.execute(select(digests).where(_is(team_id, channel_id, org_id)))).first()
        return None if row is None else _readable(row)

    @writes
    async def set_digest(self, connection: Connected, plan: DigestPlan) -> bool:
        """See the port. Any worker that holds the previous schedule then has a stale lease."""
        await begin_listing(self.database, connection, plan.org_id)
        values = {
            "user_id": plan.user_id,
            "period": plan.period.value,
            "at_minutes": plan.at_minutes,
            "time_zone": plan.time_zone,
            **_times(plan),
        }
        changed = update(digests).where(_is(plan.team_id, plan.channel_id, plan.org_id))
        changed = changed.values(generation=digests.c.generation + 1, **values)
        if (await connection.execute(changed)).rowcount:
            return False
        place = {"team_id": plan.team_id, "channel_id": plan.channel_id, "org_id": plan.org_id}
        await connection.execute(insert(digests).values(generation=first_generation(), **place, **values))
        return True

    @writes
    async def drop_digest(
        self, connection: Connected, team_id: str, channel_id: str, org_id: str
    ) -> DigestPlan | None:
        """See the port."""
        await begin_listing(self.database, connection, org_id)
        gone = delete(digests).where(_is(team_id, channel_id, org_id)).returning(digests)
        row = (await connection.execute(gone)).first()
        if row is None:
            return None
        await forget_listing_if_unwanted(self.database, connection, org_id)
        # What cannot be read can be switched off all the same.
        return _readable(row) or _unreadable_plan(row)

    @reads
    async def next_digest_at(self, connection: Connected, org_id: str) -> datetime | None:
        """See the port."""
        return moment_if(await connection.scalar(_FIRST_DUE, {"org_id": org_id}))

    @reads
    async def oldest_digest_since(self, connection: Connected, org_id: str) -> datetime | None:
        """See the port."""
        return moment_if(await connection.scalar(_OLDEST, {"org_id": org_id}))

    @writes
    async def claim_digests(
        self, connection: Connected, org_id: str, now: datetime, lease_seconds: float, limit: int
    ) -> Sequence[ClaimedDigest]:
        """See the port."""
        due = (
            select(digests.c.team_id, digests.c.channel_id)
            .where(digests.c.org_id == org_id, digests.c.due_at <= now.timestamp())
            .order_by(digests.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        claim = (
            update(digests)
            .where(
                digests.c.org_id == org_id,
                digests.c.team_id == due.c.team_id,
                digests.c.channel_id == due.c.channel_id,
            )
            .values(due_at=now.timestamp() + lease_seconds, generation=digests.c.generation + 1)
            .returning(digests)
        )
        rows = (await connection.execute(claim)).all()
        rows = sorted(rows, key=lambda row: (row.next_at, row.team_id, row.channel_id))
        plans = [(_readable(row), row.generation) for row in rows]
        return [ClaimedDigest(plan, generation) for plan, generation in plans if plan is not None]

    @writes
    async def postpone_digest(self, connection: Connected, claim: ClaimedDigest, until: datetime) -> bool:
        """See the port."""
        return await _release(connection, claim, {"due_at": until.timestamp()})

    @writes
    async def finish_digest(
        self,
        connection: Connected,
        claim: ClaimedDigest,
        plan: DigestPlan,
        notification: Notification | None,
        now: datetime,
    ) -> bool:
        """See the port."""
        if not await _release(connection, claim, _times(plan)):
            return False
        if notification is not None:
            row = await _carrier(connection, plan, now)
            await self._threads.enqueue(connection, [Message(row, notification)], now)
        return True


async def close_digest(database: Dialect, connection: Connected, subscription: Subscription) -> None:
    """Slack takes no messages there, as one that carried a digest has shown: there is none any more."""
    await begin_listing(database, connection, subscription.org_id)
    mine = _is(subscription.team_id, subscription.channel_id, subscription.org_id)
    await connection.execute(delete(digests).where(mine))
    await forget_listing_if_unwanted(database, connection, subscription.org_id)


async def _carrier(connection: Connected, plan: DigestPlan, now: datetime) -> Row[Any]:
    """What every message hangs on: a subscription, here to no job, and over from the beginning."""
    fresh = insert(subscriptions).values(
        id=uuid.uuid4().hex,
        team_id=plan.team_id,
        channel_id=plan.channel_id,
        org_id=plan.org_id,
        request_id="",
        mode=Mode.FINAL.value,
        is_quiet=True,
        created_at=now.timestamp(),
        ends_at=now.timestamp(),
        ends_because=Ending.NOTHING_TO_FOLLOW.value,
        ended=Ending.NOTHING_TO_FOLLOW.value,
        ended_at=now.timestamp(),
    )
    row: Row[Any] = (await connection.execute(fresh.returning(subscriptions))).one()
    return row


async def _release(connection: Connected, claim: ClaimedDigest, values: dict[str, float]) -> bool:
    """Releasing counts as a new generation too: nothing is finished twice."""
    plan = claim.plan
    held = and_(_is(plan.team_id, plan.channel_id, plan.org_id), digests.c.generation == claim.generation)
    released = update(digests).where(held).values(generation=digests.c.generation + 1, **values)
    return bool((await connection.execute(released)).rowcount)


def _is(team_id: str, channel_id: str, org_id: str) -> ColumnElement[bool]:
    return and_(digests.c.team_id == team_id, digests.c.channel_id == channel_id, digests.c.org_id == org_id)


def _times(plan: DigestPlan) -> dict[str, float]:
    next_at = plan.next_at.timestamp()
    return {"since": plan.since.timestamp(), "next_at": next_at, "due_at": next_at}


def _readable(row: Row[Any]) -> DigestPlan | None:
    """The plan; None where it cannot be read, so that the others go on."""
    try:
        plan = DigestPlan(
            team_id=row.team_id,
            channel_id=row.channel_id,
            org_id=row.org_id,
            user_id=row.user_id,
            period=Period(row.period),
            at_minutes=row.at_minutes,
            time_zone=row.time_zone,
            next_at=moment(row.next_at),
            since=moment(row.since),
        )
    except (ValueError, OverflowError, OSError):
        plan = None
    if plan is None or plan.at_minutes not in _DAY:
        _log.warning("a stored digest cannot be read", team_id=row.team_id, channel_id=row.channel_id)
        return None
    return plan


def _unreadable_plan(row: Row[Any]) -> DigestPlan:
    """Whose digest it was and where, of a row that says nothing else."""
    nothing = moment(0)
    place = (row.team_id, row.channel_id, row.org_id, row.user_id)
    return DigestPlan(*place, Period.DAILY, DEFAULT_MINUTES, "UTC", nothing, nothing)

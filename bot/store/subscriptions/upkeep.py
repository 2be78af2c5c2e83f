"""What operators ask, and what is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, case, delete, exists, or_, select, update

from bot.domain.history import KEPT_FOR as FINISHED_KEPT_FOR
from bot.domain.storage import Waiting
from bot.store.database.connection import Connected
from bot.store.database.engine import Database
from bot.store.database.transaction import Asking, reads, writes
from bot.store.rows import moment, read_subscriptions
from bot.store.subscriptions.alerts import forget_answers, forget_waiter
from bot.store.subscriptions.close_thread import deserted
from bot.store.subscriptions.threads import DROPPING, Threads
from bot.store.subscriptions.uninstalling import drop_told
from bot.store.tables import (
    PARKED,
    WAITING,
    deliveries,
    digests,
    feeds,
    finished_jobs,
    is_parked,
    is_waiting,
    job_documents,
    lanes,
    outbox,
    silenced_findings,
    subscribers,
    subscriptions,
    watched_jobs,
)

KEPT_FOR: Final = timedelta(days=7)
"""Ended subscriptions are kept so long."""
KEPT_WITH_PARKED_FOR: Final = timedelta(days=30)
"""Those with messages that an operator may still want to send."""
_DOCUMENT_KEPT_FOR: Final = timedelta(days=1)
"""Longer than any document that somebody subscribes with is old."""


class UpkeepQueries(Asking):
    """See `bot.domain.storage.Store` and ``clean`` of `bot.domain.storage.WatchStore`."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._threads = Threads(database)

    @reads
    async def waiting(self, connection: Connected) -> Sequence[Waiting]:
        """See the port."""
        is_stuck = or_(is_parked, and_(is_waiting, outbox.c.attempts > 0))
        messages = (await connection.execute(select(outbox).where(is_stuck).order_by(outbox.c.seq))).all()
        theirs = subscriptions.c.id.in_(select(outbox.c.subscription_id).where(is_stuck))
        rows = (await connection.execute(select(subscriptions).where(theirs))).all()
        found = {each.id: each for each in await read_subscriptions(connection, rows)}
        return [
            Waiting(
                id=row.id,
                subscription=found[row.subscription_id],
                kind=row.kind,
                attempts=row.attempts,
                state=row.state,
                reason=row.reason,
                created_at=moment(row.created_at),
                next_try_at=None if row.state == PARKED else moment(row.next_try_at),
            )
            for row in messages
            if row.subscription_id in found
        ]

    @writes
    async def retry_parked(self, connection: Connected, now: datetime) -> int:
        """See the port. Where nothing is said any more, nothing is tried again."""
        speaking = select(subscriptions.c.id).where(
            or_(
                subscriptions.c.ended.is_(None),
                subscriptions.c.ended.not_in([each.value for each in DROPPING]),
            )
        )
        # One that may have reached Slack is still looked for since its first try.
        first_try_at = case((outbox.c.is_uncertain, outbox.c.first_try_at), else_=None)
        again = (
            update(outbox)
            .where(is_parked, outbox.c.subscription_id.in_(speaking))
            .values(
                state=WAITING, next_try_at=now.timestamp(), attempts=0, reason="", first_try_at=first_try_at
            )
            .returning(outbox.c.team_id, outbox.c.channel_id)
        )
        rows = (await connection.execute(again)).all()
        await self._threads.make_due(connection, {(row.team_id, row.channel_id) for row in rows}, now)
        return len(rows)

    @writes
    async def forget_user(self, connection: Connected, user_id: str, now: datetime) -> int:
        """See the port."""
        mine = subscriptions.c.id.in_(
            select(subscribers.c.subscription_id).where(subscribers.c.user_id == user_id)
        )
        for told in (feeds, digests):
            await connection.execute(update(told).where(told.c.user_id == user_id).values(user_id=""))
        await connection.execute(delete(deliveries).where(deliveries.c.user_id == user_id))
        rows = await self._held(connection, mine)
        await connection.execute(delete(subscribers).where(subscribers.c.user_id == user_id))
        await forget_waiter(connection, user_id)
        await forget_answers(connection, user_id)
        anybody = exists().where(subscribers.c.subscription_id == subscriptions.c.id)
        left = select(subscriptions).where(subscriptions.c.ended.is_(None), ~anybody)
        over = [row for row in await connection.execute(left) if row.id in {each.id for each in rows}]
        await self._threads.wish_edits(connection, rows, now)
        await deserted(self.database, connection, over, now)
        return len(rows)

    @writes
    async def forget_team(self, connection: Connected, team_id: str) -> int:
        """See the port. A job of which nobody else knows goes with its document."""
        await drop_told(self.database, connection, team_id)
        await connection.execute(delete(deliveries).where(deliveries.c.team_id == team_id))
        rows = await self._held(connection, subscriptions.c.team_id == team_id)
        gone = await connection.execute(delete(subscriptions).where(subscriptions.c.team_id == team_id))
        await connection.execute(delete(lanes).where(lanes.c.team_id == team_id))
        keys = {(row.org_id, row.request_id) for row in rows}
        await self._threads.drop_unwatched(connection, keys)
        await self._threads.drop_unknown(connection, keys)
        return gone.rowcount

    @writes
    async def clean(self, connection: Connected, now: datetime) -> None:
        """See the port."""
        parked = exists().where(outbox.c.subscription_id == subscriptions.c.id, is_parked)
        ended_at = subscriptions.c.ended_at
        is_old = and_(ended_at < (now - KEPT_FOR).timestamp(), ~parked)
        is_very_old = ended_at < (now - KEPT_WITH_PARKED_FOR).timestamp()
        await connection.execute(delete(subscriptions).where(or_(is_old, is_very_old)))
        deserted = select(watched_jobs.c.org_id, watched_jobs.c.request_id).where(
            ~exists().where(_is_of(watched_jobs), subscriptions.c.ended.is_(None))
        )
        keys = {(row.org_id, row.request_id) for row in await connection.execute(deserted)}
        if keys:
            await self._threads.lock_jobs(connection, keys)
            await self._threads.drop_unwatched(connection, keys)
        await self._clean_documents(connection, now)
        too_old = (now - FINISHED_KEPT_FOR).timestamp()
        await connection.execute(delete(finished_jobs).where(finished_jobs.c.finished_at < too_old))
        await connection.execute(delete(silenced_findings).where(silenced_findings.c.silenced_at < too_old))
        idle = delete(lanes).where(lanes.c.due_at.is_(None), lanes.c.closed_until <= now.timestamp())
        await connection.execute(idle)

    async def _clean_documents(self, connection: Connected, now: datetime) -> None:
        """Documents of which no card is or will be drawn."""
        has_messages = exists().where(outbox.c.subscription_id == subscriptions.c.id, is_waiting)
        draws = or_(
            subscriptions.c.ended.is_(None), subscriptions.c.card_wished_at.is_not(None), has_messages
        )
        await connection.execute(
            delete(job_documents).where(
                # Somebody may subscribe at this moment, unseen by this statement: theirs is a fresh one.
                job_documents.c.seen_at < (now - _DOCUMENT_KEPT_FOR).timestamp(),
                ~exists().where(_is_of(job_documents), draws),
            )
        )

    async def _held(self, connection: Connected, which: ColumnElement[bool]) -> Sequence[Row[Any]]:
        """These subscriptions, once their jobs are held."""
        found = await connection.execute(
            select(subscriptions.c.org_id, subscriptions.c.request_id).where(which)
        )
        await self._threads.lock_jobs(connection, {(row.org_id, row.request_id) for row in found})
        return (await connection.execute(select(subscriptions).where(which))).all()


def _is_of(table: Any) -> ColumnElement[bool]:
    """A subscription to the job of that table's row."""
    return and_(subscriptions.c.org_id == table.c.org_id, subscriptions.c.request_id == table.c.request_id)

"""The outbox: lanes, messages and cards, what operators ask of it, and what a clock that jumped asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, case, or_, select, update

from bot.domain.ports import Waiting
from bot.store.database.connection import Connected
from bot.store.database.transaction import reads, writes
from bot.store.outbox.edits import EditQueries
from bot.store.outbox.lanes import LaneQueries
from bot.store.outbox.posts import PostQueries
from bot.store.rows import brought_back, moment, read_subscriptions
from bot.store.subscriptions.threads import DROPPING
from bot.store.tables import PARKED, WAITING, is_parked, is_waiting, lanes, outbox, subscriptions


class OutboxQueries(LaneQueries, PostQueries, EditQueries):
    """See `bot.domain.ports.OutboxStore`."""

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
    async def rebase_sending(self, connection: Connected, now: datetime, latest: datetime) -> None:
        """See the port."""
        seconds = latest.timestamp()
        free = self.database.greater(seconds, now.timestamp() + lanes.c.closed_seconds)
        changes = [
            brought_back(outbox, outbox.c.next_try_at, seconds, is_waiting),
            brought_back(subscriptions, subscriptions.c.card_next_try_at, seconds),
            brought_back(lanes, lanes.c.due_at, seconds),
            brought_back(lanes, lanes.c.closed_until, free),
        ]
        for change in changes:
            await connection.execute(change)

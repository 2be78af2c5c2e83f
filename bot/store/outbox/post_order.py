"""Which message of a channel is next, and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, literal_column, select

from bot.domain.ports import Lane
from bot.store.tables import WAITING, is_waiting, outbox


def is_first_in(lane: Lane) -> ColumnElement[bool]:
    """Of each thread only the first message that waits, so that none overtakes another."""
    earlier = outbox.alias("earlier")
    has_earlier = exists().where(
        earlier.c.subscription_id == outbox.c.subscription_id,
        earlier.c.state == literal_column(f"'{WAITING}'"),
        earlier.c.seq < outbox.c.seq,
    )
    return and_(
        outbox.c.team_id == lane.team_id,
        outbox.c.channel_id == lane.channel_id,
        is_waiting,
        ~has_earlier,
    )


def next_try_in(lane: Lane, now: datetime) -> ColumnElement[float]:
    """What is due is found at once; all of them are looked through only where nothing is."""
    tries = select(outbox.c.next_try_at).where(is_first_in(lane))
    due = tries.where(outbox.c.next_try_at <= now.timestamp()).order_by(outbox.c.seq).limit(1)
    first = select(func.min(outbox.c.next_try_at)).where(is_first_in(lane))
    return func.coalesce(due.scalar_subquery(), first.scalar_subquery())

"""Which message of a channel is next, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, literal_column, select

from bot.domain.ports import Lane
from bot.store.tables import WAITING, is_waiting, outbox

_EARLIER: Final = outbox.alias("earlier")
_HAS_EARLIER: Final = exists().where(
    _EARLIER.c.subscription_id == outbox.c.subscription_id,
    _EARLIER.c.state == literal_column(f"'{WAITING}'"),
    _EARLIER.c.seq < outbox.c.seq,
)


def is_first_in(lane: Lane) -> ColumnElement[bool]:
    """Of each thread only the first message that waits, so that none overtakes another."""
    return and_(
        outbox.c.team_id == lane.team_id,
        outbox.c.channel_id == lane.channel_id,
        is_waiting,
        ~_HAS_EARLIER,
    )


def next_try_in(lane: Lane, now: datetime) -> ColumnElement[float]:
    """What is due is found at once; all of them are looked through only where nothing is."""
    tries = select(outbox.c.next_try_at).where(is_first_in(lane))
    due = tries.where(outbox.c.next_try_at <= now.timestamp()).order_by(outbox.c.seq).limit(1)
    first = select(func.min(outbox.c.next_try_at)).where(is_first_in(lane))
    return func.coalesce(due.scalar_subquery(), first.scalar_subquery())

"""What becomes of a thread that the last person has left: the channel's feed has it back, or it ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Text, exists, select, update

from bot.domain.subscriptions.subscription import Ending, Mode
from bot.store.database.connection import Connected
from bot.store.database.dialect import Dialect, packed
from bot.store.subscriptions.threads import Threads
from bot.store.tables import feeds, subscriptions

TO_THE_FEED: Final = {"is_fed": True, "is_quiet": True, "mode": Mode.MILESTONES.value}
"""The columns of a thread that a feed opened and nobody follows."""


async def deserted(database: Dialect, connection: Connected, rows: Sequence[Row[Any]], now: datetime) -> None:
    """Nobody follows these active subscriptions, whose jobs are held, any more.

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

"""How far the outbox is behind."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true

from bot.domain.ports.monitoring import Backlog
from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, reads
from bot.store.rows import moment_if
from bot.store.tables import is_parked, is_waiting, outbox, pauses, subscriptions


class BacklogQueries(StoreQueries):
    """See `bot.domain.ports.monitoring`."""

    @reads
    async def backlog(
        self,
        connection: Connected,
        now: datetime,
        org_id: str | None = None,
        team_id: str | None = None,
    ) -> Backlog:
        """See the port."""
        mine = and_(
            true() if org_id is None else outbox.c.subscription_id.in_(_of(org_id)),
            true() if team_id is None else outbox.c.team_id == team_id,
        )
        oldest = select(func.min(outbox.c.created_at)).where(is_waiting, ~_is_paused(now), mine)
        parked = select(func.count()).select_from(outbox).where(is_parked, mine)
        return Backlog(moment_if(await connection.scalar(oldest)), await connection.scalar(parked) or 0)


def _of(org_id: str) -> Select[tuple[str]]:
    return select(subscriptions.c.id).where(subscriptions.c.org_id == org_id)


def _is_paused(now: datetime) -> ColumnElement[bool]:
    """Whether somebody asked that the message waits."""
    theirs = pauses.c.team_id == outbox.c.team_id, pauses.c.channel_id == outbox.c.channel_id
    return exists().where(*theirs, pauses.c.paused_until > now.timestamp())

"""What is forgotten in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, union

from bot.domain.audit import KEPT_FOR as AUDIT_KEPT_FOR
from bot.domain.health.incidents import KEPT_FOR as INCIDENTS_KEPT_FOR
from bot.domain.history import KEPT_FOR as FINISHED_KEPT_FOR
from bot.store.database.connection import Connected
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import reads, writes
from bot.store.tables import (
    audit_trail,
    digests,
    feeds,
    finished_jobs,
    home_tabs,
    incidents,
    is_parked,
    is_waiting,
    job_documents,
    lanes,
    outbox,
    pauses,
    silenced_findings,
    slack_waits,
    subscriptions,
    watched_jobs,
    workspace_incidents,
)
from bot.store.upkeep.forgetting import ForgettingQueries

KEPT_FOR: Final = timedelta(days=7)
"""Ended subscriptions are kept so long, and what a channel or Slack's limits once waited for."""
KEPT_WITH_PARKED_FOR: Final = timedelta(days=30)
"""Those with messages that an operator may still want to send."""
_DOCUMENT_KEPT_FOR: Final = timedelta(days=1)
"""Longer than any document that somebody subscribes with is old."""


class UpkeepQueries(ForgettingQueries):
    """See `bot.domain.ports.Upkeep`."""

    def __init__(self, database: LazyDatabase, audit_kept_for: timedelta = AUDIT_KEPT_FOR) -> None:
        super().__init__(database)
        self._audit_kept_for = audit_kept_for

    @reads
    async def teams(self, connection: Connected) -> Sequence[str]:
        """See the port."""
        told = (
            select(subscriptions.c.team_id).where(subscriptions.c.ended.is_(None)),
            select(feeds.c.team_id),
            select(digests.c.team_id),
            select(outbox.c.team_id).where(is_waiting),
        )
        return sorted(await connection.scalars(union(*told)))

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
        kept_since = (now - self._audit_kept_for).timestamp()
        await connection.execute(delete(audit_trail).where(audit_trail.c.at < kept_since))
        oldest = (now - INCIDENTS_KEPT_FOR).toordinal()
        for counted in (incidents, workspace_incidents):
            await connection.execute(delete(counted).where(counted.c.day < oldest))
        over = delete(pauses).where(pauses.c.paused_until <= now.timestamp())
        await connection.execute(over)
        await connection.execute(delete(home_tabs).where(home_tabs.c.open_until <= now.timestamp()))
        # Not as soon as they are over: a clock that jumps ahead would let what Slack asked for be forgotten.
        since = (now - KEPT_FOR).timestamp()
        idle = delete(lanes).where(lanes.c.due_at.is_(None), lanes.c.closed_until <= since)
        await connection.execute(idle)
        await connection.execute(delete(slack_waits).where(slack_waits.c.waits_until <= since))

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


def _is_of(table: Any) -> ColumnElement[bool]:
    """A subscription to the job of that table's row."""
    return and_(subscriptions.c.org_id == table.c.org_id, subscriptions.c.request_id == table.c.request_id)

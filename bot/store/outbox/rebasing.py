"""What waits for a time that was written by a clock that has jumped: it waits no longer than it should."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, Update, update

from bot.store.database.connection import Connected
from bot.store.database.transaction import Asking, writes
from bot.store.tables import (
    digests,
    examinations,
    is_waiting,
    lanes,
    organisations,
    outbox,
    subscriptions,
    watched_jobs,
)


class RebasingQueries(Asking):
    """See ``rebase_looks`` and ``rebase_sending`` of the ports. Doing either twice changes nothing more."""

    @writes
    async def rebase_looks(
        self, connection: Connected, org_id: str, latest: datetime, latest_rare: datetime
    ) -> None:
        """See the port. A lease that ends early costs one look: who held it is a late loser."""
        soon, rare = latest.timestamp(), latest_rare.timestamp()
        jobs, lists, exams, plans = watched_jobs.c, organisations.c, examinations.c, digests.c
        # When a digest comes is a time of day: only what it waits beyond that is too long.
        due_at = self.database.greater(plans.next_at, soon)
        changes = [
            update(watched_jobs)
            .where(jobs.org_id == org_id, jobs.due_at > soon)
            .values(
                due_at=soon,
                next_look_at=self.database.lesser(jobs.next_look_at, soon),
                lease_until=self.database.lesser(jobs.lease_until, soon),
            ),
            _brought_back(organisations, lists.next_list_at, soon, lists.org_id == org_id),
            _brought_back(organisations, lists.lease_until, soon, lists.org_id == org_id),
            _brought_back(organisations, lists.list_refused_until, rare, lists.org_id == org_id),
            _brought_back(examinations, exams.due_at, rare, exams.org_id == org_id),
            update(digests).where(plans.org_id == org_id, plans.due_at > due_at).values(due_at=due_at),
        ]
        for change in changes:
            await connection.execute(change)

    @writes
    async def rebase_sending(
        self, connection: Connected, now: datetime, latest: datetime, lease_seconds: float
    ) -> None:
        """See the port. No lane is opened before a lease that was taken at this moment would end."""
        seconds, free = latest.timestamp(), max(latest.timestamp(), now.timestamp() + lease_seconds)
        changes = [
            _brought_back(outbox, outbox.c.next_try_at, seconds, is_waiting),
            _brought_back(subscriptions, subscriptions.c.card_next_try_at, seconds),
            _brought_back(lanes, lanes.c.due_at, seconds),
            _brought_back(lanes, lanes.c.closed_until, free),
        ]
        for change in changes:
            await connection.execute(change)


def _brought_back(
    table: Table, column: ColumnElement[Any], seconds: float, *which: ColumnElement[bool]
) -> Update:
    return update(table).where(column > seconds, *which).values({column: seconds})

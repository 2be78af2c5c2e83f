"""What a clock that jumped asks of the watch: nothing waits for a time that has not come again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, writes
from bot.store.rows import brought_back
from bot.store.tables import (
    conditions,
    digests,
    examinations,
    organisations,
    subscription_groups,
    subscriptions,
    watched_jobs,
)


class RebasingQueries(StoreQueries):
    """See `bot.domain.ports.Watches`."""

    @writes
    async def rebase_looks(
        self, connection: Connected, org_id: str, latest: datetime, latest_rare: datetime
    ) -> None:
        """See the port. A lease that ends early costs one look: whoever held it has a stale lease."""
        soon, rare = latest.timestamp(), latest_rare.timestamp()
        jobs, lists, exams, plans = watched_jobs.c, organisations.c, examinations.c, digests.c
        groups = subscription_groups.c
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
            brought_back(organisations, lists.next_list_at, soon, lists.org_id == org_id),
            brought_back(organisations, lists.lease_until, soon, lists.org_id == org_id),
            brought_back(organisations, lists.list_refused_until, rare, lists.org_id == org_id),
            brought_back(examinations, exams.due_at, rare, exams.org_id == org_id),
            brought_back(subscription_groups, groups.due_at, rare, groups.org_id == org_id),
            # What happens from now on is after an alert was set, whatever the clock said then.
            brought_back(conditions, conditions.c.created_at, soon, _is_of(org_id)),
            update(digests).where(plans.org_id == org_id, plans.due_at > due_at).values(due_at=due_at),
        ]
        for change in changes:
            await connection.execute(change)


def _is_of(org_id: str) -> ColumnElement[bool]:
    """Which alerts are about this organization's jobs."""
    mine = select(subscriptions.c.id).where(subscriptions.c.org_id == org_id)
    return conditions.c.subscription_id.in_(mine)

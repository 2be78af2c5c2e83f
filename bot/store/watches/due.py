"""Which organizations have something due, asked for all of them at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
)

from bot.domain.polling.list_outcomes import FEWEST_JOBS
from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, reads
from bot.store.jobs.listed_jobs import wants_list
from bot.store.rows import moment
from bot.store.tables import digests, examinations, organisations, subscription_groups, watched_jobs

_NEVER: Final = 1e18
"""Later than any time that is stored."""


class DueQueries(StoreQueries):
    """See `bot.domain.ports.WatchStore.due_work`."""

    @reads
    async def due_work(
        self, connection: Connected, until: datetime | None, *, by_list: bool = True
    ) -> Mapping[str, datetime]:
        """See the port. An index of each table has its organization's earliest time first."""
        limit = _NEVER / 10 if until is None else until.timestamp()
        rows = await connection.execute(self._due(), {"until": limit, "by_list": by_list})
        return {row.org_id: moment(max(0.0, row.due_at)) for row in rows}

    def _due(self) -> Select[Any]:
        earliest: ColumnElement[float] = case((_uses_list(), self._list_at()), else_=_NEVER)
        for table in (watched_jobs, examinations, subscription_groups, digests):
            earliest = self.database.lesser(earliest, func.coalesce(_first(table), _NEVER))
        found = select(organisations.c.org_id, earliest.label("due_at")).subquery("found")
        return select(found).where(found.c.due_at <= bindparam("until")).order_by(found.c.due_at)

    def _list_at(self) -> ColumnElement[float]:
        """Not while somebody holds it, nor while it is refused."""
        row = organisations.c
        held = self.database.greater(row.lease_until, func.coalesce(row.list_refused_until, 0.0))
        return self.database.greater(held, func.coalesce(row.next_list_at, 0.0))


def _uses_list() -> ColumnElement[bool]:
    """As `bot.domain.polling.list_outcomes.uses_list`, but for the time until which it is refused."""
    several = (
        select(literal(1))
        .select_from(watched_jobs)
        .where(watched_jobs.c.org_id == organisations.c.org_id)
        .correlate(organisations)
        .limit(1)
        .offset(FEWEST_JOBS - 1)
        .exists()
    )
    return or_(and_(bindparam("by_list", type_=Boolean), several), wants_list(organisations.c.org_id))


def _first(table: Table) -> Any:
    mine = table.c.org_id == organisations.c.org_id
    return select(func.min(table.c.due_at)).where(mine).correlate(organisations).scalar_subquery()

"""How often something went wrong, and the weekly message about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from bot.domain.health.incidents import Incident, Week
from bot.domain.subscriptions.notifications.notices import WeeklyReport
from bot.store.channels.once import OnceQueries, name_of, was_put
from bot.store.database.connection import Connected
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.rows import storable
from bot.store.tables import incidents


class IncidentQueries(StoreQueries):
    """See `bot.domain.ports.monitoring`."""

    def __init__(self, database: LazyDatabase) -> None:
        super().__init__(database)
        self._once = OnceQueries(database)

    @writes
    async def add_incidents(
        self, connection: Connected, counts: Mapping[tuple[str, Incident], int], now: datetime
    ) -> None:
        """See the port. In one order, so that two processes that do it at once don't deadlock."""
        for (org_id, kind), times in sorted(counts.items()):
            given = self.database.insert(incidents).values(
                org_id=storable(org_id), day=now.toordinal(), kind=kind.value, times=times
            )
            added = given.on_conflict_do_update(
                index_elements=[incidents.c.org_id, incidents.c.day, incidents.c.kind],
                set_={"times": incidents.c.times + given.excluded.times},
            )
            await connection.execute(added)

    @reads
    async def week(self, connection: Connected, org_id: str, monday: date) -> Week:
        """See the port."""
        first, last = monday.toordinal(), (monday + timedelta(days=7)).toordinal()
        counted = (
            select(incidents.c.kind, func.sum(incidents.c.times).label("times"))
            .where(incidents.c.org_id == org_id, incidents.c.day >= first, incidents.c.day < last)
            .group_by(incidents.c.kind)
        )
        found = {row.kind: int(row.times) for row in await connection.execute(counted)}
        times = {kind.value: found.get(kind.value, 0) for kind in Incident}
        return Week(org_id, monday, **times)

    @writes
    async def report_week(
        self, connection: Connected, week: Week, team_id: str, channel_id: str, now: datetime
    ) -> bool:
        """See the port. What ended a week ago is forgotten: by then the next week is due."""
        told = WeeklyReport(
            once_key=week.monday.isoformat(),
            at=now,
            parked=week.parked,
            limited=week.limited,
            late=week.late,
        )
        where = {"org_id": week.org_id, "team_id": team_id, "channel_id": channel_id}
        return await self._once.put(connection, _name(week.org_id, week.monday), told, **where)

    @reads
    async def was_week_reported(self, connection: Connected, org_id: str, monday: date) -> bool:
        """See the port."""
        return await was_put(connection, _name(org_id, monday))


def _name(org_id: str, monday: date) -> str:
    return name_of("week", org_id, monday.isoformat())

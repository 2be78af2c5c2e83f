"""How often something went wrong, and the weekly message about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, true

from bot.domain.health.incidents import Happened, Incident, Week
from bot.domain.subscriptions.notifications.notices import WeeklyReport
from bot.store.channels.once import OnceQueries, name_of, was_put
from bot.store.database.connection import Connected
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.rows import storable
from bot.store.tables import workspace_incidents


class IncidentQueries(StoreQueries):
    """See `bot.domain.ports.monitoring`."""

    def __init__(self, database: LazyDatabase) -> None:
        super().__init__(database)
        self._once = OnceQueries(database)

    @writes
    async def add_incidents(
        self, connection: Connected, counts: Mapping[Happened, int], now: datetime
    ) -> None:
        """See the port. In one order, so that two processes that do it at once don't deadlock."""
        table = workspace_incidents.c
        for (team_id, org_id, kind), times in sorted(counts.items()):
            whose = {"team_id": storable(team_id), "org_id": storable(org_id)}
            given = self.database.insert(workspace_incidents).values(
                **whose, day=now.toordinal(), kind=kind.value, times=times
            )
            added = given.on_conflict_do_update(
                index_elements=[table.team_id, table.org_id, table.day, table.kind],
                set_={"times": table.times + given.excluded.times},
            )
            await connection.execute(added)

    @reads
    async def week(self, connection: Connected, team_id: str, org_id: str, monday: date) -> Week:
        """See the port."""
        first, last = monday.toordinal(), (monday + timedelta(days=7)).toordinal()
        table = workspace_incidents.c
        counted = (
            select(table.kind, func.sum(table.times).label("times"))
            .where(table.org_id == org_id, table.day >= first, table.day < last)
            .where(table.team_id == team_id if team_id else true())
            .group_by(table.kind)
        )
        found = {row.kind: int(row.times) for row in await connection.execute(counted)}
        times = {kind.value: found.get(kind.value, 0) for kind in Incident}
        return Week(org_id, monday, team_id=team_id, **times)

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
        return await self._once.put(connection, _name(week.team_id, week.org_id, week.monday), told, **where)

    @reads
    async def was_week_reported(self, connection: Connected, team_id: str, org_id: str, monday: date) -> bool:
        """See the port."""
        return await was_put(connection, _name(team_id, org_id, monday))


def _name(team_id: str, org_id: str, monday: date) -> str:
    return name_of("week", *filter(None, (team_id, org_id)), monday.isoformat())

"""The store: what every process counted, and the weekly message about it, once."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

import pytest

from bot.domain.health.incidents import KEPT_FOR, Happened, Incident, Week
from bot.domain.subscriptions.notifications.notices import WeeklyReport
from bot.store.store import DatabaseStore
from tests.contracts.facts import ORG, T0, TEAM, at, drained, opened

pytestmark = pytest.mark.asyncio(loop_scope="session")

MONDAY = T0.date() - timedelta(days=T0.weekday())
WEEK = Week(ORG, MONDAY, parked=2, team_id=TEAM)
BOTH = {Happened(TEAM, ORG, Incident.PARKED): 1, Happened(TEAM, ORG, Incident.LIMITED): 20}


def _on(day: date) -> datetime:
    return T0.replace(year=day.year, month=day.month, day=day.day)


async def test_what_all_processes_count_is_one_sum(database_url: str) -> None:
    """Also at the same moment, in whatever order each has them."""
    stores = [await opened(database_url) for _ in range(3)]
    turned = dict(reversed(BOTH.items()))
    counts = [BOTH, turned] * 6
    adding = [stores[n % 3].incidents.add_incidents(each, T0) for n, each in enumerate(counts)]
    await asyncio.gather(*adding)
    assert await stores[0].incidents.week(TEAM, ORG, MONDAY) == Week(
        ORG, MONDAY, parked=12, limited=240, team_id=TEAM
    )
    for each in stores:
        await each.database.close()


async def test_a_week_is_from_monday_to_sunday(store: DatabaseStore) -> None:
    """Of one organization; what is a month old is forgotten."""
    for days in (-1, 0, 6, 7):
        await store.incidents.add_incidents(
            {Happened(TEAM, ORG, Incident.LATE): 10 + days}, _on(MONDAY + timedelta(days=days))
        )
    await store.incidents.add_incidents({Happened(TEAM, "org-2", Incident.LATE): 1}, T0)
    assert await store.incidents.week(TEAM, ORG, MONDAY) == Week(ORG, MONDAY, late=26, team_id=TEAM)
    assert (await store.incidents.week(TEAM, ORG, MONDAY + timedelta(days=7))).late == 17
    assert (await store.incidents.week(TEAM, "org-3", MONDAY)).is_quiet
    await store.upkeep.clean(_on(MONDAY) + KEPT_FOR)
    assert (await store.incidents.week(TEAM, ORG, MONDAY)).late == 26
    await store.upkeep.clean(_on(MONDAY) + KEPT_FOR + timedelta(days=1))
    assert (await store.incidents.week(TEAM, ORG, MONDAY)).late == 16


async def test_a_week_is_reported_once_whoever_does(database_url: str) -> None:
    """Many processes at once, and again after a restart; another week is another message."""
    stores = [await opened(database_url) for _ in range(3)]
    assert not await stores[0].incidents.was_week_reported(TEAM, ORG, MONDAY)
    sent = await asyncio.gather(*(each.incidents.report_week(WEEK, TEAM, "D1", T0) for each in stores * 3))
    assert sorted(sent) == [False] * 8 + [True]
    for each in stores:
        await each.database.close()
    store = await opened(database_url)
    assert await store.incidents.was_week_reported(TEAM, ORG, MONDAY)
    assert not await store.incidents.report_week(WEEK, TEAM, "D1", at(60))
    assert await store.incidents.report_week(
        Week(ORG, MONDAY + timedelta(days=7), late=1, team_id=TEAM), TEAM, "D1", at(60)
    )
    first, second = [each.notification for each in await drained(store, at(90), "D1")]
    assert isinstance(first, WeeklyReport)
    assert isinstance(second, WeeklyReport)
    assert (first.parked, first.limited, second.late) == (2, 0, 1)
    await store.database.close()


async def test_it_is_remembered_until_the_next_is_due(store: DatabaseStore) -> None:
    """Though what is over is forgotten in time."""
    await store.incidents.report_week(WEEK, TEAM, "D1", T0)
    await drained(store, T0, "D1")
    await store.upkeep.clean(T0 + timedelta(days=7))
    assert await store.incidents.was_week_reported(TEAM, ORG, MONDAY)


async def test_each_workspaces_week_is_its_own(store: DatabaseStore) -> None:
    """Though they ask the same organization; where there is one workspace alone, all of it is its own."""
    counts = {Happened(team_id, ORG, Incident.PARKED): 1 + n for n, team_id in enumerate((TEAM, "T2", ""))}
    await store.incidents.add_incidents(counts, T0)
    weeks = [await store.incidents.week(team_id, ORG, MONDAY) for team_id in (TEAM, "T2", "")]
    assert [each.parked for each in weeks] == [1, 2, 6]
    for week in weeks:
        assert not await store.incidents.was_week_reported(week.team_id, ORG, MONDAY)
        assert await store.incidents.report_week(week, week.team_id or TEAM, "D1", T0)
        assert await store.incidents.was_week_reported(week.team_id, ORG, MONDAY)

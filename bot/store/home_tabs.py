"""Open Home tabs: whose they are, what they show, and which are to be drawn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select, tuple_, update

from bot.domain.ports import HomeTab
from bot.store.database.connection import Connected
from bot.store.database.dialect import Dialect
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.rows import brought_back, moment_if, storable
from bot.store.tables import home_tabs, subscribers

OPEN_SECONDS: Final = 24 * 3600.0
"""How long after its reader was seen there a tab is drawn by itself; opening it always draws it."""
NEWS_SECONDS: Final = 30.0
"""How often at most a tab is drawn because a job moved; what its reader does is drawn at once."""
DRAWN_A_MINUTE: Final = 80
"""Tabs of one workspace, by all processes: Slack takes over a hundred ``views.publish`` (tier 4).

Source: https://docs.slack.dev/apis/web-api/rate-limits
"""
_MINUTE_SECONDS: Final = 60.0
_CLAIM: Final = (
    home_tabs.c.team_id,
    home_tabs.c.user_id,
    home_tabs.c.generation,
    home_tabs.c.news,
    home_tabs.c.shown,
    home_tabs.c.attempts,
)


class HomeTabQueries(StoreQueries):
    """See `bot.domain.ports.HomeTabStore`."""

    @writes
    async def see(self, connection: Connected, team_id: str, user_id: str, now: datetime) -> None:
        """See the port."""
        await self._see(connection, team_id, user_id, now)

    @writes
    async def open_tab(
        self, connection: Connected, team_id: str, user_id: str, now: datetime, lease_seconds: float
    ) -> HomeTab:
        """See the port."""
        await self._see(connection, team_id, user_id, now)
        (tab,) = await _held(connection, _is(team_id, user_id), now, lease_seconds)
        return tab

    @writes
    async def take_tabs(
        self,
        connection: Connected,
        team_id: str,
        user_ids: Collection[str],
        now: datetime,
        lease_seconds: float,
    ) -> Sequence[HomeTab]:
        """See the port."""
        theirs = home_tabs.c.team_id == team_id, home_tabs.c.user_id.in_(user_ids), _is_open(now)
        return await _held(connection, and_(*theirs), now, lease_seconds)

    @writes
    async def claim_tabs(
        self, connection: Connected, now: datetime, lease_seconds: float, limit: int
    ) -> Sequence[HomeTab]:
        """See the port. Of two processes that ask at once the second one finds the same, and gets none."""
        at = now.timestamp()
        lately = home_tabs.c.drawn_at > at - _MINUTE_SECONDS, home_tabs.c.lease_until > at
        drawn = select(home_tabs.c.team_id, func.count().label("tabs")).where(or_(*lately))
        drawn_in = drawn.group_by(home_tabs.c.team_id).subquery("drawn")
        place = func.row_number().over(partition_by=home_tabs.c.team_id, order_by=home_tabs.c.due_at)
        due = select(home_tabs.c.team_id, home_tabs.c.user_id, home_tabs.c.due_at, place.label("place"))
        due_in = due.where(_is_due(now)).subquery("due")
        few = (
            select(due_in.c.team_id, due_in.c.user_id)
            .outerjoin_from(due_in, drawn_in, due_in.c.team_id == drawn_in.c.team_id)
            .where(due_in.c.place + func.coalesce(drawn_in.c.tabs, 0) <= DRAWN_A_MINUTE)
            .order_by(due_in.c.due_at)
            .limit(limit)
        )
        key = tuple_(home_tabs.c.team_id, home_tabs.c.user_id)
        free = select(home_tabs.c.team_id, home_tabs.c.user_id).where(_is_due(now), key.in_(few))
        free_now = free.with_for_update(skip_locked=True).cte("free")
        return await _held(connection, key.in_(select(free_now)), now, lease_seconds)

    @reads
    async def next_tab_at(self, connection: Connected, now: datetime) -> datetime | None:
        """See the port."""
        at = self.database.greater(home_tabs.c.due_at, home_tabs.c.lease_until)
        is_open = _is_open(now), home_tabs.c.open_until > home_tabs.c.due_at
        wanted = select(func.min(at)).where(home_tabs.c.due_at.is_not(None), *is_open)
        return moment_if(await connection.scalar(wanted))

    @writes
    async def rebase_tabs(self, connection: Connected, now: datetime, latest: datetime) -> None:
        """See the port."""
        at, last = now.timestamp(), latest.timestamp()
        changes = [
            brought_back(home_tabs, home_tabs.c.due_at, last),
            brought_back(home_tabs, home_tabs.c.lease_until, last),
            brought_back(home_tabs, home_tabs.c.drawn_at, at),
            brought_back(home_tabs, home_tabs.c.open_until, at + OPEN_SECONDS),
        ]
        for change in changes:
            await connection.execute(change)

    @writes
    async def finish_tab(self, connection: Connected, tab: HomeTab, shown: str | None, now: datetime) -> None:
        """See the port."""
        happened = case((home_tabs.c.news == tab.news, None), else_=now.timestamp() + NEWS_SECONDS)
        done = update(home_tabs).where(_is_mine(tab))
        done = done.values(shown=shown, drawn_at=now.timestamp(), due_at=happened, lease_until=0, attempts=0)
        if not (await connection.execute(done)).rowcount:
            late = update(home_tabs).where(_is(tab.team_id, tab.user_id), _is_open(now))
            await connection.execute(
                late.values(shown=None, due_at=now.timestamp(), news=home_tabs.c.news + 1)
            )

    @writes
    async def put_off_tab(self, connection: Connected, tab: HomeTab, until: datetime) -> None:
        """See the port."""
        later = update(home_tabs).where(_is_mine(tab))
        later = later.values(
            shown=None, due_at=until.timestamp(), lease_until=0, attempts=home_tabs.c.attempts + 1
        )
        await connection.execute(later)

    async def _see(self, connection: Connected, team_id: str, user_id: str, now: datetime) -> None:
        until = now.timestamp() + OPEN_SECONDS
        seen = self.database.insert(home_tabs)
        seen = seen.values(team_id=storable(team_id), user_id=storable(user_id), open_until=until)
        key = [home_tabs.c.team_id, home_tabs.c.user_id]
        await connection.execute(seen.on_conflict_do_update(index_elements=key, set_={"open_until": until}))


async def draw_homes(
    database: Dialect, connection: Connected, team_id: str, subscription_id: str, now: datetime
) -> None:
    """Something of a subscription was brought to Slack: its subscribers' open tabs are to be drawn."""
    theirs = select(subscribers.c.user_id).where(subscribers.c.subscription_id == subscription_id)
    mine = home_tabs.c.team_id == team_id, home_tabs.c.user_id.in_(theirs), _is_open(now)
    soon = database.greater(home_tabs.c.drawn_at + NEWS_SECONDS, now.timestamp())
    told = update(home_tabs).where(*mine)
    told = told.values(news=home_tabs.c.news + 1, due_at=func.coalesce(home_tabs.c.due_at, soon))
    await connection.execute(told)


async def _held(
    connection: Connected, which: ColumnElement[bool], now: datetime, lease_seconds: float
) -> Sequence[HomeTab]:
    """Take these tabs, whoever has them; they are due again where this process dies."""
    until = now.timestamp() + lease_seconds
    held = update(home_tabs).where(which)
    held = held.values(due_at=until, lease_until=until, generation=home_tabs.c.generation + 1)
    return [_tab(row) for row in await connection.execute(held.returning(*_CLAIM))]


def _tab(row: Row[Any]) -> HomeTab:
    return HomeTab(row.team_id, row.user_id, row.generation, row.news, row.shown, row.attempts)


def _is(team_id: str, user_id: str) -> ColumnElement[bool]:
    return and_(home_tabs.c.team_id == storable(team_id), home_tabs.c.user_id == storable(user_id))


def _is_mine(tab: HomeTab) -> ColumnElement[bool]:
    return and_(_is(tab.team_id, tab.user_id), home_tabs.c.generation == tab.generation)


def _is_open(now: datetime) -> ColumnElement[bool]:
    return home_tabs.c.open_until > now.timestamp()


def _is_due(now: datetime) -> ColumnElement[bool]:
    at = now.timestamp()
    return and_(home_tabs.c.due_at <= at, home_tabs.c.lease_until <= at, _is_open(now))

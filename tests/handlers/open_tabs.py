"""Open Home tabs, in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import StoreError
from bot.domain.ports import HomeTab
from bot.store.home_tabs import NEWS_SECONDS

_LONG_AGO_SECONDS = 1e6


class OpenTabs:
    """As the port says; a tab stays open."""

    def __init__(self) -> None:
        self.tabs: dict[tuple[str, str], HomeTab] = {}
        self.due: dict[tuple[str, str], datetime] = {}
        self.drawn: dict[tuple[str, str], datetime] = {}
        self.is_away = False

    def told(self, team_id: str, user_ids: Collection[str], now: datetime) -> None:
        """What delivery does with what it brought to Slack."""
        for key in {(team_id, each) for each in user_ids} & self.tabs.keys():
            self.tabs[key] = replace(self.tabs[key], news=self.tabs[key].news + 1)
            drawn = self.drawn.get(key, now - timedelta(seconds=_LONG_AGO_SECONDS))
            self.due.setdefault(key, max(now, drawn + timedelta(seconds=NEWS_SECONDS)))

    async def see(self, team_id: str, user_id: str, now: datetime) -> None:  # noqa: ARG002  (the port)
        """As the port says."""
        if self.is_away:
            raise StoreError
        self.tabs.setdefault((team_id, user_id), HomeTab(team_id, user_id, 0, 0, None, 0))

    async def open_tab(self, team_id: str, user_id: str, now: datetime, lease_seconds: float) -> HomeTab:
        """As the port says."""
        await self.see(team_id, user_id, now)
        return self._held((team_id, user_id), now + timedelta(seconds=lease_seconds))

    async def take_tabs(
        self, team_id: str, user_ids: Collection[str], now: datetime, lease_seconds: float
    ) -> Sequence[HomeTab]:
        """As the port says."""
        keys = [(team_id, each) for each in user_ids if (team_id, each) in self.tabs]
        return [self._held(key, now + timedelta(seconds=lease_seconds)) for key in keys]

    async def claim_tabs(self, now: datetime, lease_seconds: float, limit: int) -> Sequence[HomeTab]:
        """As the port says."""
        keys = [key for key, due in self.due.items() if due <= now][:limit]
        return [self._held(key, now + timedelta(seconds=lease_seconds)) for key in keys]

    async def next_tab_at(self, now: datetime) -> datetime | None:  # noqa: ARG002  (every tab of these tests stays open)
        """As the port says."""
        if self.is_away:
            raise StoreError
        return min(self.due.values(), default=None)

    async def rebase_tabs(self, now: datetime, latest: datetime) -> None:
        """As the port says."""
        if self.is_away:
            raise StoreError
        self.due = {key: min(due, latest) for key, due in self.due.items()}
        self.drawn = {key: min(drawn, now) for key, drawn in self.drawn.items()}

    async def finish_tab(self, tab: HomeTab, shown: str | None, now: datetime) -> None:
        """As the port says."""
        key = tab.team_id, tab.user_id
        mine = self.tabs.get(key)
        if mine is None or mine.generation != tab.generation:
            return
        del self.due[key]
        self.drawn[key] = now
        self.tabs[key] = replace(mine, shown=shown, attempts=0)
        if mine.news != tab.news:
            self.due[key] = now + timedelta(seconds=NEWS_SECONDS)

    async def put_off_tab(self, tab: HomeTab, until: datetime) -> None:
        """As the port says."""
        key = tab.team_id, tab.user_id
        self.due[key] = until
        self.tabs[key] = replace(self.tabs[key], shown=None, attempts=tab.attempts + 1)

    def _held(self, key: tuple[str, str], until: datetime) -> HomeTab:
        """As in the database: due again when the lease is over."""
        tab = self.tabs[key] = replace(self.tabs[key], generation=self.tabs[key].generation + 1)
        self.due[key] = until
        return tab

"""The Home tab: drawn when it is opened, and again when a job its reader is subscribed to changes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import structlog
from cachetools import TTLCache

from bot.domain.errors import SlackError, SlackLimitedError, SlackPermanentError, StoreError
from bot.domain.messages.installation import team_of
from bot.domain.ports import Clock, HomeTab, HomeTabStore
from bot.handlers.deliveries import crash_points
from bot.handlers.home.page import NOWHERE, page_of, view_of
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context
from bot.handlers.kit.replies import nowhere
from bot.handlers.kit.subscription_cache import Followings, Subscribers
from bot.handlers.kit.tenants import Tenants
from bot.handlers.kit.work import Work
from bot.handlers.rights.checks import as_seen
from bot.tasks import ClockJumps, OnRound, first_of, working_for

LEASE_SECONDS = 60.0
"""How long a process may be at a tab before another one draws it."""
POLL_SECONDS = 5.0
"""How often at least it is looked for what another process told."""
AGAIN_SECONDS = 5.0
LONGEST_AGAIN_SECONDS = 300.0
"""How long after Slack did not take a tab it is drawn anew: twice as long each time, up to this."""
_LONGEST_PAUSE_SECONDS = 60.0
_SHORT_REST_SECONDS = 1.0
_MOST_AT_ONCE = 10
_LOOKED_IN = 10_000, 86_400.0  # as long as a tab is kept up to date
_NOT_OURS = -1
"""The generation of a tab that the database gave nobody."""

_log = structlog.stdlib.get_logger(__name__)


class Reader(NamedTuple):
    """Whose tab it is."""

    team_id: str
    user_id: str


class Homes:
    """Everybody's Home tab. Slack keeps what was drawn last, so what changes is drawn again.

    The database says whose is open and what it shows, so that any process draws what another one told, and
    a restart forgets none. A tab that was just opened is drawn without it too.
    """

    def __init__(  # noqa: PLR0913, PLR0917  (the ports, and what it listens to)
        self,
        tenants: Tenants,
        followings: Followings,
        tabs: HomeTabStore,
        clock: Clock,
        work: Work,
        on_crash_point: crash_points.OnCrashPoint = crash_points.nothing,
    ) -> None:
        self._tenants = tenants
        self._followings = followings
        self._tabs = tabs
        self._clock = clock
        self._work = work
        self._on_crash_point = on_crash_point
        self._due: dict[Reader, bool] = {}
        """Whose tab is to be drawn at once, and whether also where nobody knows that it is open."""
        self._drawing: set[Reader] = set()
        self._looked_in: TTLCache[Reader, str] = TTLCache(*_LOOKED_IN, clock.monotonic)
        """In which of an organization's workspaces, as far as it was said to this process."""
        self._bell = asyncio.Event()
        self._jumps = ClockJumps(clock)
        self._mistrusts_times = True
        """Those in the database, which a clock may have written that jumped since, or before we began."""

    def keep_true(self) -> None:
        """From now on draw the tabs of those whose subscriptions change, and see to those whose jobs move."""
        self._followings.changed.listen(self.changed)
        self._followings.moved.listen(lambda _: self._bell.set())

    def opened(self, context: Context, body: Mapping[str, Any]) -> None:
        """An ``app_home_opened`` event: other tabs of the app than Home are none of ours."""
        event = body["event"]
        if event.get("tab") == "home" and isinstance(event.get("user"), str):
            self.show(team_of(body, context.login.installation), event["user"], context.workspace_id)

    def show(self, team_id: str, user_id: str, workspace_id: str | None = None) -> None:
        """Draw the tab of somebody who is looking at it; in which workspace, where that was said."""
        if workspace_id is not None:
            self._looked_in[Reader(team_id, user_id)] = workspace_id
        self._draw_soon(Reader(team_id, user_id), opens=True)

    def seen(self, team_id: str, user_id: str) -> None:
        """Somebody is looking at theirs, whoever drew it: what changes from now on is drawn."""
        self._work.start(self._see(Reader(team_id, user_id)), nowhere)

    def changed(self, subscribers: Subscribers) -> None:
        """These people's subscriptions changed: draw the tabs of those who looked at theirs lately."""
        for user_id in subscribers.user_ids:
            self._draw_soon(Reader(subscribers.team_id, user_id), opens=False)

    async def run(self, on_round: OnRound) -> None:
        """Draw what is due, whoever told it, until cancelled, whatever goes wrong."""
        failures = 0
        while True:
            self._bell.clear()
            try:
                rest = await self.round()
            except Exception as error:  # noqa: BLE001  (the loop's edge: nothing may end it)
                failures += 1
                on_round(error)
                if not isinstance(error, StoreError):
                    _log.error("a round of Home tabs failed", exc_info=error)
                elif failures == 1:
                    _log.warning("Home tabs wait for the database", error=error.code, detail=error.detail)
                await self._clock.sleep(min(_LONGEST_PAUSE_SECONDS, POLL_SECONDS * 2 ** min(failures, 10)))
            else:
                failures = 0
                on_round(None)
                if rest > 0:
                    await first_of(self._clock.sleep(rest), self._bell.wait())

    async def round(self) -> float:
        """Begin to draw what is due; how many seconds until there may be more.

        Raises:
            StoreError: the database does not answer.
        """
        await self._mind_the_clock()
        if len(self._drawing) >= _MOST_AT_ONCE:
            return _SHORT_REST_SECONDS
        now = self._clock.now()
        due_at = await self._tabs.next_tab_at(now)
        wait = POLL_SECONDS if due_at is None else (due_at - now).total_seconds()
        if wait > 0:
            return min(wait, POLL_SECONDS)
        tabs = await self._tabs.claim_tabs(now, LEASE_SECONDS, _MOST_AT_ONCE - len(self._drawing))
        for tab in tabs:
            # Somebody who is drawn at once takes it from us.
            if (reader := Reader(tab.team_id, tab.user_id)) not in self._drawing:
                self._drawing.add(reader)
                self._work.start(self._draw(reader, tab), nowhere)
        return 0.0 if tabs else _SHORT_REST_SECONDS

    async def _mind_the_clock(self) -> None:
        if self._jumps.look():
            self._mistrusts_times = True
        if self._mistrusts_times:
            now = self._clock.now()
            await self._tabs.rebase_tabs(now, now + timedelta(seconds=LEASE_SECONDS))
            self._mistrusts_times = False

    def _draw_soon(self, reader: Reader, *, opens: bool) -> None:
        """However much changes before it is drawn, it is drawn once."""
        self._due[reader] = opens or self._due.get(reader, False)
        if reader not in self._drawing:
            self._drawing.add(reader)
            self._work.start(self._draw(reader), nowhere)

    async def _draw(self, reader: Reader, claimed: HomeTab | None = None) -> None:
        """One at a time, so that what was read first never comes last."""
        try:
            with working_for(reader.team_id):
                if claimed is not None:
                    await self._try(claimed, always=False)
                while reader in self._due:
                    tab = await self._taken(reader, opens=self._due.pop(reader))
                    if tab is not None:
                        await self._try(tab, always=True)
        finally:
            self._drawing.discard(reader)
            self._bell.set()
            if reader in self._due:  # it came while this one failed
                self._draw_soon(reader, opens=self._due[reader])

    async def _see(self, reader: Reader) -> None:
        try:
            await self._tabs.see(*reader, self._clock.now())
        except StoreError as error:
            _log.warning("an open Home tab is not written down", error=error.code, detail=error.detail)

    async def _taken(self, reader: Reader, *, opens: bool) -> HomeTab | None:
        """None where it is not open."""
        now = self._clock.now()
        try:
            if opens:
                return await self._tabs.open_tab(*reader, now, LEASE_SECONDS)
            tabs = await self._tabs.take_tabs(reader.team_id, [reader.user_id], now, LEASE_SECONDS)
        except StoreError as error:
            _log.warning("a Home tab is drawn without the database", error=error.code, detail=error.detail)
            return HomeTab(*reader, _NOT_OURS, 0, None, 0) if opens else None
        return tabs[0] if tabs else None

    async def _try(self, tab: HomeTab, *, always: bool) -> None:
        """Draw it; again, and later each time, where Slack does not take it just now."""
        self._on_crash_point(crash_points.HOME_TAKEN)
        try:
            shown = await self._publish(tab, always=always)
        except SlackError as error:
            if isinstance(error, SlackPermanentError):
                await self._finish(tab, None)
                raise
            least = error.retry_after_seconds if isinstance(error, SlackLimitedError) else 0.0
            seconds = max(least, min(AGAIN_SECONDS * 2 ** min(tab.attempts, 10), LONGEST_AGAIN_SECONDS))
            _log.warning("a Home tab was not drawn", error=error.code, detail=error.detail, again_in=seconds)
            await self._put_off(tab, seconds)
        except Exception:
            await self._finish(tab, None)
            raise
        else:
            self._on_crash_point(crash_points.HOME_DRAWN)
            await self._finish(tab, shown)

    async def _finish(self, tab: HomeTab, shown: str | None) -> None:
        """What can't be written down is drawn once more when the lease is over."""
        with suppress(StoreError):
            await self._tabs.finish_tab(tab, shown, self._clock.now())

    async def _put_off(self, tab: HomeTab, seconds: float) -> None:
        with suppress(StoreError):
            await self._tabs.put_off_tab(tab, self._clock.now() + timedelta(seconds=seconds))

    async def _publish(self, tab: HomeTab, *, always: bool) -> str | None:
        """What it shows now."""
        context = await self._tenants.of(tab.team_id, NOWHERE)
        if context is None:
            return tab.shown
        if not context.org_id:  # setup is offered: it is one workspace's, as everything else there isn't
            looked_in = self._looked_in.get(Reader(tab.team_id, tab.user_id), "")
            context = replace(context, workspace_id=looked_in)
        with working_for(tab.team_id, context.org_id):
            return await self._draw_anew(context, tab, always=always)

    @staticmethod
    async def _draw_anew(context: Context, tab: HomeTab, *, always: bool) -> str:
        team_id, user_id = tab.team_id, tab.user_id
        context = await as_seen(context, Place(team_id, NOWHERE, user_id), for_all=False)
        page = await page_of(context, team_id, user_id, background=not always)
        if always or tab.shown != page.digest:
            await context.slack.publish_home(user_id, await view_of(context, page, background=not always))
        return page.digest

"""The Home tab: drawn when it is opened, and again when a job its reader is subscribed to changes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import structlog
from cachetools import TTLCache

from bot.domain.errors import SlackError, SlackLimitedError, SlackPermanentError
from bot.domain.messages.installation import team_of
from bot.domain.ports import Clock
from bot.handlers.home.page import NOWHERE, page_of, view_of
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context
from bot.handlers.kit.replies import nowhere
from bot.handlers.kit.subscription_cache import Followings, Subscribers
from bot.handlers.kit.tenants import Tenants
from bot.handlers.kit.work import Work
from bot.handlers.rights.checks import as_seen
from bot.tasks import working_for

REMEMBERED = 10_000
REMEMBERED_SECONDS = 24 * 3600.0
"""How long after a person opened their tab it is drawn again by itself; opening it always draws it."""
NEWS_SECONDS = 30.0
"""How often at most a tab is drawn because a job moved; what its reader does is drawn at once."""
AGAIN_SECONDS = 5.0
LONGEST_AGAIN_SECONDS = 300.0
"""How long after Slack did not take a tab it is drawn anew: twice as long each time, up to this."""

_log = structlog.stdlib.get_logger(__name__)


class Drawn(NamedTuple):
    """What a tab shows, as a number that changes with it, and since when (on the clock's `monotonic`)."""

    shown: int | None
    """None where nobody knows: Slack did not say that it took it."""
    at: float


class Reader(NamedTuple):
    """Whose tab it is."""

    team_id: str
    user_id: str


class Homes:
    """Everybody's Home tab. Slack keeps what was drawn last, so what changes is drawn again."""

    def __init__(self, tenants: Tenants, followings: Followings, clock: Clock, work: Work) -> None:
        self._tenants = tenants
        self._followings = followings
        self._monotonic = clock.monotonic
        self._work = work
        self._readers: TTLCache[Reader, None] = TTLCache(
            REMEMBERED, REMEMBERED_SECONDS, timer=clock.monotonic
        )
        self._drawn: TTLCache[Reader, Drawn] = TTLCache(REMEMBERED, REMEMBERED_SECONDS, timer=clock.monotonic)
        self._due: dict[Reader, bool] = {}
        """Whose tab is to be drawn, and whether also where it shows nothing new."""
        self._drawing: set[Reader] = set()
        self._awaited: set[Reader] = set()
        """For whom news waits until they had some long enough ago."""
        self._refused: dict[Reader, int] = {}
        """How often in a row Slack did not take a tab."""

    def keep_true(self) -> None:
        """From now on draw the tabs of those whose subscriptions change, or whose jobs move."""
        self._followings.changed.listen(self.changed)
        self._followings.moved.listen(self.moved)

    def opened(self, context: Context, body: Mapping[str, Any]) -> None:
        """An ``app_home_opened`` event: other tabs of the app than Home are none of ours."""
        event = body["event"]
        if event.get("tab") == "home" and isinstance(event.get("user"), str):
            self.show(team_of(body, context.login.installation), event["user"])

    def show(self, team_id: str, user_id: str) -> None:
        """Draw the tab of somebody who is looking at it."""
        self.seen(team_id, user_id)
        self._draw_soon(Reader(team_id, user_id))

    def seen(self, team_id: str, user_id: str) -> None:
        """Somebody is looking at theirs, whoever drew it: what changes from now on is drawn."""
        self._readers[Reader(team_id, user_id)] = None

    def changed(self, subscribers: Subscribers) -> None:
        """These people's subscriptions changed: draw the tabs of those who looked at theirs lately."""
        for user_id in subscribers.user_ids:
            if (reader := Reader(subscribers.team_id, user_id)) in self._readers:
                self._draw_soon(reader)

    def moved(self, subscribers: Subscribers) -> None:
        """These people's job had an update: draw their tabs, if it is seen there."""
        for user_id in subscribers.user_ids:
            reader = Reader(subscribers.team_id, user_id)
            if reader in self._readers:
                drawn = self._drawn.get(reader)
                free_at = drawn.at + NEWS_SECONDS if drawn else 0.0
                self._draw_later(reader, free_at - self._monotonic())

    def _draw_later(self, reader: Reader, seconds: float) -> None:
        """Unless that is to come already."""
        if reader not in self._awaited:
            self._awaited.add(reader)
            self._work.later(seconds, partial(self._news, reader))

    def _news(self, reader: Reader) -> None:
        self._awaited.discard(reader)
        self._draw_soon(reader, always=False)

    def _draw_soon(self, reader: Reader, *, always: bool = True) -> None:
        """However much changes before it is drawn, it is drawn once."""
        self._due[reader] = always or self._due.get(reader, False)
        if reader not in self._drawing:
            self._drawing.add(reader)
            self._work.start(self._draw(reader), nowhere)

    async def _draw(self, reader: Reader) -> None:
        """One at a time, so that what was read first never comes last."""
        try:
            while reader in self._due:
                with working_for(reader.team_id):
                    await self._try(reader, always=self._due.pop(reader))
        finally:
            self._drawing.discard(reader)
            if reader in self._due:  # it came while this one failed
                self._draw_soon(reader, always=self._due[reader])

    async def _try(self, reader: Reader, *, always: bool) -> None:
        """Draw it; again, and later each time, where Slack does not take it just now."""
        try:
            await self._publish(reader, always=always)
        except SlackPermanentError:
            self._refused.pop(reader, None)
            raise
        except SlackError as error:
            times = self._refused[reader] = self._refused.get(reader, 0) + 1
            least = error.retry_after_seconds if isinstance(error, SlackLimitedError) else 0.0
            seconds = max(least, min(AGAIN_SECONDS * 2 ** min(times - 1, 10), LONGEST_AGAIN_SECONDS))
            _log.warning("a Home tab was not drawn", error=error.code, detail=error.detail, again_in=seconds)
            if reader in self._readers:
                self._draw_later(reader, seconds)
            else:
                del self._refused[reader]
        else:
            self._refused.pop(reader, None)

    async def _publish(self, reader: Reader, *, always: bool) -> None:
        context = await self._tenants.of(reader.team_id, NOWHERE)
        if context is not None:
            with working_for(reader.team_id, context.org_id):
                await self._draw_anew(context, reader, always=always)

    async def _draw_anew(self, context: Context, reader: Reader, *, always: bool) -> None:
        team_id, user_id, now = *reader, self._monotonic
        context = await as_seen(context, Place(team_id, NOWHERE, user_id), for_all=False)
        page = await page_of(context, team_id, user_id, background=not always)
        before = self._drawn.get(reader)
        if before is not None and before.shown == page.number and not always:
            self._drawn[reader] = Drawn(page.number, now())
            return
        self._drawn[reader] = Drawn(None, now())
        view = await view_of(context, page, background=not always)
        await context.slack.publish_home(user_id, view)
        self._drawn[reader] = Drawn(page.number, now())

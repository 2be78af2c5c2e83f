"""The Home tab: drawn when it is opened, and again when a job its reader is subscribed to changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import structlog
from cachetools import TTLCache

from bot.cards.home.home import home_view, shown_jobs
from bot.cards.kit.card import Card
from bot.domain.errors import SlackError, SlackLimitedError, SlackPermanentError, StoreError, TrainingApiError
from bot.domain.job import JobStatus
from bot.domain.listing import JobListing
from bot.domain.messages.installation import team_of
from bot.domain.one_moment import as_one
from bot.domain.ports import Clock
from bot.domain.subscriptions.subscription import SubscribedJob
from bot.handlers.jobs.job_rows import facts_of_rows
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.handlers.kit.replies import nowhere
from bot.handlers.kit.subscription_cache import Followings, Subscribers
from bot.handlers.kit.tenants import Tenants
from bot.handlers.kit.work import Work
from bot.handlers.rights.checks import as_seen
from bot.tasks import aside_if_heavy, weight_of

REMEMBERED = 10_000
REMEMBERED_SECONDS = 24 * 3600.0
"""How long after a person opened their tab it is drawn again by itself; opening it always draws it."""
NEWS_SECONDS = 30.0
"""How often at most a tab is drawn because a job moved; what its reader does is drawn at once."""
AGAIN_SECONDS = 5.0
LONGEST_AGAIN_SECONDS = 300.0
"""How long after Slack did not take a tab it is drawn anew: twice as long each time, up to this."""
_SHOWN = frozenset({JobStatus.RUNNING, JobStatus.QUEUED, JobStatus.FAILED, JobStatus.COMPLETED})
_NOWHERE = ""
"""For the list of subscriptions: no conversation is asked about."""

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


class _Page(NamedTuple):
    """What is to be shown."""

    followed: Sequence[SubscribedJob] | Card
    listing: JobListing | Card
    paused_until: datetime | None
    number: int
    """Another one where the page is: how long jobs have been running does not count."""


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
        team_id, user_id, now = *reader, self._monotonic
        context = await self._tenants.of(team_id, _NOWHERE)
        if context is None:
            return
        context = await as_seen(context, Place(team_id, _NOWHERE, user_id), for_all=False)
        followed = await _followed(context, team_id, user_id)
        listing = await _listing(context, background=not always)
        heavy = weight_of(listing)
        paused = await _paused_until(context, team_id, user_id)
        page = await aside_if_heavy(heavy, lambda: _page(followed, listing, paused), background=not always)
        before = self._drawn.get(reader)
        if before is not None and before.shown == page.number and not always:
            self._drawn[reader] = Drawn(page.number, now())
            return
        self._drawn[reader] = Drawn(None, now())
        view = await _view(context, page, heavy, background=not always)
        await context.slack.publish_home(user_id, view)
        self._drawn[reader] = Drawn(page.number, now())


async def _view(context: Context, page: _Page, heavy: int, *, background: bool) -> Mapping[str, Any]:
    now, slash_command = context.clock.now(), context.slash_command
    jobs = await aside_if_heavy(
        heavy, lambda: shown_jobs(page.followed, page.listing, now), background=background
    )
    facts = await facts_of_rows(context, jobs)
    return await aside_if_heavy(
        heavy,
        lambda: home_view(
            page.followed,
            page.listing,
            now=now,
            slash_command=slash_command,
            paused_until=page.paused_until,
            settings=context.card_settings,
            facts=facts,
        ),
        background=background,
    )


async def _followed(context: Context, team_id: str, user_id: str) -> Sequence[SubscribedJob] | Card:
    try:
        return await context.subscriptions.followed(team_id, _NOWHERE, user_id)
    except StoreError as error:
        return failure_card(context, error)


async def _listing(context: Context, *, background: bool) -> JobListing | Card:
    try:
        return await context.training_api.jobs(background=background)
    except TrainingApiError as error:
        return failure_card(context, error)


async def _paused_until(context: Context, team_id: str, user_id: str) -> datetime | None:
    """None too where the database does not say it."""
    try:
        return await context.pauses.paused_until(team_id, user_id, context.clock.now())
    except StoreError as error:
        _log.warning("Home does not show whether there is a pause", error=error.code, detail=error.detail)
        return None


def _page(
    followed: Sequence[SubscribedJob] | Card, listing: JobListing | Card, paused_until: datetime | None
) -> _Page:
    """Both as of one moment, and the number of what they show."""
    if not isinstance(followed, Card) and not isinstance(listing, Card):
        followed, listing = as_one(followed, listing)
    jobs = (
        listing
        if isinstance(listing, Card)
        else [(job.request_id, job.status, job.progress) for job in listing.jobs if job.status in _SHOWN]
    )
    return _Page(followed, listing, paused_until, hash(repr((followed, jobs, paused_until))))

"""The subscriptions, with the last answers about each conversation at hand: a card need not wait for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import structlog
from cachetools import TTLCache

from bot.domain.errors import StoreError
from bot.domain.job import TrainingJob
from bot.domain.ports import Clock
from bot.tasks import Errands

if TYPE_CHECKING:  # only named here; the start does without them
    from bot.domain.storage import Subscriptions
    from bot.domain.subscriptions.subscription import (
        Ending,
        Followed,
        Left,
        Subscribed,
        Subscription,
        Wish,
    )
    from bot.domain.subscriptions.watch_state import WatchedState

REMEMBERED = 10_000
FRESH_SECONDS = 10.0
"""How old an answer may be before the database is asked anew. What changes in this process counts at once."""
REMEMBERED_SECONDS = 20.0
"""How long an answer is good for a card that cannot wait, while the database is being asked anew."""
PATIENCE_SECONDS = 0.5
"""How long a card waits for what the database says of it."""
_PATIENCES_AT_THE_END = 10
"""So much longer the answer is waited for when the bot stops."""

_log = structlog.stdlib.get_logger(__name__)


class Spot(NamedTuple):
    """One job in one conversation: where there is at most one active subscription."""

    team_id: str
    channel_id: str
    request_id: str


class Known(NamedTuple):
    """What the database said of a spot, and until when that is fresh (on the clock's `monotonic`)."""

    subscription: Subscription | None
    fresh_until: float


class Followings:
    """Implements `bot.domain.storage.Subscriptions` over another; forgets what it changes itself."""

    def __init__(
        self, subscriptions: Subscriptions, clock: Clock, *, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._subscriptions = subscriptions
        self._monotonic = clock.monotonic
        self._patience_seconds = patience_seconds
        self._asking: dict[Spot, asyncio.Task[Subscription | None]] = {}
        self._errands = Errands("asking who follows a job", are_awaited=True)
        self._known: TTLCache[Spot, Known] = TTLCache(REMEMBERED, REMEMBERED_SECONDS, timer=clock.monotonic)
        self._changes = 0
        self.on_change: Callable[[str, Iterable[str]], None] = lambda *_: None
        """Hears of whom (in which workspace) what they follow was changed here."""
        self.on_news: Callable[[str, Iterable[str]], None] = lambda *_: None
        """Hears of whom something was told here about a job that they follow."""

    def peek(self, spot: Spot) -> Known | None:
        """What `active` said lately; None where that is not known. Never waits.

        An answer that is no longer fresh is good once more, and the database is asked behind it: where many
        ask about a job, none of them ever waits.
        """
        known = self._known.get(spot)
        if known is not None and known.fresh_until <= self._monotonic() and spot not in self._asking:
            self._begin(spot)
        return known

    async def soon(self, spot: Spot) -> Subscription | None:
        """The subscription, from what is known or asked anew; None too where that fails or takes long.

        However many ask, the database is asked once; and what comes late is known next time.
        """
        known = self._known.get(spot)
        if known is not None and known.fresh_until > self._monotonic():
            return known.subscription
        task = self._asking.get(spot) or self._begin(spot)
        done, _ = await asyncio.wait([task], timeout=self._patience_seconds)
        if done:
            return task.result()
        _log.warning("the card does not wait for the database", request_id=spot.request_id)
        return None

    def _begin(self, spot: Spot) -> asyncio.Task[Subscription | None]:
        """Ask the database, for everybody who wants to know."""
        task = self._asking[spot] = self._errands.start(self._ask(spot))
        task.add_done_callback(partial(self._asked, spot))
        return task

    def _asked(self, spot: Spot, task: asyncio.Task[Subscription | None]) -> None:
        if self._asking.get(spot) is task:
            del self._asking[spot]

    async def _ask(self, spot: Spot) -> Subscription | None:
        changes = self._changes
        try:
            return await self.active(*spot)
        except StoreError as error:
            _log.warning("the card is shown without who follows it", error=error.code, detail=error.detail)
            stale = self._known.get(spot)
            subscription = None if stale is None else stale.subscription
            if changes == self._changes:  # else what was known when it was asked is no longer so
                self._remember(spot, subscription)  # the next cards need not wait for the same
            return subscription

    async def aclose(self) -> None:
        """Wait for what the database was asked: it is closed next. What takes too long is given up."""
        await self._errands.aclose(self._patience_seconds * _PATIENCES_AT_THE_END)

    async def active(self, team_id: str, channel_id: str, request_id: str) -> Subscription | None:
        """As the port says, asked anew; what comes back is remembered unless it changed meanwhile."""
        changes = self._changes
        found = await self._subscriptions.active(team_id, channel_id, request_id)
        if changes == self._changes:
            self._remember(Spot(team_id, channel_id, request_id), found)
        return found

    async def subscribe(
        self, wish: Wish, state: WatchedState, document: TrainingJob, now: datetime
    ) -> Subscribed:
        """As the port says."""
        try:
            return await self._subscriptions.subscribe(wish, state, document, now)
        finally:
            self._forget(Spot(wish.team_id, wish.channel_id, wish.request_id))
            self.on_change(wish.team_id, (wish.user_id,))

    async def unsubscribe(
        self, team_id: str, channel_id: str, request_id: str, user_id: str, now: datetime
    ) -> Left:
        """As the port says."""
        try:
            return await self._subscriptions.unsubscribe(team_id, channel_id, request_id, user_id, now)
        finally:
            self._forget(Spot(team_id, channel_id, request_id))
            self.on_change(team_id, (user_id,))

    async def stop(
        self, subscription_id: str, ending: Ending, now: datetime, *, detail: str = ""
    ) -> Subscription | None:
        """As the port says."""
        ended = await self._subscriptions.stop(subscription_id, ending, now, detail=detail)
        if ended is not None:
            self._forget(Spot(ended.team_id, ended.channel_id, ended.request_id))
            self.on_change(ended.team_id, ended.subscribers)
        return ended

    def told(self, subscription: Subscription) -> None:
        """A message or a card of this subscription was brought to Slack, or failed to be."""
        self.on_news(subscription.team_id, subscription.subscribers)

    async def subscription(self, subscription_id: str) -> Subscription | None:
        """As the port says."""
        return await self._subscriptions.subscription(subscription_id)

    async def followed(self, team_id: str, channel_id: str, user_id: str) -> Sequence[Followed]:
        """As the port says."""
        return await self._subscriptions.followed(team_id, channel_id, user_id)

    async def silence(self, org_id: str, request_id: str, finding: str, now: datetime) -> None:
        """As the port says."""
        await self._subscriptions.silence(org_id, request_id, finding, now)

    async def was_told(self, org_id: str, request_id: str, finding: str) -> bool:
        """As the port says."""
        return await self._subscriptions.was_told(org_id, request_id, finding)

    async def forget_user(self, user_id: str, now: datetime) -> int:
        """As the port says."""
        try:
            return await self._subscriptions.forget_user(user_id, now)
        finally:
            self._forget_all()

    async def end_team(self, team_id: str, reason: str, now: datetime) -> int:
        """As the port says. Nobody's Home tab is drawn: it is no longer there."""
        try:
            return await self._subscriptions.end_team(team_id, reason, now)
        finally:
            self._forget_all()

    def _forget_all(self) -> None:
        self._changes += 1
        self._asking.clear()
        self._known.clear()

    def _remember(self, spot: Spot, subscription: Subscription | None) -> None:
        self._known[spot] = Known(subscription, self._monotonic() + FRESH_SECONDS)

    def _forget(self, spot: Spot) -> None:
        self._changes += 1
        self._asking.pop(spot, None)
        self._known.pop(spot, None)

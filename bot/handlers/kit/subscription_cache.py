"""The subscriptions, with the last answers about each conversation at hand: a card need not wait for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import structlog

from bot.domain.errors import StoreError
from bot.domain.event import Event
from bot.domain.groups.group import Group
from bot.domain.job import TrainingJob
from bot.domain.ports import Clock, Subscriptions
from bot.domain.subscriptions.subscription import (
    Ending,
    Left,
    ShownMessage,
    Spot,
    Subscribed,
    SubscribedJob,
    SubscribeRequest,
    Subscription,
)
from bot.domain.subscriptions.watch_state import WatchedState
from bot.tasks import Answer, Lasting, Rules, SingleFlight

REMEMBERED = 10_000
FRESH_SECONDS = 10.0
"""How old an answer may be before the database is asked anew. What changes in this process counts at once."""
REMEMBERED_SECONDS = 20.0
"""How long an answer is good for a card that cannot wait, while the database is being asked anew."""
PATIENCE_SECONDS = 0.5
"""How long a card waits for what the database says of it."""
_PATIENCES_AT_THE_END = 10
"""Wait for the answer when the bot stops."""

_log = structlog.stdlib.get_logger(__name__)


class Subscribers(NamedTuple):
    """Those whose subscriptions something happened to."""

    team_id: str
    user_ids: tuple[str, ...]


class Followings:
    """`bot.domain.ports.Subscriptions`, with the answers that cards need at hand; knows its own changes."""

    def __init__(
        self, subscriptions: Subscriptions, clock: Clock, *, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._subscriptions = subscriptions
        self._monotonic = clock.monotonic
        self._patience_seconds = patience_seconds
        lasting = Lasting(FRESH_SECONDS, REMEMBERED_SECONDS)
        # Where asking fails the next cards need not wait for the same.
        rules: Rules[Subscription | None, StoreError] = Rules(
            StoreError, lambda _: lasting, lambda _: lasting, most=REMEMBERED
        )
        self._known = SingleFlight("asking who follows a job", self._ask, rules, clock)
        self.changed = Event[Subscribers]()
        """These people's subscriptions were changed in this process."""
        self.moved = Event[Subscribers]()
        """This process sent an update on a job that these people are subscribed to."""

    def peek(self, spot: Spot) -> Answer[Subscription | None, StoreError] | None:
        """What the database said lately; None where that is not known. Never waits.

        An answer that is no longer fresh is good once more, and the database is asked behind it: where many
        ask about a job, none of them ever waits.
        """
        known = self._known.known(spot)
        if known is not None and known.fresh_until <= self._monotonic():
            self._known.ask(spot, None)
        return known

    async def soon(self, spot: Spot) -> Subscription | None:
        """The subscription, from what is known or asked anew; None too where that fails or takes long.

        However many ask, the database is asked once; and what comes late is known next time.
        """
        answer = await self._known.soon(spot, None, self._patience_seconds)
        if answer is not None:
            return answer.value
        _log.warning("the card does not wait for the database", request_id=spot.request_id)
        return None

    async def aclose(self) -> None:
        """Wait for what the database was asked: it is closed next. What takes too long is given up."""
        await self._known.aclose(self._patience_seconds * _PATIENCES_AT_THE_END)

    async def _ask(self, spot: Spot, _question: None) -> Subscription | None:
        try:
            return await self._subscriptions.active(spot)
        except StoreError as error:
            _log.warning("the card is shown without its subscribers", error=error.code, detail=error.detail)
            raise

    async def subscribe(
        self, wish: SubscribeRequest, state: WatchedState, document: TrainingJob, now: datetime
    ) -> Subscribed:
        """As the port says."""
        try:
            return await self._subscriptions.subscribe(wish, state, document, now)
        finally:
            self._known.forget(wish.spot)
            self.changed.tell(Subscribers(wish.team_id, (wish.user_id,)))

    async def subscribe_to_group(
        self, wish: SubscribeRequest, group: Group | None, now: datetime
    ) -> Subscribed | None:
        """As the port says."""
        try:
            return await self._subscriptions.subscribe_to_group(wish, group, now)
        finally:
            self._known.forget(wish.spot)
            self.changed.tell(Subscribers(wish.team_id, (wish.user_id,)))

    async def unsubscribe(self, spot: Spot, user_id: str, now: datetime) -> Left:
        """As the port says."""
        try:
            return await self._subscriptions.unsubscribe(spot, user_id, now)
        finally:
            self._known.forget(spot)
            self.changed.tell(Subscribers(spot.team_id, (user_id,)))

    async def stop(
        self, subscription_id: str, ending: Ending, now: datetime, *, detail: str = ""
    ) -> Subscription | None:
        """As the port says."""
        ended = await self._subscriptions.stop(subscription_id, ending, now, detail=detail)
        if ended is not None:
            self._known.forget(ended.spot)
            self.changed.tell(Subscribers(ended.team_id, ended.subscribers))
        return ended

    def told(self, subscription: Subscription) -> None:
        """A message or a card of this subscription was brought to Slack, or failed to be."""
        self.moved.tell(Subscribers(subscription.team_id, subscription.subscribers))

    async def subscription(self, subscription_id: str) -> Subscription | None:
        """As the port says."""
        return await self._subscriptions.subscription(subscription_id)

    async def shown(
        self, message: ShownMessage, org_ids: Collection[str], user_id: str
    ) -> Sequence[Subscription]:
        """As the port says."""
        return await self._subscriptions.shown(message, org_ids, user_id)

    async def followed(self, team_id: str, channel_id: str, user_id: str) -> Sequence[SubscribedJob]:
        """As the port says."""
        return await self._subscriptions.followed(team_id, channel_id, user_id)

    async def forget_user(self, team_id: str | None, user_id: str, now: datetime) -> int:
        """As the port says."""
        try:
            return await self._subscriptions.forget_user(team_id, user_id, now)
        finally:
            self._known.forget_all()

    async def end_team(self, team_id: str, reason: str, now: datetime) -> int:
        """As the port says. Nobody's Home tab is drawn: it is no longer there."""
        try:
            return await self._subscriptions.end_team(team_id, reason, now)
        finally:
            self._known.forget_all()

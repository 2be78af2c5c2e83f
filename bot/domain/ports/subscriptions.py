"""What is asked of the database about subscriptions and the people in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.groups.group import Group
from bot.domain.job import TrainingJob
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


class Subscriptions(Protocol):
    """What handlers ask."""

    async def subscribe(
        self, wish: SubscribeRequest, state: WatchedState, document: TrainingJob, now: datetime
    ) -> Subscribed:
        """Subscribe to a job, or join its subscribers in that conversation.

        A new subscription puts its card into the outbox; where ``wish`` names one that stands there, and is
        no feed's post, that one is the card and an edit of it is queued. ``state`` and ``document`` count
        where the job was not watched before.
        """
        ...

    async def subscribe_to_group(
        self, wish: SubscribeRequest, group: Group | None, now: datetime
    ) -> Subscribed | None:
        """As `subscribe`, to a group, whose subject stands in place of a job's ID: see `subject_of`.

        ``group`` is what it begins with where there is none in that conversation; without one, nothing begins
        there, and None is returned. A metric to rank by or an end that ``group`` names is taken over by the
        group there is.
        """
        ...

    async def unsubscribe(self, spot: Spot, user_id: str, now: datetime) -> Left:
        """Leave; with the last subscriber the subscription ends."""
        ...

    async def stop(
        self, subscription_id: str, ending: Ending, now: datetime, *, detail: str = ""
    ) -> Subscription | None:
        """End a subscription for all; None if it is not active. An edit of its card is queued."""
        ...

    async def subscription(self, subscription_id: str) -> Subscription | None:
        """One subscription, also an ended one."""
        ...

    async def active(self, spot: Spot) -> Subscription | None:
        """The subscription to this job in this conversation, while it has not ended."""
        ...

    async def shown(
        self, message: ShownMessage, org_ids: Collection[str], user_id: str
    ) -> Sequence[Subscription]:
        """Those that a message of ours may be about, also ended ones; the newest first.

        What is found by what it is about is of these organizations, or this person is subscribed to it.
        """
        ...

    async def followed(self, team_id: str, channel_id: str, user_id: str) -> Sequence[SubscribedJob]:
        """The active subscriptions in this conversation, then this person's elsewhere; oldest first.

        What the channel's feed posted counts once somebody joined.
        """
        ...

    async def forget_user(self, team_id: str | None, user_id: str, now: datetime) -> int:
        """Remove a person from a workspace, or from every one; subscriptions of theirs alone end.

        Returns how many they were in.
        """
        ...

    async def end_team(self, team_id: str, reason: str, now: datetime) -> int:
        """The bot has left this workspace: everything that is told there ends, and nothing more is sent.

        Subscriptions end as those do that Slack takes no messages for, with ``reason``, Slack's error code.
        Returns how many subscriptions, feeds and digests that were.
        """
        ...

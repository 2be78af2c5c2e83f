"""Subscriptions in memory, and what sends their cards, as tests want them to behave."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.curves.run_doctor import Finding
from bot.domain.errors import SlackError
from bot.domain.job import TrainingJob
from bot.domain.subscriptions.subscription import (
    Ending,
    Left,
    Spot,
    Subscribed,
    SubscribedJob,
    SubscribeRequest,
    Subscription,
)
from bot.domain.subscriptions.watch_state import WatchedState


class Subscriptions:
    """Subscriptions in memory. ``fails`` is raised by every call while it is set."""

    def __init__(self) -> None:
        self.all: dict[str, Subscription] = {}
        self.wishes: list[SubscribeRequest] = []
        self.asked = 0
        """How often `active` was called."""
        self.fails: Exception | None = None
        self.hangs = False
        """Whether the end of a workspace never comes to an end."""
        self.knows_the_end = False
        self.forgotten: list[str] = []

    def _call(self) -> None:
        if self.fails is not None:
            raise self.fails

    def change(self, subscription_id: str, **changes: Any) -> None:
        """What another process does to it."""
        self.all[subscription_id] = replace(self.all[subscription_id], **changes)

    def _find(self, spot: Spot) -> Subscription | None:
        return next((each for each in self.all.values() if each.spot == spot and each.is_active), None)

    async def subscribe(
        self, wish: SubscribeRequest, state: WatchedState, document: TrainingJob, now: datetime
    ) -> Subscribed:
        """As the port says."""
        self._call()
        assert state.job.request_id == document.request_id == wish.request_id
        self.wishes.append(wish)
        found = self._find(wish.spot)
        was_subscriber = found is not None and wish.user_id in found.subscribers
        subscription = found or Subscription(
            id=f"s{len(self.all) + 1}",
            team_id=wish.team_id,
            channel_id=wish.channel_id,
            org_id=wish.org_id,
            request_id=wish.request_id,
            created_at=now,
            mode=wish.first_mode,
            is_quiet=bool(wish.is_quiet),
            thread_ts=wish.thread_ts or wish.card_ts,
            card_ts=wish.card_ts,
        )
        people = dict.fromkeys((*subscription.subscribers, wish.user_id))
        subscription = self.all[subscription.id] = replace(subscription, subscribers=tuple(people))
        return Subscribed(
            subscription,
            is_new=found is None,
            was_subscriber=was_subscriber,
            knows_the_end=self.knows_the_end,
            condition=wish.condition,
        )

    async def unsubscribe(self, spot: Spot, user_id: str, now: datetime) -> Left:
        """As the port says."""
        self._call()
        found = self._find(spot)
        if found is None or user_id not in found.subscribers:
            return Left(found)
        rest = tuple(each for each in found.subscribers if each != user_id)
        self.change(found.id, subscribers=rest)
        if not rest:
            await self.stop(found.id, Ending.UNSUBSCRIBED, now)
        return Left(self.all[found.id], was_subscriber=True)

    async def stop(
        self,
        subscription_id: str,
        ending: Ending,
        now: datetime,  # noqa: ARG002  (the port)
        *,
        detail: str = "",
    ) -> Subscription | None:
        """As the port says."""
        self._call()
        if not self.all[subscription_id].is_active:
            return None
        self.change(subscription_id, ended=ending, ended_detail=detail)
        return self.all[subscription_id]

    async def subscription(self, subscription_id: str) -> Subscription | None:
        """As the port says."""
        self._call()
        return self.all.get(subscription_id)

    async def active(self, spot: Spot) -> Subscription | None:
        """As the port says."""
        self.asked += 1
        self._call()
        return self._find(spot)

    async def followed(self, team_id: str, channel_id: str, user_id: str) -> Sequence[SubscribedJob]:
        """As the port says."""
        self._call()
        return [
            SubscribedJob(each, is_mine=user_id in each.subscribers)
            for each in self.all.values()
            if each.is_active
            and each.team_id == team_id
            and (each.channel_id == channel_id or user_id in each.subscribers)
        ]

    async def forget_user(self, team_id: str | None, user_id: str, now: datetime) -> int:  # noqa: ARG002  (the port)
        """As the port says."""
        self._call()
        self.forgotten.append(user_id)
        return 1

    async def end_team(self, team_id: str, reason: str, now: datetime) -> int:
        """As the port says."""
        self._call()
        if self.hangs:
            await asyncio.Event().wait()
        here = [each for each in self.all.values() if each.is_active and each.team_id == team_id]
        for each in here:
            await self.stop(each.id, Ending.CANNOT_POST, now, detail=reason)
        return len(here)


class Deliverer:
    """Posts a card when it is hurried, unless ``does`` says what becomes of it instead."""

    def __init__(self, subscriptions: Subscriptions) -> None:
        self._subscriptions = subscriptions
        self.does: dict[str, Any] | None = None
        self.then_fails: Exception | None = None
        """What the database says from the moment it is hurried."""
        self.error: SlackError | None = None
        """Why Slack takes no card."""
        self.hurried: list[str] = []
        self.woken = 0

    def wake(self) -> None:
        """As the port says."""
        self.woken += 1

    async def hurry(self, subscription_id: str) -> SlackError | None:
        """As the port says."""
        self.hurried.append(subscription_id)
        before = self._subscriptions.all[subscription_id]
        self._subscriptions.fails = self.then_fails
        posted = {"card_ts": "9.0", "thread_ts": before.thread_ts or "9.0"}
        self._subscriptions.change(subscription_id, **(posted if self.does is None else self.does))
        return self.error


class MetricsChecks:
    """What was found in jobs' metrics: who was told of it, and what nobody wants to hear of any more."""

    def __init__(self) -> None:
        self.fails: Exception | None = None
        self.silenced: list[tuple[str, str, str]] = []
        self.standing: dict[str, Finding] = {}
        self.told: set[tuple[str, str, str]] = set()
        """Findings that were told."""

    async def silence(self, org_id: str, request_id: str, finding: str, now: datetime) -> None:  # noqa: ARG002  (the port)
        """As the port says."""
        self.silenced.append((org_id, request_id, finding))

    async def standing_findings(self, _org_id: str, request_ids: Collection[str]) -> Mapping[str, Finding]:
        """See the port."""
        if self.fails is not None:
            raise self.fails
        hidden = {each[1:] for each in self.silenced}
        return {
            request_id: finding
            for request_id, finding in self.standing.items()
            if request_id in request_ids and (request_id, finding.name) not in hidden
        }

    async def silenced_findings(self, org_id: str, request_id: str) -> frozenset[str]:
        """As the port says."""
        if self.fails is not None:
            raise self.fails
        return frozenset(each[2] for each in self.silenced if each[:2] == (org_id, request_id))

    async def was_told(self, org_id: str, request_id: str, finding: str) -> bool:
        """As the port says."""
        if self.fails is not None:
            raise self.fails
        return (org_id, request_id, finding) in self.told

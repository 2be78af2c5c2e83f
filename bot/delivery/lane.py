"""The work on one claimed lane: take the next message, try to send it once, record the outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import timedelta
from typing import Final, NamedTuple, Protocol

import structlog
from cachetools import TTLCache
from structlog.contextvars import bound_contextvars

from bot.delivery.attempt import Attempt, OnAttempt
from bot.delivery.crash_points import (
    EDIT_FINISHED,
    EDIT_TAKEN,
    LANE_CLAIMED,
    POST_FINISHED,
    POST_TAKEN,
    OnCrashPoint,
)
from bot.delivery.edge import caught
from bot.delivery.editing import Editing
from bot.delivery.lease import SHARE, Lease
from bot.delivery.people import People
from bot.delivery.posting import Posting
from bot.delivery.recording import recorded
from bot.domain.errors import SlackError, SlackPassingError, StoreError
from bot.domain.ports import (
    Clock,
    Edit,
    Gateways,
    Lane,
    Later,
    NotInstalled,
    OutboxStore,
    Post,
    SlackGateway,
    Subscriptions,
)
from bot.domain.ports.monitoring import Measures
from bot.domain.sending import Verdict
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult
from bot.domain.subscriptions.notifications.notices import KeyExpiry, WeeklyReport
from bot.domain.subscriptions.notifications.registry import REGISTRY
from bot.domain.subscriptions.subscription import Ending, Subscription
from bot.tasks import correlated, reference, working_for

_WITHOUT_KEY_SECONDS: Final = 60.0
"""Until a message about jobs is tried again whose workspace has no API key to them."""
_TOLD_SECONDS: Final = 3600.0
_MOST_TOLD_OF: Final = 1_000
_ENDED_BY_PEOPLE: Final = frozenset({Ending.RECONNECTED, Ending.UNSUBSCRIBED, Ending.FEED_OFF})
"""Of these the card says only that it is over."""
_log = structlog.stdlib.get_logger(__name__)


class DeliveryStore(Protocol):
    """The ports of the database that delivery uses."""

    @property
    def outbox(self) -> OutboxStore:
        """What is to be sent."""
        ...

    @property
    def subscriptions(self) -> Subscriptions:
        """Whom it is for."""
        ...


class Tried(NamedTuple):
    """What one turn in a lane was about."""

    subscription_id: str
    error: SlackError | None = None
    """Why its message was not sent, where Slack did not take it."""


class LaneWork:
    """Works on lanes; each is released again, or left to its lease where the database is away."""

    def __init__(  # noqa: PLR0913  (what each lane needs, by name)
        self,
        store: DeliveryStore,
        gateways: Gateways,
        clock: Clock,
        *,
        posting: Posting,
        editing: Editing,
        on_crash_point: OnCrashPoint,
        on_attempt: OnAttempt,
        measures: Measures,
        lease_seconds: float,
    ) -> None:
        self._store = store
        self._gateways = gateways
        self._clock = clock
        self._people: dict[str, People] = {}
        """By workspace: in each there are others, and each has a limit of its own."""
        self._told_of: TTLCache[str, None] = TTLCache(_MOST_TOLD_OF, _TOLD_SECONDS, timer=clock.monotonic)
        """Workspaces of which the log has said lately that nothing can be sent there."""
        self._posting = posting
        self._editing = editing
        self._on_crash_point = on_crash_point
        self._on_attempt = on_attempt
        self._measures = measures
        # In real seconds, as the calls' own limits: whoever claims the lane next must not find us at it.
        self._most_seconds = lease_seconds * SHARE

    async def work(self, lane: Lane, lease: Lease) -> Tried | None:
        """Try what is next in the lane, which is held for as long as the lease; None where nothing was.

        Raises:
            StoreError: it could not be taken, or its outcome not be recorded. It is found out
                when the lease is over.
        """
        with working_for(lane.team_id), correlated():
            return await self._work(lane, lease)

    async def _work(self, lane: Lane, lease: Lease) -> Tried | None:
        self._on_crash_point(LANE_CLAIMED)
        slack = await self._gateways.for_team(lane.team_id)
        if isinstance(slack, NotInstalled):
            await self._rest(lane, slack)
            return None
        return await (self._edit if lane.is_for_edits else self._post)(slack, lane, lease)

    async def _rest(self, lane: Lane, why: NotInstalled) -> None:
        """Nothing is tried, and nothing counts as tried."""
        if lane.team_id not in self._told_of:
            self._told_of[lane.team_id] = None
            _log.error("what is to be sent to a workspace waits", team_id=lane.team_id, reason=why.reason)
        until = self._clock.now() + timedelta(seconds=why.again_in_seconds)
        await self._store.outbox.rest_lane(lane, until)

    async def _post(self, slack: SlackGateway, lane: Lane, lease: Lease) -> Tried | None:
        post = await self._store.outbox.take_post(lane, self._clock.now())
        if post is None:
            return None
        with (
            working_for(lane.team_id, post.subscription.org_id),
            bound_contextvars(caused_by=post.caused_by),
            self._measures.span("outbox.post", caused_by=post.caused_by),
        ):
            return await self._posted(slack, lane, lease, post)

    async def _posted(self, slack: SlackGateway, lane: Lane, lease: Lease, post: Post) -> Tried:
        self._on_crash_point(POST_TAKEN)
        verdict = await self._tried(
            self._told(slack, lease, post), lambda error: self._posting.failed(post, error)
        )
        now = self._clock.now()
        free_at = now + timedelta(seconds=verdict.lane_seconds)
        in_time = await recorded(
            self._clock,
            lambda: self._store.outbox.finish_post(lane, post, verdict.outcome, now, lane_free_at=free_at),
        )
        self._on_crash_point(POST_FINISHED)
        told, settled = post.notification, verdict.settlement
        self._on_attempt(Attempt(post.subscription, verdict.outcome, now, in_time, told, settled))
        return Tried(post.subscription.id, verdict.error)

    async def _told(self, slack: SlackGateway, lease: Lease, post: Post) -> Verdict:
        """Told to those who are still there, in a workspace that has a key of its own."""
        is_for_admin = isinstance(post.notification, KeyExpiry | WeeklyReport)  # about the key, and no job
        if not is_for_admin and (
            waits := self._without_key(post.subscription, is_uncertain=post.is_uncertain)
        ):
            return waits
        subscription = await self._of_those_there(slack, post)
        if subscription is None:
            return Verdict(Later(self._clock.now(), "everybody left", may_have_happened=post.is_uncertain))
        return await self._posting.post(slack, lease, replace(post, subscription=subscription))

    def _without_key(self, told: Subscription, *, is_uncertain: bool = False) -> Verdict | None:
        """Nothing is told with another workspace's key to the same organization: it waits for a new one."""
        if told.ended in _ENDED_BY_PEOPLE or self._gateways.may_tell(told.team_id, told.org_id):
            return None
        _log.info("an update waits for an API key")
        again_at = self._clock.now() + timedelta(seconds=_WITHOUT_KEY_SECONDS)
        return Verdict(Later(again_at, "no API key there", may_have_happened=is_uncertain))

    async def _of_those_there(self, slack: SlackGateway, post: Post) -> Subscription | None:
        """The subscription without those whose accounts are gone; None where nothing is told any more."""
        told, notification = post.subscription, post.notification
        # What somebody has just asked for, and what is for a whole channel, is for none of them.
        if not REGISTRY[notification.kind].is_in_thread:
            return told
        people = self._people.setdefault(told.team_id, People(self._clock))
        gone = await people.gone(slack, told.subscribers)
        if not gone:
            return told
        try:
            now_there = await self._without(gone, told)
        except StoreError as error:  # the next message finds out again
            _log.warning("deactivated accounts are not forgotten yet", detail=error.detail)
            return replace(told, subscribers=tuple(each for each in told.subscribers if each not in gone))
        if now_there is None or now_there.is_active != told.is_active:
            return None
        if isinstance(notification, AlertResult) and notification.user_id in gone:
            return None
        return now_there

    async def _without(self, gone: Collection[str], told: Subscription) -> Subscription | None:
        """The subscription once nobody of these is stored any more."""
        for user_id in sorted(gone):
            followed = await self._store.subscriptions.forget_user(told.team_id, user_id, self._clock.now())
            _log.info("an account was deactivated", user_id=user_id, followed=followed)
        return await self._store.subscriptions.subscription(told.id)

    async def _edit(self, slack: SlackGateway, lane: Lane, lease: Lease) -> Tried | None:
        edit = await self._store.outbox.take_edit(lane, self._clock.now())
        if edit is None:
            return None
        with working_for(lane.team_id, edit.subscription.org_id), self._measures.span("outbox.edit"):
            return await self._edited(slack, lane, lease, edit)

    async def _edited(self, slack: SlackGateway, lane: Lane, lease: Lease, edit: Edit) -> Tried:
        self._on_crash_point(EDIT_TAKEN)
        waits = self._without_key(edit.subscription)
        verdict = waits or await self._tried(
            self._editing.edit(slack, lease, edit), lambda error: self._editing.failed(edit, error)
        )
        now = self._clock.now()
        free_at = now + timedelta(seconds=verdict.lane_seconds)
        in_time = await recorded(
            self._clock,
            lambda: self._store.outbox.finish_edit(lane, edit, verdict.outcome, now, lane_free_at=free_at),
        )
        self._on_crash_point(EDIT_FINISHED)
        self._on_attempt(Attempt(edit.subscription, verdict.outcome, now, in_time))
        return Tried(edit.subscription.id)

    async def _tried(self, attempt: Awaitable[Verdict], failed: Callable[[SlackError], Verdict]) -> Verdict:
        """The verdict, before the lease is over, whatever happens."""
        result = await caught(self._limited(attempt))
        if not isinstance(result, Exception):
            return result
        if isinstance(result, TimeoutError):
            return failed(SlackPassingError("no answer before the lease's end", slack_code="timeout"))
        _log.error("unexpected failure", reference=reference(), exc_info=result)
        return failed(SlackPassingError(f"unexpected {type(result).__name__}, reference {reference()}"))

    async def _limited(self, attempt: Awaitable[Verdict]) -> Verdict:
        async with asyncio.timeout(self._most_seconds):
            return await attempt

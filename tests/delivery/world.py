"""Delivery between a real database and a made-up Slack, over loopback, on a clock that tests move."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.delivery import Delivery
from bot.delivery.crash_points import nothing
from bot.delivery.job_metrics import Logged
from bot.domain.job import TrainingJob
from bot.domain.job.stored import slim
from bot.domain.ports import Gateways, Look, SlackGateway, Waiting
from bot.domain.subscriptions.notifications.job_updates import Progress
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import SubscribeRequest, Subscription
from bot.domain.subscriptions.watch_state import WatchedState
from bot.playground.clock import ManualClock
from bot.playground.serving import serving
from bot.playground.workspace import ME, TRAINING, Message, Workspace
from bot.playground.workspace.identity import DEFAULT_SCOPES
from bot.slack.gateway import SlackWebGateway, open_session
from bot.store.store import DatabaseStore
from tests.sqlite_file import SQLiteFile

ORG = "org-1"
LEASE_SECONDS = 60.0
CALL_SECONDS = 0.2
"""Real ones: how long a call may hang before it is given up."""
LONGEST_MOMENT_SECONDS = 40.0
HISTORY = {scope for scope in DEFAULT_SCOPES if scope.endswith(":history")}

_T = TypeVar("_T")


def job(request_id: str = "job-1", **fields: Any) -> TrainingJob:
    """A job that runs."""
    return TrainingJob.model_validate(
        {"request_id": request_id, "experiment_name": request_id, "status": "RUNNING"} | fields
    )


@dataclass(frozen=True)
class Everywhere:
    """The way into every workspace."""

    slack: SlackGateway

    async def for_team(self, team_id: str) -> SlackGateway:  # noqa: ARG002  (the port)
        """As the port says."""
        return self.slack

    def may_tell(self, team_id: str, org_id: str) -> bool:
        """As the port says."""
        return bool(team_id and org_id)


@dataclass
class World:
    """A database, a workspace, and one process's delivery between them."""

    workspace: Workspace
    clock: ManualClock
    store: DatabaseStore
    slack: SlackWebGateway
    database_url: str
    delivery: Delivery = field(init=False)
    _told: int = 0
    _since: dict[Delivery, datetime] = field(default_factory=dict)
    """When each process came: it can't say whether the clock jumped before."""

    def __post_init__(self) -> None:
        """Start with one process."""
        self.delivery = self.another()

    def another(  # noqa: PLR0913  (what a test wants otherwise, by its name)
        self,
        on_crash_point: Callable[[str], None] = nothing,
        *,
        store: Any = None,
        slack: Any = None,
        gateways: Gateways | None = None,
        lease_seconds: float = LEASE_SECONDS,
        logged: Logged | None = None,
    ) -> Delivery:
        """Another process's delivery."""
        delivery = Delivery(
            store or self.store,
            gateways or Everywhere(slack or self.slack),
            self.clock,
            slash_command="/job",
            lease_seconds=lease_seconds,
            jitter=lambda: 0.5,
            on_crash_point=on_crash_point,
            logged={} if logged is None else {ORG: logged},
        )
        self._since[delivery] = self.clock.now()
        return delivery

    async def follow(
        self,
        request_id: str = "job-1",
        channel_id: str = TRAINING,
        *,
        thread_ts: str | None = None,
        user_id: str = ME,
    ) -> Subscription:
        """Somebody subscribes; the card waits in the outbox."""
        now, document = self.clock.now(), job(request_id)
        wish = SubscribeRequest(
            self.workspace.identity.team_id, channel_id, ORG, request_id, user_id, thread_ts=thread_ts
        )
        state = WatchedState(job=slim(document), first_seen_at=now, seen_at=now)
        return (await self.store.subscriptions.subscribe(wish, state, document, now)).subscription

    async def tell(
        self, *names: str, request_id: str = "job-1", kind: type[Notification] = Progress, **fields: Any
    ) -> None:
        """One look at a job finds so much to tell; each message is found again by its name."""
        self._told += len(names)
        now = self.clock.now()
        notifications = [kind(once_key=f"{self._told}-{name}", at=now, name=name, **fields) for name in names]
        await self._look(request_id, tuple(notifications))

    async def move(self, request_id: str = "job-1", **fields: Any) -> None:
        """One look finds the job changed: its cards want to be edited."""
        await self._look(request_id, (), job(request_id, **fields))

    async def run_for(self, seconds: float, *deliveries: Delivery) -> None:
        """Let the clock go on for so long, with everything delivered as it falls due."""
        until = self.clock.now() + timedelta(seconds=seconds)
        working = deliveries or (self.delivery,)
        while True:
            for delivery in working:
                while await self.moving(delivery.round()):
                    pass
            times = [await self.store.outbox.next_lane_at(self._since[each]) for each in working]
            due = min((each for each in times if each is not None), default=None)
            if due is None or due > until:
                break
            self.clock.advance((due - self.clock.now()).total_seconds())
        self.clock.advance(max(0.0, (until - self.clock.now()).total_seconds()))

    async def moving(self, work: Coroutine[Any, Any, _T]) -> _T:
        """What comes of this, with the clock moved on whenever somebody waits for a moment."""
        task, seen = asyncio.create_task(work), len(self.clock.slept)
        while not task.done():
            # Time passes once everybody rests, see `tests.resting_loop`.
            await asyncio.wait([task], timeout=0.001)
            for seconds in self.clock.slept[seen:]:
                self.clock.advance(seconds if seconds <= LONGEST_MOMENT_SECONDS else 0)
            seen = len(self.clock.slept)
        return task.result()

    async def opened(self, request_id: str = "job-1", channel_id: str = TRAINING) -> Subscription:
        """A subscription whose card stands in the channel, with the channel ready for the next message."""
        subscription = await self.follow(request_id, channel_id)
        await self.run_for(1)
        return await self.now(subscription)

    async def now(self, subscription: Subscription) -> Subscription:
        """The subscription as it is stored now."""
        found = await self.store.subscriptions.subscription(subscription.id)
        assert found is not None
        return found

    def thread(self, subscription: Subscription) -> list[str]:
        """What stands in the subscription's thread, without the card; each by the name it was told with."""
        messages = self.workspace.messages(subscription.channel_id)
        return [name_of(one) for one in messages if one.is_reply and one.thread_ts == subscription.thread_ts]

    def card(self, subscription: Subscription) -> Message:
        """The subscription's card."""
        messages = self.workspace.messages(subscription.channel_id)
        return next(one for one in messages if one.ts == subscription.card_ts)

    async def waiting(self) -> Sequence[Waiting]:
        """What the operator sees of the outbox."""
        return await self.store.outbox.waiting()

    async def _look(
        self, request_id: str, notifications: tuple[Notification, ...], document: TrainingJob | None = None
    ) -> None:
        now = self.clock.now()
        [claim] = await self.store.watches.claim_these(ORG, [request_id], now, LEASE_SECONDS)
        look = Look(claim, claim.state, now, notifications, document)
        assert await self.store.watches.finish_looks([look], now) == 1


def name_of(message: Message) -> str:
    """The name a message was told with: what its text begins with."""
    return message.text.partition(" is ")[0].partition(":")[0]


@asynccontextmanager
async def world(database: SQLiteFile) -> AsyncIterator[World]:
    """A fresh world."""
    clock = ManualClock()
    workspace = Workspace(clock)
    async with AsyncExitStack() as opening:
        await database.clear()
        opening.push_async_callback(database.store.database.close)
        workspace.base_url = await opening.enter_async_context(serving(workspace.app()))
        opening.push_async_callback(workspace.aclose)
        session = await opening.enter_async_context(open_session(CALL_SECONDS))
        token = workspace.identity.bot_token
        slack = SlackWebGateway(session, f"{workspace.base_url}/api/", token, clock)
        yield World(workspace, clock, database.store, slack, database.url)

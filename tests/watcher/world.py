"""A watcher with all it works with: a training suite on loopback, the cached API, a database in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.domain.channels.feed import Feed, read_feed_query
from bot.domain.commands.query import Query
from bot.domain.commands.stored_query import query_to_json
from bot.domain.groups.group import Group
from bot.domain.job import TrainingJob
from bot.domain.job.stored import kept
from bot.domain.polling.intervals import Bounds
from bot.domain.ports import Clock, Sent
from bot.domain.subscriptions.notifications.notices import ThreadCard
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Spot, SubscribeRequest, Subscription
from bot.domain.subscriptions.watch_state import first_state
from bot.playground.clock import InstantClock
from bot.playground.serving import serving
from bot.playground.training_suite import DEFAULT_TOKEN, TrainingSuite
from bot.store.store import DatabaseStore
from bot.training_api.build import build_training_api
from bot.training_api.cache import CachedTrainingApi
from bot.watcher import Watcher
from tests.sqlite_file import SQLiteFile

BOUNDS = Bounds(30, 120)
RARE = Bounds(200, 400)
"""For tests that take an hour."""
LEASE_SECONDS = 60.0
METRICS = "/job/metrics/"


class World:
    """Everything on one clock; every sleep is over at once and moves it."""

    def __init__(
        self, clock: InstantClock, suite: TrainingSuite, store: DatabaseStore, api: CachedTrainingApi
    ) -> None:
        self.clock = clock
        self.suite = suite
        self.store = store
        self.api = api
        self.bounds = BOUNDS
        self.wakes = 0
        self.rounds = 0
        self.steps: list[str] = []
        self.told: list[tuple[str, Notification]] = []
        """What the outbox held for each job, in order, without the cards."""
        self.examined = 0
        """How often metrics were asked for, as of the last `asked`."""
        self.edits: list[str] = []
        """The jobs whose cards were wished to be edited, as often as it was delivered."""
        self.cards: dict[str, TrainingJob] = {}
        """What each card was last drawn from."""
        self.posted: list[tuple[str, str]] = []
        """The channel and the job of each card, or feed's post, that was posted."""
        self.thread_cards: list[tuple[str, str]] = []
        """The same of each card in the thread of a feed's post."""

    def watcher(
        self,
        on_crash_point: Callable[[str], None] | None = None,
        *,
        store: DatabaseStore | None = None,
        clock: Clock | None = None,
        by_list: bool = True,
        jitter: Callable[[], float] = lambda: 0.5,
    ) -> Watcher:
        """One process of many."""
        return Watcher(
            store or self.store,
            self.api,
            clock or self.clock,
            org_id=self.suite.org_id,
            bounds=self.bounds,
            lease_seconds=LEASE_SECONDS,
            wake_delivery=self._wake,
            jitter=jitter,
            on_crash_point=on_crash_point or self.steps.append,
            by_list=by_list,
        )

    async def follow(self, *request_ids: str, channel_id: str = "C1") -> None:
        """Somebody subscribes to each job, as it is now."""
        for request_id in request_ids:
            if self.suite.document(request_id) is None:
                self.suite.set(request_id, status="RUNNING", progress=10)
            snapshot = await self.api.job(request_id)
            now = self.clock.now()
            wish = SubscribeRequest("T1", channel_id, self.suite.org_id, request_id, "U1")
            await self.store.subscriptions.subscribe(
                wish, first_state(snapshot.job, now), kept(snapshot.job), now
            )

    async def feed_on(self, *words: str, channel_id: str = "C1") -> None:
        """Somebody switches a feed on, or changes it."""
        now = self.clock.now()
        feed = Feed("T1", channel_id, self.suite.org_id, "U1", read_feed_query(words), now)
        changes = await self.api.changes({}, {})
        await self.store.feeds.set_feed(feed, changes.moved, now, is_whole=not changes.is_cut)

    async def group_on(self, name: str, channel_id: str = "C1") -> None:
        """Somebody subscribes to all jobs whose names begin so, while no list comes."""
        now = self.clock.now()
        wish = SubscribeRequest("T1", channel_id, self.suite.org_id, f"name:{name}*", "U1")
        await self.store.subscriptions.subscribe_to_group(
            wish, Group(query_to_json(Query(names=(name,))), now), now
        )

    async def subscribe_blindly(self, *request_ids: str) -> None:
        """Somebody subscribes to each, without anybody having asked for it."""
        now = self.clock.now()
        for request_id in request_ids:
            job = TrainingJob(request_id=request_id, status_text="RUNNING")
            wish = SubscribeRequest("T1", "C1", self.suite.org_id, request_id, "U1")
            await self.store.subscriptions.subscribe(wish, first_state(job, now), kept(job), now)

    async def live(self, seconds: float, watcher: Watcher) -> None:
        """Rounds, and the rests between them, until so much time has passed; then delivery."""
        end = self.clock.now() + timedelta(seconds=seconds)
        while (now := self.clock.now()) < end:
            wait = await watcher.round()
            self.rounds += 1
            self.clock.advance(min(wait, max(0.0, (end - now).total_seconds())))
        await self.deliver()

    async def deliver(self) -> None:
        """Take everything from the outbox, as delivery would."""
        while lanes := await self.store.outbox.claim_lanes(self.clock.now(), 60, 100):
            for lane in lanes:
                now = self.clock.now()
                sent = Sent("1.0", "1.0")
                if lane.is_for_edits:
                    while edit := await self.store.outbox.take_edit(lane, now):
                        self.edits.append(edit.subscription.request_id)
                        self.cards[edit.subscription.request_id] = edit.document
                        await self.store.outbox.finish_edit(lane, edit, sent, now, lane_free_at=now)
                    continue
                while post := await self.store.outbox.take_post(lane, now):
                    if isinstance(post.notification, ThreadCard):
                        self.thread_cards.append((post.subscription.channel_id, post.subscription.request_id))
                    elif post.document:
                        self.posted.append((post.subscription.channel_id, post.subscription.request_id))
                        self.cards[post.subscription.request_id] = post.document
                    else:
                        self.told.append((post.subscription.request_id, post.notification))
                    await self.store.outbox.finish_post(lane, post, sent, now, lane_free_at=now)

    def kinds(self, request_id: str = "a") -> list[type[Notification]]:
        """What a job's thread was told."""
        return [type(told) for each, told in self.told if each == request_id]

    def asked(self) -> Counter[str]:
        """Requests since the last time, by path or, for a job, by its id. Metrics count apart."""
        self.examined += sum(each.path == METRICS for each in self.suite.requests)
        asked = Counter(
            each.query.get("request_id", each.path) for each in self.suite.requests if each.path != METRICS
        )
        self.suite.requests.clear()
        return asked

    async def subscription(self, request_id: str = "a", channel_id: str = "C1") -> Subscription | None:
        """The active one."""
        return await self.store.subscriptions.active(Spot("T1", channel_id, self.suite.org_id, request_id))

    def _wake(self) -> None:
        self.wakes += 1


@asynccontextmanager
async def open_world(database: SQLiteFile) -> AsyncIterator[World]:
    """A world over an empty database that has its tables."""
    await database.clear()
    clock = InstantClock()
    suite = TrainingSuite(clock, jobs=())
    store = database.store
    async with serving(suite.app()) as url:
        api = build_training_api(base_url=url, org_id=suite.org_id, token=DEFAULT_TOKEN, clock=clock)
        try:
            yield World(clock, suite, store, api)
        finally:
            await api.aclose()
            await store.database.close()

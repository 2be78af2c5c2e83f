"""A training suite, a workspace and a database, and worker processes between them that are killed."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import EVENTS_PATH
from bot.domain.channels.feed import Feed, read_feed_query
from bot.domain.job import TrainingJob
from bot.domain.job.stored import kept
from bot.domain.subscriptions.subscription import SubscribeRequest, Subscription
from bot.domain.subscriptions.watch_state import first_state
from bot.playground.serving import serving
from bot.playground.training_suite import TrainingSuite
from bot.playground.training_suite.suite import DEFAULT_TOKEN
from bot.playground.workspace import ME, TRAINING, Message, Workspace
from bot.store.store import DatabaseStore, open_store
from tests.chaos.observed import Observed
from tests.chaos.processes import Processes
from tests.chaos.shared_clock import SharedClock, SharedMemory
from tests.chaos.worker import LEASE_SECONDS, Orders, WorkerProcess

LIMIT_SECONDS = 180.0
"""Real ones: a test that takes longer hangs."""


@dataclass
class World(Processes):
    """Everything around the workers; it stands in the test's process."""

    workspace: Workspace
    suite: TrainingSuite
    store: DatabaseStore
    observed: Observed

    async def start_server(self, doomed_at: str = "") -> WorkerProcess:
        """One that answers people too; what Slack delivers goes to it from now on."""
        server, port = await self.start_serving(doomed_at)
        self.workspace.request_url = f"http://127.0.0.1:{port}{EVENTS_PATH}"
        return server

    async def death(self, worker: WorkerProcess, at: str, limit_seconds: float = 30.0) -> None:
        """Wait until the worker died as it was doomed to; then its leases are over."""
        try:
            await asyncio.wait_for(worker.died.wait(), limit_seconds)
        except TimeoutError:
            msg = f"no worker came to the step {at!r}\n{self.story()}"
            raise AssertionError(msg) from None
        assert worker.process.exitcode == -signal.SIGKILL, (at, worker.process.exitcode)
        await self.clock.leap(LEASE_SECONDS)

    async def note_gone(self) -> None:
        """See `Processes`."""
        await self.observed.worker_gone()

    async def follow(
        self,
        request_id: str,
        channel_id: str = TRAINING,
        *,
        thread_ts: str | None = None,
        status: str = "QUEUED",
        **fields: Any,
    ) -> Subscription:
        """A job is there, and somebody subscribes to it."""
        if self.suite.document(request_id) is None:
            self.suite.set(request_id, experiment_name=request_id, status=status, **fields)
        job, now = TrainingJob.model_validate(self.suite.document(request_id)), self.clock.now()
        team_id = self.workspace.identity.team_id
        wish = SubscribeRequest(team_id, channel_id, self.suite.org_id, request_id, ME, thread_ts=thread_ts)
        came = await self.store.subscriptions.subscribe(wish, first_state(job, now), kept(job), now)
        return came.subscription

    async def feed_on(self, channel_id: str = TRAINING) -> None:
        """Somebody switches a feed on; what is in the list by then is found out by the first pass."""
        team_id, now = self.workspace.identity.team_id, self.clock.now()
        feed = Feed(team_id, channel_id, self.suite.org_id, ME, read_feed_query(()), now)
        await self.store.feeds.set_feed(feed, [], now, is_whole=False)

    async def knows_the_list(self) -> bool:
        """Whether the first pass is over."""
        return (await self.store.feeds.listed(self.suite.org_id)).is_whole

    def posted(self, name: str, channel_id: str = TRAINING) -> list[Message]:
        """The messages of the channel that tell of this job."""
        return [one for one in self.workspace.messages(channel_id) if name in one.text]

    async def now(self, subscription: Subscription) -> Subscription:
        """The subscription as it is stored now."""
        found = await self.store.subscriptions.subscription(subscription.id)
        assert found is not None
        return found

    def card(self, subscription: Subscription) -> Message | None:
        """The first message about the subscription's job: its card."""
        return next(iter(self._about(subscription)), None)

    def told(self, subscription: Subscription) -> list[Message]:
        """What was said about the subscription's job since its card, wherever in the channel it stands."""
        return self._about(subscription)[1:]

    def _about(self, subscription: Subscription) -> list[Message]:
        messages = self.workspace.messages(subscription.channel_id)
        return [one for one in messages if subscription.request_id in one.text]

    async def until(self, is_so: Callable[[], Any], limit_seconds: float = 60.0) -> None:
        """Wait for a condition."""
        try:
            await self.workspace.wait_for(lambda: is_so() or None, limit_seconds)
        except TimeoutError:
            raise AssertionError(self.story()) from None

    async def quiet(self, limit_seconds: float = 60.0) -> None:
        """Wait until nothing is to be sent any more."""

        async def is_quiet() -> bool:
            return await self.store.outbox.next_lane_at() is None

        await self.until_so(is_quiet, limit_seconds)

    async def until_so(self, is_so: Callable[[], Awaitable[bool]], limit_seconds: float = 60.0) -> None:
        """Wait for something that only the database knows."""
        try:
            async with asyncio.timeout(limit_seconds):
                while not await is_so():
                    await self.clock.sleep(0.2)
        except TimeoutError:
            raise AssertionError(self.story()) from None

    def story(self) -> str:
        """What happened, for whoever has to find out why a test failed."""
        return "\n".join(self._story())

    def _story(self) -> Iterator[str]:
        yield f"at {self.clock.monotonic():.2f}"
        for channel in self.workspace.board.channels.values():
            for message in channel.messages.values():
                yield f"{channel.name} {message.ts} in {message.thread_ts}: {message.text[:100]}"
        for worker in self.workers:
            yield f"--- worker {worker.number}, exit code {worker.process.exitcode}"
            yield self.orders(worker.number).log.read_text()[-2000:]


@asynccontextmanager
async def world(
    database_url: str, folder: Path, workers_database_url: str | None = None
) -> AsyncIterator[World]:
    """A fresh world over this database, without any worker yet. It must be over within `LIMIT_SECONDS`.

    Workers may reach the database by another address.
    """
    memory = folder / "clock"
    clock = SharedClock(SharedMemory(memory))
    suite, workspace = TrainingSuite(clock, jobs=()), Workspace(clock)
    async with asyncio.timeout(LIMIT_SECONDS), AsyncExitStack() as opening:
        store = open_store(database_url)
        opening.push_async_callback(store.database.close)
        observed = await opening.enter_async_context(Observed.of(database_url, clock))
        workspace.base_url = await opening.enter_async_context(serving(workspace.app()))
        opening.push_async_callback(workspace.aclose)
        suite_url = await opening.enter_async_context(serving(observed.watching(suite.app())))

        def orders(number: int) -> Orders:
            return Orders(
                number=number,
                memory=memory,
                log=folder / f"worker-{number}.log",
                database_url=workers_database_url or database_url,
                slack_api_url=f"{workspace.base_url}/api/",
                training_api_url=suite_url,
                org_id=suite.org_id,
                bot_token=workspace.identity.bot_token,
                training_token=DEFAULT_TOKEN,
                signing_secret=workspace.identity.signing_secret,
                client_secret=workspace.grants.client_secret,
            )

        made = World(clock, orders, workspace, suite, store, observed)
        clock.lead(made.awaited)
        opening.callback(clock.stop)
        opening.push_async_callback(made.end)
        yield made

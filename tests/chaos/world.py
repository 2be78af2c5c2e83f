"""A training suite, a workspace and a database, and worker processes between them that are killed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
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
from bot.tasks import Errands
from tests.chaos.observed import Observed
from tests.chaos.reporting_loop import seen
from tests.chaos.shared_clock import Rest, SharedClock, SharedMemory
from tests.chaos.worker import CRASH_POINTS, LEASE_SECONDS, Orders, WorkerProcess, start

LIMIT_SECONDS = 180.0
"""Real ones: a test that takes longer hangs."""


@dataclass
class World:
    """Everything around the workers; it stands in the test's process."""

    clock: SharedClock
    workspace: Workspace
    suite: TrainingSuite
    store: DatabaseStore
    observed: Observed
    orders: Callable[[int], Orders]
    workers: list[WorkerProcess] = field(default_factory=list)
    awaited: set[int] = field(default_factory=set)
    """The workers that time waits for."""
    errands: Errands = field(default_factory=lambda: Errands("the note of a death"))

    def start_worker(self, doomed_at: str = "", *, secrets_key: str = "") -> WorkerProcess:
        """One more process, which may be doomed already. Time waits for it."""
        return self._start(replace(self.orders(len(self.workers)), secrets_key=secrets_key), doomed_at)

    async def start_server(self, doomed_at: str = "") -> WorkerProcess:
        """One that answers people too; what Slack delivers goes to it from now on."""
        orders = replace(self.orders(len(self.workers)), serves=True)
        server = self._start(orders, doomed_at)
        await asyncio.wait_for(seen(orders.port_file.exists), 30.0)
        self.workspace.request_url = f"http://127.0.0.1:{orders.port_file.read_text()}{EVENTS_PATH}"
        return server

    def _start(self, orders: Orders, doomed_at: str) -> WorkerProcess:
        number = orders.number
        self.clock.memory.say(number, Rest(-1, 0, 0.0))
        if doomed_at:
            self.clock.memory.set_doom(number, 1 + CRASH_POINTS.index(doomed_at))
        process = start(orders)
        worker = WorkerProcess(number, process, asyncio.Event())
        self.workers.append(worker)
        self.awaited.add(number)
        loop = asyncio.get_running_loop()
        loop.add_reader(process.sentinel, self._died, worker)
        return worker

    def kill(self, worker: WorkerProcess) -> None:
        """``kill -9``, now; nothing happens to one that is dead."""
        worker.process.kill()

    def doom(self, worker: WorkerProcess, step: str) -> None:
        """The worker dies the next time it comes to this step."""
        self.clock.memory.set_doom(worker.number, 1 + CRASH_POINTS.index(step))

    async def death(self, worker: WorkerProcess, at: str, limit_seconds: float = 30.0) -> None:
        """Wait until the worker died as it was doomed to; then its leases are over."""
        try:
            await asyncio.wait_for(worker.died.wait(), limit_seconds)
        except TimeoutError:
            msg = f"no worker came to the step {at!r}\n{self.story()}"
            raise AssertionError(msg) from None
        assert worker.process.exitcode == -signal.SIGKILL, (at, worker.process.exitcode)
        await self.clock.leap(LEASE_SECONDS)

    async def asleep(self, worker: WorkerProcess, at: str) -> None:
        """Let the worker come to this step and stop there; then its leases are over."""
        self.clock.memory.set_doom(worker.number, -1 - CRASH_POINTS.index(at))
        await asyncio.wait_for(seen(lambda: not self.clock.memory.doom(worker.number)), 30.0)
        await self.observed.worker_gone()
        self.awaited.discard(worker.number)
        await self.clock.leap(LEASE_SECONDS)

    def wake(self, worker: WorkerProcess) -> None:
        """Let it go on, as if nothing had happened."""
        assert worker.process.pid is not None
        os.kill(worker.process.pid, signal.SIGCONT)
        self.awaited.add(worker.number)

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

    def _died(self, worker: WorkerProcess) -> None:
        asyncio.get_running_loop().remove_reader(worker.process.sentinel)
        worker.process.join()
        self.errands.start(self._note_death(worker))

    async def _note_death(self, worker: WorkerProcess) -> None:
        await self.observed.worker_gone()
        self.awaited.discard(worker.number)
        worker.died.set()

    async def end(self) -> None:
        """End every worker that is left."""
        for worker in self.workers:
            self.kill(worker)
            await worker.died.wait()
            worker.process.close()


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

        made = World(clock, workspace, suite, store, observed, orders)
        clock.lead(made.awaited)
        opening.callback(clock.stop)
        opening.push_async_callback(made.end)
        yield made

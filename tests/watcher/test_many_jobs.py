"""So many jobs that a lap takes longer than the shortest interval: each change is told all the same."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.job import TrainingJob
from bot.domain.job.stored import kept
from bot.domain.polling.intervals import Bounds
from bot.domain.ports import Look
from bot.domain.subscriptions.notifications.job_updates import Progress
from bot.domain.subscriptions.subscription import SubscribeRequest
from bot.domain.subscriptions.watch_state import first_state
from tests.store_with import store_with
from tests.watcher.world import World

_MOST_CLAIMS = 30
"""More than a pass over these jobs needs; one that never ends would go on for ever."""


class Slow:
    """A database on which every claim takes seconds."""

    def __init__(self, world: World, seconds: float) -> None:
        self._world = world
        self._seconds = seconds
        self.claims = 0

    async def claim_jobs(self, *args: Any, **kwargs: Any) -> Any:
        """Claim, and let time pass."""
        self.claims += 1
        assert self.claims <= _MOST_CLAIMS, "the pass takes again what it took before"
        self._world.clock.advance(self._seconds)
        return await self._world.store.watches.claim_jobs(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        """Everything else is as quick as ever."""
        return getattr(self._world.store.watches, name)


async def _follow_many(world: World, count: int) -> list[str]:
    names = [f"job-{number:04}" for number in range(count)]
    for name in names:
        world.suite.set(name, status="RUNNING", progress=10)
        job, now = TrainingJob.model_validate(world.suite.document(name)), world.clock.now()
        wish = SubscribeRequest("T1", "C1", world.suite.org_id, name, "U1")
        await world.store.subscriptions.subscribe(wish, first_state(job, now), kept(job), now)
    return names


async def test_a_pass_takes_what_was_due_when_it_began_once(world: World) -> None:
    """However much falls due meanwhile, it ends, and the next one sees what changed."""
    world.bounds = Bounds(0.5, 0.5)
    names = await _follow_many(world, 230)
    watches = Slow(world, 3)
    watcher = world.watcher(store=store_with(world.store, watches=watches))
    for _ in range(2):
        watches.claims = 0
        await watcher.round()
    for name in names[::9]:
        world.suite.set(name, status="RUNNING", progress=30)
    for _ in range(3):
        watches.claims = 0
        await watcher.round()
        world.clock.advance(0.5)
    await world.deliver()
    told = {request_id for request_id, each in world.told if isinstance(each, Progress)}
    assert told == set(names[::9])


async def test_looks_at_single_jobs_do_not_keep_the_list_waiting(world: World) -> None:
    """Many jobs want their documents, of which there are five a second: the list says what moved."""
    world.bounds = Bounds(0.5, 0.5)
    names = await _follow_many(world, 120)
    watcher = world.watcher()
    await world.live(10, watcher)
    for name in (names[-1], names[0]):
        changed_at = world.clock.now()
        world.suite.set(name, status="RUNNING", progress=30)
        assert await _seconds_to_tell(world, watcher, name, changed_at) <= 3 * world.bounds.min_seconds


async def _seconds_to_tell(world: World, watcher: Any, name: str, changed_at: datetime) -> float:
    while Progress not in world.kinds(name):
        world.clock.advance(min(await watcher.round(), 0.5))
        await world.deliver()
    return (world.clock.now() - changed_at).total_seconds()


class Counting:
    """A database that counts the states that are written to it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.written = 0

    async def finish_looks(self, looks: Sequence[Look], now: datetime) -> int:
        """Write them."""
        self.written += len(looks)
        return await self._world.store.watches.finish_looks(looks, now)

    def __getattr__(self, name: str) -> Any:
        """Everything else is not counted."""
        return getattr(self._world.store.watches, name)


async def test_a_row_that_says_what_it_said_is_not_written_down_each_time(world: World) -> None:
    """The list is asked for every half a second, and compared in memory."""
    world.bounds = Bounds(0.5, 0.5)
    names = await _follow_many(world, 40)
    watches = Counting(world)
    watcher = world.watcher(store=store_with(world.store, watches=watches))
    await world.live(60, watcher)  # all documents are known
    world.steps.clear()
    watches.written = 0
    await world.live(30, watcher)
    assert world.steps.count("watch.list_finished") >= 25
    assert watches.written <= 3 * len(names)


class Telling:
    """A database that notes, whenever jobs are claimed because they are due, whether a change was told."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name
        self.told: list[bool] = []

    async def claim_jobs(self, *args: Any, **kwargs: Any) -> Any:
        """Send what is to be sent, and claim."""
        await self._world.deliver()
        self.told.append(Progress in self._world.kinds(self._name))
        return await self._world.store.watches.claim_jobs(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        """Everything else is not noted."""
        return getattr(self._world.store.watches, name)


async def test_what_changed_does_not_wait_for_what_is_only_due(world: World) -> None:
    """Many jobs are due with the same list, and to go through them takes long."""
    world.bounds = Bounds(0.5, 0.5)
    names = await _follow_many(world, 230)
    watches = Telling(world, names[-1])
    watcher = world.watcher(store=store_with(world.store, watches=watches))
    await world.live(60, watcher)
    world.clock.advance(40)
    world.suite.set(names[-1], status="RUNNING", progress=30)
    watches.told.clear()
    await watcher.round()
    assert len(watches.told) >= 2  # so many times 200
    assert all(watches.told)


async def test_jobs_that_were_due_together_do_not_stay_together(world: World) -> None:
    """Or every so often a list would take long, and what changes meanwhile would wait for the next one."""
    world.bounds = Bounds(0.5, 0.5)
    names = await _follow_many(world, 120)
    watches = Counting(world)
    chance = random.Random(7)  # noqa: S311  (the same each time)
    watcher = world.watcher(store=store_with(world.store, watches=watches), jitter=chance.random)
    await world.live(100, watcher)  # all documents are known
    world.clock.advance(60)  # the process was away
    await world.live(30, watcher)
    most = 0
    for _ in range(60):
        watches.written = 0
        await world.live(0.5, watcher)
        most = max(most, watches.written)
    assert 0 < most <= len(names) / 4


async def test_a_process_that_begins_takes_up_no_more_than_is_due(world: World) -> None:
    """What the one before it wrote down is no further ahead than it may be: no clock jumped."""
    world.bounds = Bounds(0.5, 0.5)
    names = await _follow_many(world, 40)
    await world.live(60, world.watcher())
    watches = Counting(world)
    await world.live(5, world.watcher(store=store_with(world.store, watches=watches)))
    assert watches.written <= len(names) / 2

"""Several watchers, crashes in between, and how much is asked at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.domain.errors import SchemaError, StoreError
from bot.domain.ports import ListPlan, WatchStore
from bot.domain.subscriptions.notifications.job_updates import Completed, Failed, Progress
from bot.domain.subscriptions.notifications.notices import ApiBack, ApiDown
from bot.playground.clock import ManualClock
from bot.watcher import CRASH_POINTS, crash_points
from tests.store_with import store_with
from tests.watcher.world import BOUNDS, LEASE_SECONDS, RARE, World


class Killed(BaseException):
    """The process ends here."""


def killer(step: str, after: list[str]) -> Callable[[str], None]:
    """Kills at the first time of a step; what it passed is in ``after``."""

    def on_crash_point(name: str) -> None:
        after.append(name)
        if name == step:
            raise Killed

    return on_crash_point


@pytest.mark.parametrize(
    "step",
    [
        crash_points.LIST_ANSWERED,
        crash_points.ROWS_JUDGED,
        crash_points.ROWS_FINISHED,
        crash_points.JOB_JUDGED,
    ],
)
async def test_whoever_is_killed_another_takes_over(world: World, step: str) -> None:
    """Once the lease is over: every change is told once, in order, and none is lost."""
    world.bounds = RARE
    survivor = world.watcher()
    await world.follow("a", "b")
    await world.live(300, survivor)
    world.suite.set("a", status="FAILED", error_message="no memory")
    world.suite.set("b", progress=80)
    passed: list[str] = []
    victim = world.watcher(killer(step, passed))
    with pytest.raises((Killed, BaseExceptionGroup)):
        await world.live(2_000, victim)
    assert passed[-1] == step
    await world.live(900, survivor)
    assert world.kinds("a") == [Failed]
    assert world.kinds("b") == [Progress]


async def test_what_is_held_is_left_alone_until_the_lease_is_over(world: World) -> None:
    """Then it is looked at again, and the late loser changes nothing."""
    survivor = world.watcher()
    await world.follow("a")
    await world.live(60, survivor)
    world.suite.set("a", progress=80)
    victim = world.watcher(killer(crash_points.JOBS_CLAIMED, []))
    with pytest.raises(Killed):
        await world.live(600, victim)
    world.asked()
    await world.live(LEASE_SECONDS - 5, survivor)
    assert world.asked() == {}
    await world.live(60, survivor)
    assert world.kinds() == [Progress]


async def test_whoever_is_late_leaves_the_rest_to_others(world: World) -> None:
    """The training suite is so slow that the lease is over in the middle: nobody asks on an old claim."""
    ids = [f"job-{number:02}" for number in range(10)]
    await world.follow(*ids)
    world.suite.switches.update({"list_refused": True, "latency_seconds": LEASE_SECONDS / 8 + 1})
    world.asked()
    await world.watcher().round()
    asked = world.asked()
    assert sum(asked[each] for each in ids) == 8


async def test_two_watchers_share_the_work_and_double_nothing(world: World) -> None:
    """One list in each interval, whoever fetches it; each change told once."""
    watchers = [world.watcher(), world.watcher()]
    await world.follow("a", "b", "c")
    for number in range(15):
        await asyncio.gather(*(each.round() for each in watchers))
        world.clock.advance(BOUNDS.min_seconds)
        world.suite.set("a", progress=10 + 6 * number)
    await world.deliver()
    assert [told.milestone for _, told in world.told] == [25, 50, 75]
    assert world.asked()["/job/list/"] <= 15


async def test_many_first_looks_stay_polite(world: World) -> None:
    """At most 8 at once, 5 a second after the first 20, each job once, and nobody's lease runs out."""
    ids = [f"job-{number:03}" for number in range(60)]
    for request_id in ids:
        world.suite.set(request_id, status="RUNNING", progress=10)
    await world.subscribe_blindly(*ids)
    begun = world.clock.monotonic()
    watcher = world.watcher()
    while world.steps.count(crash_points.JOB_FINISHED) < len(ids):
        world.clock.advance(await watcher.round())
    looks = [each for each in world.suite.requests if each.path == "/job/get/"]
    assert sorted(each.query["request_id"] for each in looks) == ids
    assert max(each.in_flight for each in looks) <= 8
    assert (60 - 20) / 5 - 1 <= world.clock.monotonic() - begun <= LEASE_SECONDS


async def test_the_loop_survives_what_goes_wrong_in_a_round(world: World) -> None:
    """With growing pauses; then it goes on where it was."""
    clock = ManualClock()
    broken = _Broken(world.store.watches, StoreError("locked"), StoreError("locked"), RuntimeError("odd"))
    watcher = world.watcher(store=store_with(world.store, watches=broken), clock=clock)
    running = asyncio.create_task(watcher.run())
    for seconds in (1.0, 2.0, 4.0):
        await _until(lambda wanted=seconds: clock.slept[-1:] == [wanted])
        clock.advance(seconds)
    await _until(lambda: len(clock.slept) == 4)
    assert broken.asked == 4
    assert clock.slept[-1] == BOUNDS.min_seconds
    await _stop(running)


async def test_a_schema_that_does_not_fit_is_said_once(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """And tried again, more and more rarely."""
    clock = ManualClock()
    broken = _Broken(world.store.watches, *[SchemaError("run migrate")] * 8)
    running = asyncio.create_task(
        world.watcher(store=store_with(world.store, watches=broken), clock=clock).run()
    )
    for number in range(8):
        await _until(lambda wanted=number: len(clock.slept) == wanted + 1)
        clock.advance(clock.slept[-1])
    await _until(lambda: len(clock.slept) == 9)
    await _stop(running)
    assert clock.slept[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert capsys.readouterr().out.count("run migrate") == 1


async def test_waking_it_looks_at_once(world: World) -> None:
    """Somebody subscribed in this process: nobody waits for the rest to be over."""
    clock = ManualClock()
    watcher = world.watcher(clock=clock)
    running = asyncio.create_task(watcher.run())
    await _until(lambda: len(clock.slept) == 1)
    await world.follow("a")
    world.asked()
    watcher.wake()
    await _until(lambda: crash_points.JOB_FINISHED in world.steps)
    assert world.asked() == {"a": 1}
    await _stop(running)


class _Broken:
    """A port that fails first, for each of these errors once."""

    def __init__(self, watches: WatchStore, *errors: Exception) -> None:
        self._watches = watches
        self._errors = list(errors)
        self.asked = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._watches, name)

    async def plan(self, org_id: str) -> ListPlan:
        self.asked += 1
        if self._errors:
            raise self._errors.pop(0)
        return await self._watches.plan(org_id)


async def _stop(running: asyncio.Task[None]) -> None:
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def _until(is_so: Callable[[], bool]) -> None:
    """Wait for what happens in other tasks and threads."""
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110  (threads of the database's are waited for as well)
            await asyncio.sleep(0.001)


def test_every_step_has_its_name_once() -> None:
    """Chaos tests go through them by name."""
    assert len(set(CRASH_POINTS)) == len(CRASH_POINTS)
    assert all(
        name.startswith(("watch.", "feed.", "exam.", "history.", "digest.", "group."))
        for name in CRASH_POINTS
    )


async def test_the_end_of_an_outage_is_told_before_what_happened_meanwhile(world: World) -> None:
    """Though several jobs are asked about at the same time, and the first answer ends it."""
    world.suite.switches.list_refused = True
    watcher = world.watcher()
    names = tuple("abcdefgh")
    await world.follow(*names)
    world.suite.switches.down = True
    await world.live(2_000, watcher)
    for each in names:
        world.suite.set(each, status="COMPLETED")
    world.suite.switches.down = False
    await world.live(1_000, watcher)
    told = [ApiDown, ApiBack, Completed]
    assert [world.kinds(each) for each in names] == [told] * len(names)

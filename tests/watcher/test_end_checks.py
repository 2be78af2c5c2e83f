"""The run doctor's look before a completion is told: the end says what he finds, or does not wait for it."""

from __future__ import annotations

from bot.domain.curves.run_doctor import FindingClass
from bot.domain.subscriptions.notifications.job_updates import Completed
from bot.domain.subscriptions.notifications.metrics_updates import MetricsFinding
from tests.watcher.test_examinations import ILL, MINUTE, logs
from tests.watcher.world import World


async def completes(world: World, *, is_known: bool) -> Completed:
    """A run that diverged completes; its metrics come in time where they are known already."""
    watcher = world.watcher()
    await world.follow("a")
    await world.live(2 * MINUTE, watcher)
    logs(world, *ILL)
    world.suite.set("a", status="COMPLETED", progress=100)
    for _ in range(10):
        if is_known:
            await world.api.metrics("a")
        await world.live(15, watcher)
    await world.live(5 * MINUTE, watcher)
    (end,) = [told for _, told in world.told if isinstance(told, Completed)]
    return end


async def test_an_end_says_what_the_run_doctor_found(world: World) -> None:
    """Which is not told once more after it."""
    end = await completes(world, is_known=True)
    assert end.finding is not None
    assert end.finding.name is FindingClass.DIVERGING
    assert world.kinds() == [Completed]


async def test_an_end_does_not_wait_for_slow_metrics(world: World) -> None:
    """What is wrong with them follows in the thread."""
    end = await completes(world, is_known=False)
    assert end.finding is None
    assert world.kinds() == [Completed, MetricsFinding]


async def test_an_end_says_nothing_that_helps_nobody(world: World) -> None:
    """Somebody said so while it ran."""
    world.suite.set("a", status="RUNNING", progress=10)
    await world.store.metrics_checks.silence(world.suite.org_id, "a", "diverging", world.clock.now())
    assert (await completes(world, is_known=True)).finding is None
    assert world.kinds() == [Completed]


async def test_a_completed_job_that_a_feed_posts_is_looked_at(world: World) -> None:
    """For one request; its thread says what was found."""
    await world.feed_on()
    watcher = world.watcher()
    await world.live(2 * MINUTE, watcher)
    logs(world, *ILL)
    world.suite.set("a", status="COMPLETED", progress=100)
    world.asked()
    before = world.examined
    await world.live(3 * MINUTE, watcher)
    world.asked()
    assert (world.posted, world.kinds(), world.examined - before) == ([("C1", "a")], [MetricsFinding], 1)

"""The wall clock is set back or forward, while the bot runs or does not: everything is told in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.clocks import CLOCK_SKEW
from bot.domain.subscriptions.notifications.group_updates import GroupFailure
from bot.domain.subscriptions.notifications.job_updates import Completed
from bot.playground.clock import ManualClock
from bot.tasks.jumps import TOLERANCE_SECONDS, ClockJumps
from bot.watcher import Watcher
from tests.watcher.world import BOUNDS, World

HOUR = 3_600.0
TRUE = ManualClock().now()


def _complete(world: World, *names: str) -> None:
    """They end, by the training suite's own clock, which nobody sets."""
    now = (TRUE + timedelta(seconds=world.clock.monotonic())).isoformat()
    for name in names:
        world.suite.set(name, status="COMPLETED", updated_at=now, completed_at=now)


async def _live(world: World, seconds: float, watcher: Watcher) -> None:
    """As the world's own, with a delivery that notices the jump too."""
    await world.live(seconds, watcher)
    now = world.clock.now()
    await world.store.outbox.rebase_sending(now, now)
    await world.deliver()


@pytest.mark.parametrize("jumped", [-86_400.0, -HOUR, -200.0, HOUR, 86_400.0])
@pytest.mark.parametrize("names", ["a", "ab"])
async def test_what_happens_is_told_whatever_the_clock_does(world: World, jumped: float, names: str) -> None:
    """Job by job, and by the list: within an interval of the jump everything is looked at."""
    await world.follow(*names)
    watcher = world.watcher()
    await world.live(900, watcher)
    world.clock.jump(jumped)
    _complete(world, *names)
    await _live(world, BOUNDS.min_seconds * 2, watcher)
    assert [world.kinds(name) for name in names] == [[Completed]] * len(names)


@pytest.mark.parametrize("names", ["a", "ab"])
async def test_a_clock_that_was_set_back_while_the_bot_was_away_is_no_matter(
    world: World, names: str
) -> None:
    """Another process finds times that no interval of its own reaches."""
    await world.follow(*names)
    await world.live(900, world.watcher())
    world.clock.jump(-HOUR)
    _complete(world, *names)
    await _live(world, BOUNDS.max_seconds * 4, world.watcher())
    assert [world.kinds(name) for name in names] == [[Completed]] * len(names)


async def test_what_was_claimed_before_the_clock_was_set_back_is_taken_up(world: World) -> None:
    """A process died with a lease that would seem to go on for an hour."""
    await world.follow("a")
    await world.live(300, world.watcher())
    now = world.clock.now()
    assert await world.store.watches.claim_these(world.suite.org_id, ["a"], now, 60)
    watcher = world.watcher()
    await watcher.round()
    world.clock.jump(-HOUR)
    _complete(world, "a")
    await _live(world, 300, watcher)
    assert world.kinds() == [Completed]


@pytest.mark.parametrize("jumped", [HOUR, -HOUR])
async def test_a_jump_is_no_outage_and_no_stall(world: World, jumped: float) -> None:
    """The training suite failed once before it, and once after it; the job did not move meanwhile."""
    await world.follow("a")
    watcher = world.watcher()
    await world.live(300, watcher)
    world.suite.switches.down = True
    await world.live(60, watcher)
    world.clock.jump(jumped)
    await world.live(60, watcher)
    world.suite.switches.down = False
    await world.live(300, watcher)
    assert world.kinds() == []


@pytest.mark.parametrize("jumped", [CLOCK_SKEW, -CLOCK_SKEW])
async def test_a_group_that_began_without_a_list_while_the_clock_was_off_tells_a_failure(
    world: World, jumped: timedelta
) -> None:
    """The first list that comes has the job as failed already, at a time by the training suite's clock."""
    world.suite.set("sweep-1", experiment_name="sweep-1", status="RUNNING")
    watcher = world.watcher()
    await watcher.round()
    world.clock.jump(jumped.total_seconds())
    world.suite.switches.down = True
    await world.group_on("sweep-")
    await world.live(60, watcher)
    failed_at = (TRUE + timedelta(seconds=world.clock.monotonic())).isoformat()
    world.suite.set("sweep-1", status="FAILED", updated_at=failed_at, completed_at=failed_at)
    await world.live(60, watcher)
    world.suite.switches.down = False
    world.clock.jump(-jumped.total_seconds())
    await _live(world, 300, watcher)
    assert world.kinds("name:sweep-*") == [GroupFailure]


def test_a_jump_is_noticed_once_and_a_nudge_is_none() -> None:
    """Time that passes is none either."""
    clock = ManualClock()
    jumps = ClockJumps(clock)
    clock.advance(10_000)
    assert jumps.look() == 0
    clock.jump(-HOUR)
    clock.advance(30)
    assert jumps.look() == pytest.approx(-HOUR)
    assert jumps.look() == 0
    clock.jump(TOLERANCE_SECONDS - 1)
    assert jumps.look() == 0
    clock.jump(HOUR)
    assert jumps.look() == pytest.approx(HOUR)


def test_a_moment_knows_of_a_jump_that_no_look_has_seen() -> None:
    """Whoever asks in between gets both times after it, and the next look sees it all the same."""
    clock = ManualClock()
    jumps, began = ClockJumps(clock), clock.now()
    clock.advance(100)
    assert jumps.moment() == (clock.now(), began)
    for seconds in (HOUR, -2 * HOUR):
        clock.jump(seconds)
        jumped_at = clock.now()
        assert jumps.moment() == (jumped_at, jumped_at)
        clock.advance(10)
        assert jumps.moment() == (clock.now(), jumped_at)
        assert jumps.look() == pytest.approx(seconds)
        assert jumps.look() == 0

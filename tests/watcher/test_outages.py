"""An outage is what looks that were made have seen: not the time in which nobody looked."""

from __future__ import annotations

from datetime import timedelta

from structlog.testing import capture_logs

from bot.domain.subscriptions.notifications.notices import ApiBack, ApiDown
from bot.domain.subscriptions.rules import OUTAGE_SECONDS
from bot.domain.subscriptions.subscription import Spot
from bot.logs import attributed
from tests.watcher.world import World


async def test_a_bot_that_was_away_tells_of_no_outage_that_nobody_saw(world: World) -> None:
    """One failure before it left and one after it came back are two failures, an hour apart."""
    await world.follow("a")
    await world.live(60, world.watcher())
    world.suite.switches.down = True
    await world.live(60, world.watcher())
    world.clock.advance(3_600)
    came_back = world.clock.now()
    watcher = world.watcher()
    await world.live(OUTAGE_SECONDS - 100, watcher)
    assert world.kinds() == []
    await world.live(300, watcher)
    assert world.kinds() == [ApiDown]
    (down,) = (each for _, each in world.told if isinstance(each, ApiDown))
    assert down.since is not None
    assert came_back <= down.since <= came_back + timedelta(seconds=30)


async def test_a_bot_with_nothing_to_look_at_saw_no_outage_either(world: World) -> None:
    """The last look at the last job failed; hours later somebody follows another one."""
    await world.follow("a")
    watcher = world.watcher()
    await world.live(60, watcher)
    world.suite.switches.down = True
    await world.live(60, watcher)
    await world.store.subscriptions.unsubscribe(
        Spot("T1", "C1", world.suite.org_id, "a"), "U1", world.clock.now()
    )
    await world.live(7_200, watcher)
    await world.subscribe_blindly("b")
    await world.live(OUTAGE_SECONDS - 100, watcher)
    assert world.kinds("b") == []
    await world.live(300, watcher)
    assert world.kinds("b") == [ApiDown]


async def test_looks_that_are_far_apart_by_plan_count(world: World) -> None:
    """The training suite asks for minutes of patience with each refusal."""
    await world.follow("a")
    watcher = world.watcher()
    await world.live(60, watcher)
    world.suite.switches.update({"rate_limited": True, "retry_after_seconds": 400})
    await world.live(2 * OUTAGE_SECONDS, watcher)
    assert world.kinds() == [ApiDown]


async def test_an_outage_that_was_told_is_over_when_it_is(world: World) -> None:
    """Though the bot was away meanwhile: its end is told to those who heard of it, and once."""
    await world.follow("a")
    world.suite.switches.down = True
    await world.live(2 * OUTAGE_SECONDS, world.watcher())
    assert world.kinds() == [ApiDown]
    world.clock.advance(3_600)
    watcher = world.watcher()
    await world.live(2 * OUTAGE_SECONDS, watcher)
    world.suite.switches.down = False
    await world.live(600, watcher)
    assert world.kinds() == [ApiDown, ApiBack]


async def test_the_lines_of_a_poll_say_whose_they_are(world: World) -> None:
    """The organization whose list could not be had."""
    await world.follow("a", "b", "c")
    watcher = world.watcher()
    await world.live(60, watcher)
    world.suite.switches.down = True
    with capture_logs(processors=[attributed]) as logs:
        await world.live(60, watcher)
    told = [log for log in logs if log["event"] == "no list of jobs"]
    assert told
    assert {log["org_id"] for log in told} == {world.suite.org_id}

"""One watched job: it is looked at by its own document, told of once, and never too early."""

from __future__ import annotations

import pytest

from bot.domain.subscriptions.notifications.job_updates import (
    Cancelled,
    Completed,
    Failed,
    JobGone,
    JobRefused,
    Progress,
    Started,
)
from bot.domain.subscriptions.notifications.notices import ApiBack, ApiDown, Finished
from bot.domain.subscriptions.subscription import Ending
from bot.watcher import crash_points
from tests.watcher.world import BOUNDS, RARE, World


async def test_the_first_look_comes_at_once_and_says_nothing_of_what_was_so_already(world: World) -> None:
    """The document is fetched past the cache; the thread hears only of what happens from now on."""
    world.suite.set("a", status="RUNNING", progress=60)
    await world.follow("a")
    world.asked()
    await world.watcher().round()
    await world.deliver()
    assert world.asked() == {"a": 1}
    assert world.kinds() == []
    assert world.edits == []


async def test_a_life_is_told_once_from_start_to_end(world: World) -> None:
    """Started, a milestone, completed: each as it is seen, and the card each time."""
    watcher = world.watcher()
    world.suite.set("a", status="QUEUED")
    await world.follow("a")
    await world.live(200, watcher)
    world.suite.set("a", status="RUNNING", progress=5)
    await world.live(200, watcher)
    world.suite.set("a", progress=30)
    await world.live(200, watcher)
    world.suite.set("a", status="COMPLETED", progress=100, output_model_path="s3://models/a")
    await world.live(200, watcher)
    assert world.kinds() == [Started, Progress, Completed]
    assert world.told[-1][1].output_model_path == "s3://models/a"
    assert world.edits == ["a"] * 3
    assert world.wakes >= 3


async def test_a_jump_over_milestones_is_one_message(world: World) -> None:
    """From 10 to 80 %: the highest one counts."""
    watcher = world.watcher()
    await world.follow("a")
    await world.live(100, watcher)
    world.suite.set("a", progress=80)
    await world.live(200, watcher)
    assert [(type(told), told.milestone) for _, told in world.told] == [(Progress, 75)]


async def test_a_job_is_not_looked_at_before_its_time(world: World) -> None:
    """However often there is a round: the shortest pause at the start, and never more than the longest."""
    watcher = world.watcher()
    await world.follow("a")
    await watcher.round()
    world.asked()
    for _ in range(5):
        await watcher.round()
        world.clock.advance(2)
    assert world.asked() == {}
    await world.live(1_200, watcher)
    looks = world.asked()["a"]
    assert 1_200 / BOUNDS.max_seconds <= looks <= 1_200 / 45


async def test_looking_fills_the_cards_cache(world: World) -> None:
    """Who asks for the job after a look is answered from it."""
    await world.follow("a")
    await world.live(30, world.watcher())
    world.suite.set("a", progress=44)
    await world.live(120, world.watcher())
    seen = world.api.recall("a")
    assert seen is not None
    assert seen.job.progress == 44


async def test_a_job_that_is_gone_gets_a_last_word_after_three_404(world: World) -> None:
    """Two could be a hiccup; after the third the subscription is over."""
    watcher = world.watcher()
    await world.follow("a")
    await world.live(20, watcher)
    world.suite.lose("a")
    await world.live(60, watcher)
    assert world.kinds() == []
    world.suite.find("a")
    await world.live(240, watcher)
    world.suite.lose("a")
    await world.live(600, watcher)
    assert world.kinds() == [JobGone]
    assert await world.subscription() is None
    world.asked()
    await world.live(600, watcher)
    assert world.kinds() == [JobGone]


async def test_a_job_whose_id_is_refused_gets_a_last_word_after_five_400(world: World) -> None:
    """Whoever subscribed by another door: it cannot be asked about, and nobody asks for ever."""
    watcher = world.watcher()
    await world.follow("a")
    await world.live(20, watcher)
    world.suite.raw("a", '{"error": "request_id is not valid"}', status=400)
    await world.live(150, watcher)
    assert world.kinds() == []
    await world.live(900, watcher)
    assert world.kinds() == [JobRefused]
    assert await world.subscription() is None
    world.asked()
    await world.live(600, watcher)
    assert world.asked()["a"] == 0


async def test_a_finished_job_is_followed_for_an_hour_and_then_let_go(world: World) -> None:
    """With a last word."""
    world.bounds = RARE
    watcher = world.watcher()
    await world.follow("a")
    await world.live(30, watcher)
    world.suite.set("a", status="CANCELED")
    await world.live(3_500, watcher)
    assert world.kinds() == [Cancelled]
    assert await world.subscription() is not None
    await world.live(800, watcher)
    assert world.kinds() == [Cancelled, Finished]
    assert await world.subscription() is None


async def test_a_job_that_comes_back_to_life_is_followed_again(world: World) -> None:
    """It starts again, and ends again; the hour counts from the last end."""
    world.bounds = RARE
    watcher = world.watcher()
    await world.follow("a")
    await world.live(30, watcher)
    world.suite.set("a", status="FAILED", error_message="no memory")
    await world.live(1_800, watcher)
    world.suite.set("a", status="RUNNING", progress=12)
    await world.live(1_000, watcher)
    world.suite.set("a", progress=30)
    await world.live(1_500, watcher)
    world.suite.set("a", status="COMPLETED", progress=100)
    await world.live(600, watcher)
    assert world.kinds() == [Failed, Started, Progress, Completed]
    assert world.told[1][1].is_again
    assert await world.subscription() is not None


@pytest.mark.parametrize("switch", ["down", "key_expired"])
async def test_an_outage_is_told_once_and_so_is_its_end(world: World, switch: str) -> None:
    """After ten minutes, however long it lasts; looks become rarer meanwhile, and nothing else is told."""
    watcher = world.watcher()
    await world.follow("a")
    await world.live(30, watcher)
    world.steps.clear()
    world.suite.switches.update({switch: True})
    await world.live(500, watcher)
    assert world.kinds() == []
    await world.live(1_000, watcher)
    assert world.kinds() == [ApiDown]
    assert world.steps.count(crash_points.JOB_ANSWERED) <= 1_500 / 100
    world.suite.switches.update({switch: False})
    await world.live(200, watcher)
    assert world.kinds() == [ApiDown, ApiBack]


async def test_a_short_outage_is_nobodys_business(world: World) -> None:
    """Nothing is told of nine minutes, nor of the job standing still in them."""
    watcher = world.watcher()
    await world.follow("a")
    await world.live(30, watcher)
    world.suite.switches.down = True
    await world.live(400, watcher)
    world.suite.switches.down = False
    await world.live(300, watcher)
    assert world.kinds() == []
    assert (await world.subscription()) is not None


async def test_what_nobody_follows_is_not_asked_about(world: World) -> None:
    """Once the last subscription has ended."""
    watcher = world.watcher()
    await world.follow("a")
    await world.live(30, watcher)
    subscription = await world.subscription()
    assert subscription is not None
    await world.store.subscriptions.stop(subscription.id, Ending.UNSUBSCRIBED, world.clock.now())
    world.asked()
    await world.live(600, watcher)
    assert world.asked() == {}

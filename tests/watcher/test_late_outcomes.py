"""Reasons and paths that come after the end, and ends after the end, where several jobs are followed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.polling.feed_outcomes import MOST_TRIES
from bot.domain.polling.intervals import Bounds
from bot.domain.subscriptions.notifications.job_updates import Added, Completed, Failed
from bot.domain.subscriptions.notifications.notices import Finished
from bot.domain.subscriptions.subscription import AFTER_THE_END
from tests.watcher.world import BOUNDS, RARE, World

INTERVAL = 0.38 * BOUNDS.max_seconds
ERROR = "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB"
LIST = "/job/list/"


@pytest.mark.parametrize("by_list", [True, False])
async def test_a_reason_that_comes_late_is_told_and_shown(world: World, by_list: bool) -> None:  # noqa: FBT001  (a case)
    """In the card, in the thread with the diagnosis, and in what is remembered; once."""
    await world.follow("a", "b")
    watcher = world.watcher(by_list=by_list)
    await world.live(INTERVAL, watcher)
    world.suite.set("a", status="FAILED", error_message="")
    await world.live(2 * INTERVAL, watcher)
    assert (world.kinds("a"), world.cards["a"].error_message) == ([Failed], None)
    world.suite.set("a", error_message=ERROR)
    await world.live(3 * INTERVAL, watcher)
    assert world.kinds("a") == [Failed, Added]
    (_, told) = world.told[-1]
    assert (told.error_message, bool(told.cause)) == (ERROR, True)
    assert world.cards["a"].error_message == ERROR
    (remembered,) = await world.store.finished_jobs.finished(
        world.suite.org_id, world.clock.now() - AFTER_THE_END, world.clock.now()
    )
    assert remembered.reason == told.cause
    world.asked()
    await world.live(2 * INTERVAL, watcher)
    assert (world.kinds("a"), world.asked()["a"] <= 1) == ([Failed, Added], True)


async def test_a_path_that_comes_late_reaches_the_thread_of_a_feed(world: World) -> None:
    """Nobody follows the job; once its hour is over it is not looked at any more."""
    world.bounds = RARE
    await world.feed_on()
    watcher = world.watcher()
    await world.live(400, watcher)
    world.suite.set("a", status="COMPLETED", progress=100)
    await world.live(400, watcher)
    assert (world.posted, world.kinds("a")) == ([("C1", "a")], [])
    world.suite.set("a", output_model_path="s3://models/a")
    await world.live(400, watcher)
    assert world.kinds("a") == [Added]
    assert world.cards["a"].output_model_path == "s3://models/a"
    await world.live(AFTER_THE_END.total_seconds(), watcher)
    world.asked()
    world.suite.set("a", output_model_path="s3://models/b")
    await world.live(400, watcher)
    asked = world.asked()
    assert (world.kinds("a"), asked.keys() - {LIST, "a"}) == ([Added], set())
    assert asked["a"] <= 1, "for what is remembered of it"


async def test_a_job_whose_row_moves_without_an_end_in_sight_is_read_within_its_hour(world: World) -> None:
    """Once for each list that shows it moved, and then no more."""
    world.bounds = RARE
    await world.follow("a", "b")
    watcher = world.watcher()
    await world.live(400, watcher)
    world.suite.set("a", status="FAILED", error_message=ERROR)
    await world.live(400, watcher)
    world.asked()
    for number in range(20):
        world.suite.set("a", experiment_name=f"run {number}")
        await world.live(400, watcher)
    asked = world.asked()
    assert asked["a"] <= AFTER_THE_END.total_seconds() / RARE.min_seconds
    assert world.kinds("a") == [Failed, Finished]


async def test_a_row_that_goes_back_in_time_is_told_once(world: World) -> None:
    """The suite's clock was an hour ahead and was put right: the failure is older than what was known."""
    world.bounds = RARE
    await world.feed_on()
    watcher = world.watcher()
    ahead = (world.clock.now() + timedelta(hours=9)).isoformat()
    world.suite.set("a", status="RUNNING", progress=10, updated_at=ahead)
    await world.live(800, watcher)
    world.suite.set("a", status="FAILED", error_message=ERROR)
    await world.live(4 * AFTER_THE_END.total_seconds(), watcher)
    assert (world.posted, world.kinds("a")) == ([("C1", "a")], [])
    world.asked()
    await world.live(3_600, watcher)
    assert world.asked().keys() == {LIST}


async def test_a_row_that_stays_older_is_believed_in_the_end(world: World) -> None:
    """Though no feed wants it: else it would be news for as long as the clock was ahead."""
    await world.feed_on("status:failed")
    watcher = world.watcher()
    ahead = (world.clock.now() + timedelta(hours=9)).isoformat()
    world.suite.set("a", status="RUNNING", progress=10, updated_at=ahead)
    await world.live(INTERVAL, watcher)
    world.suite.set("a", status="COMPLETED", progress=100)
    await world.live(3 * INTERVAL, watcher)
    assert (await world.store.feeds.listed(world.suite.org_id)).statuses == {"a": "RUNNING"}
    await world.live(2 * MOST_TRIES * INTERVAL, watcher)
    assert (await world.store.feeds.listed(world.suite.org_id)).statuses == {"a": "COMPLETED"}


async def test_a_job_that_vanished_is_forgotten_after_a_while(world: World) -> None:
    """What the list no longer has is kept for a month, in case it comes back."""
    world.bounds = Bounds(20_000, 40_000)
    await world.feed_on()
    watcher = world.watcher()
    for request_id in "ab":
        world.suite.set(request_id, status="FAILED")
    await world.live(30_000, watcher)
    world.suite.lose("a")
    await world.live(29 * 86_400, watcher)
    assert (await world.store.feeds.listed(world.suite.org_id)).statuses.keys() == {"a", "b"}
    await world.live(3 * 86_400, watcher)
    assert (await world.store.feeds.listed(world.suite.org_id)).statuses.keys() == {"b"}


async def test_a_second_end_within_one_interval_is_told(world: World) -> None:
    """Failed, restarted and failed; completed, then failed."""
    await world.follow("a", "b")
    watcher = world.watcher()
    await world.live(INTERVAL, watcher)
    world.suite.set("a", status="FAILED", error_message=ERROR)
    world.suite.set("b", status="COMPLETED", output_model_path="s3://models/b")
    await world.live(INTERVAL, watcher)
    world.clock.advance(1)
    world.suite.set("a", status="RUNNING", started_at=world.clock.now().isoformat())
    world.clock.advance(10)
    world.suite.set("a", status="FAILED", error_message=ERROR)
    world.suite.set("b", status="FAILED", error_message=ERROR)
    await world.live(2 * INTERVAL, watcher)
    assert world.kinds("a") == [Failed, Failed]
    assert world.kinds("b") == [Completed, Failed]

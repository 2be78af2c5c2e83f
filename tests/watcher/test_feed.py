"""A channel's feed: which jobs are posted there, when, and that none is posted twice."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.domain.polling.feed_outcomes import MOST_TRIES
from bot.domain.subscriptions.notifications.job_updates import Failed
from bot.domain.subscriptions.subscription import AFTER_THE_END, Ending
from bot.playground.training_suite.lives import summary_of
from bot.watcher import Watcher
from tests.watcher.world import BOUNDS, RARE, World

LIST = "/job/list/"
INTERVAL = 0.38 * BOUNDS.max_seconds
"""The longest time from one list to the next."""


async def feeding(world: World, *words: str, past: tuple[str, ...] = ("past",)) -> Watcher:
    """A watcher, and a feed that was switched on after these jobs had failed."""
    for request_id in past:
        world.suite.set(request_id, status="FAILED", error_message="no memory left")
    await world.feed_on(*words)
    watcher = world.watcher()
    await world.live(INTERVAL, watcher)
    world.asked()
    return watcher


async def test_a_job_that_ends_is_posted_within_one_interval(world: World) -> None:
    """With what its own document says; what was over before is not posted, nor what goes on."""
    watcher = await feeding(world)
    world.suite.set("a", status="RUNNING", progress=40)
    world.suite.set("b", status="FAILED", error_message="no memory left")
    world.suite.set("c", status="COMPLETED", progress=100)
    world.suite.set("d", status="CANCELLED")
    await world.live(INTERVAL, watcher)
    assert sorted(world.posted) == [("C1", "b"), ("C1", "c")]
    assert world.cards["b"].error_message == "no memory left"
    asked = world.asked()
    assert (asked[LIST], asked["a"], asked["b"], asked["c"]) == (1, 0, 1, 1)
    world.suite.set("a", status="FAILED")
    await world.live(INTERVAL, watcher)
    assert world.posted[2:] == [("C1", "a")]
    assert world.told == []


async def test_a_feed_costs_one_list_an_interval_and_a_document_for_each_message(world: World) -> None:
    """Also in the hour after the end, in which a job is still followed; then it is over without a word."""
    world.bounds = RARE
    watcher = await feeding(world)
    world.suite.set("a", status="FAILED")
    await world.live(AFTER_THE_END.total_seconds() + 400, watcher)
    asked = world.asked()
    assert (asked.keys(), asked["a"]) == ({LIST, "a"}, 1)
    assert world.posted == world.thread_cards == [("C1", "a")]
    assert world.told == world.edits == []
    assert await world.subscription("a") is None


async def test_a_job_that_fails_again_later_is_told_of_in_its_thread(world: World) -> None:
    """One message a job: the card shows the new end, and the thread says it."""
    world.bounds = RARE
    watcher = await feeding(world)
    world.suite.set("a", status="FAILED")
    await world.live(AFTER_THE_END.total_seconds() + 400, watcher)
    world.suite.set("a", status="RUNNING", progress=1)
    await world.live(400, watcher)
    assert world.kinds("a") == []
    world.suite.set("a", status="FAILED", error_message="no memory left")
    await world.live(400, watcher)
    assert (world.posted, world.kinds("a")) == ([("C1", "a")], [Failed])
    assert world.cards["a"].error_message == "no memory left"


async def test_what_a_feed_posts_is_chosen(world: World) -> None:
    """By status, model and name, as in the list; another channel may choose otherwise."""
    watcher = await feeding(world, "status:running", "name:eval")
    await world.feed_on("status:running,failed", channel_id="C2")
    world.suite.set("a", status="RUNNING", progress=1, experiment_name="eval-7")
    world.suite.set("b", status="RUNNING", progress=1, experiment_name="tune-7")
    await world.live(INTERVAL, watcher)
    assert sorted(world.posted) == [("C1", "a"), ("C2", "a"), ("C2", "b")]
    world.suite.set("a", status="FAILED")
    await world.live(INTERVAL, watcher)
    assert len(world.posted) == 3
    assert world.kinds("a") == [Failed, Failed]
    assert world.cards["a"].status_text == "FAILED"


async def test_an_unknown_status_can_be_waited_for(world: World) -> None:
    """As ``status:unknown``."""
    watcher = await feeding(world, "status:unknown")
    world.suite.set("a", status="PREEMPTED")
    world.suite.set("b", status="FAILED")
    await world.live(INTERVAL, watcher)
    assert world.posted == [("C1", "a")]


async def test_a_feed_that_is_changed_misses_nothing(world: World) -> None:
    """What ended a moment before has not been posted yet."""
    watcher = await feeding(world)
    world.suite.set("a", status="FAILED")
    await world.feed_on("status:failed")
    await world.live(INTERVAL, watcher)
    assert world.posted == [("C1", "a")]


async def test_what_people_follow_in_the_channel_is_not_posted_there(world: World) -> None:
    """Their thread tells how it ended."""
    watcher = await feeding(world)
    await world.follow("a")
    await world.live(INTERVAL, watcher)
    world.posted.clear()
    world.suite.set("a", status="FAILED")
    await world.live(2 * INTERVAL, watcher)
    assert world.posted == []
    assert world.kinds("a") == [Failed]


async def test_where_jobs_are_looked_at_one_by_one_the_list_serves_the_feed_alone(world: World) -> None:
    """At its own pace."""
    await world.feed_on()
    watcher = world.watcher(by_list=False)
    await world.follow("a", "b")
    await world.live(INTERVAL, watcher)
    world.asked()
    world.suite.set("c", status="COMPLETED", progress=100)
    await world.live(4 * INTERVAL, watcher)
    asked = world.asked()
    assert 3 <= asked[LIST] <= 5
    assert asked["a"] >= 1
    assert ("C1", "c") in world.posted


async def test_what_ended_while_the_list_was_down_is_posted_once_it_is_back(world: World) -> None:
    """And once."""
    world.bounds = RARE
    watcher = await feeding(world)
    world.suite.switches.list_down = True
    world.suite.set("a", status="FAILED")
    await world.live(1_000, watcher)
    assert world.posted == []
    world.suite.switches.list_down = False
    await world.live(1_000, watcher)
    assert world.posted == [("C1", "a")]


@pytest.mark.parametrize("status", [500, 404])
async def test_a_document_that_cannot_be_had_is_asked_for_again(world: World, status: int) -> None:
    """After some lists the row is told as it is. A job that is not there is not posted."""
    watcher = await feeding(world)
    world.suite.set("a", status="FAILED")
    world.suite.raw("a", "{}", status)
    await world.live(INTERVAL * (MOST_TRIES - 1.5), watcher)
    assert world.posted == []
    await world.live(INTERVAL * 3, watcher)
    assert world.posted == ([("C1", "a")] if status == 500 else [])
    assert world.cards.keys() == {each for _, each in world.posted}


async def test_a_list_that_is_ahead_is_not_believed(world: World) -> None:
    """The document decides; it is asked for at a few lists, and no longer."""
    watcher = await feeding(world)
    world.suite.set("a", status="RUNNING", progress=10)
    await world.live(INTERVAL, watcher)
    wrong: dict[str, Any] = {**summary_of(world.suite.document("a") or {}), "status": "FAILED"}
    world.suite.extra_rows.append({**wrong, "updated_at": "2026-03-02T23:00:00Z"})
    await world.live(INTERVAL * 10, watcher)
    assert world.posted == []
    assert MOST_TRIES <= world.asked()["a"] <= MOST_TRIES + 2


async def test_a_list_that_was_cut_short_does_not_bring_the_past(world: World) -> None:
    """Jobs that were missing when the feed began had ended long before it did."""
    world.suite.set("past", status="FAILED")
    world.suite.lose("past")
    world.clock.advance(3_600)
    watcher = await feeding(world, past=())
    world.suite.find("past")
    await world.live(INTERVAL, watcher)
    assert world.posted == []


async def test_switched_on_without_a_list_the_first_pass_is_where_it_begins(world: World) -> None:
    """So it is for a digest that keeps the list; and for what did not fit into one answer."""
    world.suite.set("past", status="FAILED")
    await world.feed_on()
    other = await world.store.feeds.drop_feed("T1", "C1", world.suite.org_id, world.clock.now())
    assert other is not None
    await world.store.feeds.set_feed(other, [], world.clock.now(), is_whole=False)
    watcher = world.watcher()
    await world.live(INTERVAL, watcher)
    assert (await world.store.feeds.listed(world.suite.org_id)).is_whole
    world.suite.set("a", status="FAILED")
    await world.live(INTERVAL, watcher)
    assert world.posted == [("C1", "a")]


async def test_of_ten_thousand_jobs_only_those_that_moved_are_looked_at(world: World) -> None:
    """One list and a document each."""
    row = summary_of({"request_id": "x", "status": "COMPLETED", "updated_at": "2025-03-02T09:00:00Z"})
    world.suite.extra_rows += [{**row, "request_id": f"old-{number}"} for number in range(9_990)]
    watcher = await feeding(world)
    for number in range(5):
        world.suite.set(f"new-{number}", status="FAILED")
    await world.live(INTERVAL, watcher)
    assert len(world.posted) == 5
    assert sum(world.asked().values()) == 6


async def test_two_watchers_post_a_job_once(world: World) -> None:
    """At the same moment, and one after the other."""
    await feeding(world)
    world.suite.set("a", status="FAILED")
    watchers = [world.watcher(), world.watcher()]
    world.clock.advance(INTERVAL)
    await asyncio.gather(*(watcher.round() for watcher in watchers))
    await world.live(2 * INTERVAL, watchers[1])
    assert world.posted == [("C1", "a")]


async def test_a_burst_is_posted_within_a_few_passes(world: World) -> None:
    """What there was no time for within the lease comes with the next list."""
    watcher = await feeding(world)
    world.suite.switches.latency_seconds = 6.0
    for number in range(30):
        world.suite.set(f"new-{number}", status="FAILED")
    await world.live(600, watcher)
    assert len(world.posted) == len(set(world.posted)) == 30


async def test_switching_off_ends_its_threads_and_the_list(world: World) -> None:
    """Nothing is asked for any more."""
    watcher = await feeding(world)
    world.suite.set("a", status="FAILED")
    await world.live(INTERVAL, watcher)
    thread = await world.subscription("a")
    assert thread is not None
    await world.store.feeds.drop_feed("T1", "C1", world.suite.org_id, world.clock.now())
    await world.live(INTERVAL, watcher)
    ended = await world.store.subscriptions.subscription(thread.id)
    assert ended is not None
    assert ended.ended is Ending.FEED_OFF
    world.asked()
    await world.live(300, watcher)
    assert not world.asked()

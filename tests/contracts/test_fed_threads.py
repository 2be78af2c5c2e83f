"""The store: the threads that feeds open."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ports import Lane, Over, Sent
from bot.domain.subscriptions.notifications.job_updates import Completed, Failed
from bot.domain.subscriptions.notifications.notices import ApiBack, ApiDown, JobCard, ThreadCard
from bot.domain.subscriptions.subscription import AFTER_THE_END, Ending, Mode, Spot, SubscribeRequest
from bot.store.store import DatabaseStore
from tests.contracts.facts import (
    ADA,
    BOB,
    CHANNEL,
    JOB,
    LEASE,
    ORG,
    T0,
    TEAM,
    at,
    claim,
    deliver,
    drained,
    follow,
    job,
    look,
    note,
    opened,
    state,
)
from tests.contracts.fed import claimed, fed, fed_into, feed_of, row

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_job_is_posted_as_a_thread_that_nobody_asked_for(store: DatabaseStore) -> None:
    """Its post comes first, then its card in the thread; it is quiet, and over an hour after the end."""
    await store.feeds.set_feed(feed_of(), [row("a")], T0)
    await fed_into(store, T0, fed("a", "COMPLETED", now=at(30)))
    thread = await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, "a"))
    assert thread is not None
    assert (thread.is_fed, thread.is_quiet, thread.mode) == (True, True, Mode.MILESTONES)
    assert (thread.subscribers, thread.thread_ts) == ((), None)
    assert (await store.feeds.listed(ORG)).statuses == {"a": "COMPLETED"}
    card = await deliver(store, T0, Sent("100.1", "100.1"))
    assert (type(card.notification), card.broadcast) == (JobCard, False)
    assert card.document is not None
    assert card.subscription.is_feed_post
    whole = await deliver(store, T0, Sent("100.2", "100.1"))
    assert (type(whole.notification), whole.broadcast) == (ThreadCard, False)
    assert (whole.document, whole.subscription.thread_ts) == (card.document, "100.1")
    assert (await claim(store, at(30))).state == state("COMPLETED", "a", at(30))
    after = at(30) + AFTER_THE_END
    assert await store.watches.end_overdue(after - timedelta(seconds=1), 10) == 0
    assert await store.watches.end_overdue(after, 10) == 1
    ended = await store.subscriptions.subscription(thread.id)
    assert ended is not None
    assert ended.ended is Ending.FINISHED
    assert await drained(store, after) == [], "no last words"
    assert await store.subscriptions.followed(TEAM, CHANNEL, ADA) == []


async def test_what_was_told_once_is_told_again_of_another_run(store: DatabaseStore) -> None:
    """How it ended this time, in the thread that is opened again, and only there."""
    await store.feeds.set_feed(feed_of(), [], T0)
    end = note(Failed, "1")
    await fed_into(store, T0, replace(fed("a", "FAILED"), told=(end,)))
    assert [type(each.notification) for each in await drained(store, T0)] == [JobCard, ThreadCard]
    for seconds in (5_000, 10_000):
        await store.watches.end_overdue(at(seconds - 500), 10)
        again = fed("a", "FAILED", now=at(seconds))
        await fed_into(store, at(seconds), replace(again, told=(end,)))
        assert [type(each.notification) for each in await drained(store, at(seconds))] == [Failed]


async def test_what_people_follow_there_is_not_posted_again(store: DatabaseStore) -> None:
    """Neither is a job that nobody there wants: they stopped it. Nothing is watched in vain."""
    await store.feeds.set_feed(feed_of(), [], T0)
    mine = await follow(store, request_id="a")
    await fed_into(store, T0, fed("a", "FAILED"), fed("b", "FAILED"))
    thread = await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, "a"))
    assert thread is not None
    assert (thread.id, thread.is_fed) == (mine.id, False)
    other = await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, "b"))
    assert other is not None
    await store.subscriptions.stop(other.id, Ending.UNSUBSCRIBED, at(1))
    await fed_into(store, at(2), fed("b", "COMPLETED", now=at(2)))
    assert await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, "b")) is None
    assert (await store.watches.plan(ORG)).watched == 1


async def test_a_job_that_was_posted_before_gets_its_old_thread(store: DatabaseStore) -> None:
    """One message a job: its card is wished to show how it is now, or still to come."""
    await store.feeds.set_feed(feed_of(), [], T0)
    await fed_into(store, T0, fed("a", "FAILED"), fed("b", "FAILED"))
    first, unsent = (
        await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, "a")),
        await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, "b")),
    )
    assert first is not None
    assert unsent is not None
    await deliver(store, T0, Sent("100.1", "100.1"))
    await deliver(store, T0, Sent("100.2", "100.1"))
    await store.watches.end_overdue(at(4_000), 10)
    await fed_into(
        store, at(5_000), fed("a", "COMPLETED", now=at(5_000)), fed("b", "COMPLETED", now=at(5_000))
    )
    again = await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, "a"))
    assert again is not None
    assert (again.id, again.ended, again.card_ts) == (first.id, None, "100.1")
    lane = await store.outbox.claim_lane(TEAM, "", at(5_000), LEASE)
    assert isinstance(lane, Lane)
    edit = await store.outbox.take_edit(lane, at(5_000))
    assert edit is not None
    assert (edit.subscription.id, edit.document.status_text) == (first.id, "COMPLETED")
    assert [type(each.notification) for each in await drained(store, at(5_000))] == [JobCard, ThreadCard]
    assert await store.watches.end_overdue(at(8_599), 10) == 0
    assert await store.watches.end_overdue(at(8_600), 10) == 2
    new = await store.subscriptions.subscription(unsent.id)
    assert new is not None
    assert new.ended is Ending.FINISHED


async def test_a_late_loser_posts_nothing(database_url: str) -> None:
    """Two processes had the same list, and somebody subscribes at that moment: one card all the same."""
    store, other = [await opened(database_url) for _ in range(2)]
    await store.feeds.set_feed(feed_of(), [row("a")], T0)
    late = await claimed(store, T0)
    now = at(LEASE + 1)
    held = await claimed(store, now)
    post = fed("a", "FAILED", now=now)
    done = await asyncio.gather(
        store.feeds.finish_feed(late, [post.row], [post], now),
        other.feeds.finish_feed(held, [post.row], [post], now),
        other.subscriptions.subscribe(
            SubscribeRequest(TEAM, CHANNEL, ORG, "a", BOB), state(), job(request_id="a"), now
        ),
    )
    assert done[:2] == [False, True]
    told = [type(each.notification) for each in await drained(store, now)]
    assert told in ([JobCard], [JobCard, ThreadCard]), "by who was first"
    assert await store.watches.finish_list(held, now)
    assert not await store.feeds.finish_feed(held, [row("b")], [], now)
    await store.database.close()
    await other.database.close()


async def test_switching_off_ends_what_the_feed_posted(store: DatabaseStore) -> None:
    """Cards that wait are not posted any more; what somebody joined goes on, and is like any other."""
    await store.feeds.set_feed(feed_of(), [], T0)
    await fed_into(store, T0, *(fed(each, "RUNNING") for each in "abc"))
    await deliver(store, T0, Sent("100.1", "100.1"))
    joined = await store.subscriptions.subscribe(
        SubscribeRequest(TEAM, CHANNEL, ORG, "b", BOB), state(), job(), at(1)
    )
    assert (joined.is_new, joined.subscription.is_fed, joined.subscription.is_quiet) == (False, False, False)
    ids = {each: await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, each)) for each in "abc"}
    await store.feeds.drop_feed(TEAM, CHANNEL, ORG, at(2))
    ended = {
        each: await store.subscriptions.subscription(thread.id) for each, thread in ids.items() if thread
    }
    assert {each: thread and thread.ended for each, thread in ended.items()} == {
        "a": Ending.FEED_OFF,
        "b": None,
        "c": Ending.FEED_OFF,
    }
    assert [post.subscription.request_id for post in await drained(store, at(3))] == ["b", "b"]
    assert (await store.watches.plan(ORG)).watched == 1
    await store.feeds.set_feed(feed_of(), [], at(4))
    await fed_into(store, at(4), fed("a", "FAILED", now=at(4)), fed("c", "FAILED", now=at(4)))
    again = {each: await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, each)) for each in "ac"}
    assert (again["a"] and again["a"].id) == (ids["a"] and ids["a"].id), "its card stands"
    assert [post.subscription.request_id for post in await drained(store, at(5))] == ["c", "c"]


async def test_leaving_ends_no_thread_that_nobody_had_joined(store: DatabaseStore) -> None:
    """It is there for the channel."""
    await store.feeds.set_feed(feed_of(), [], T0)
    await fed_into(store, T0, fed("a", "RUNNING"))
    left = await store.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, "a"), BOB, at(1))
    assert not left.was_subscriber
    await store.subscriptions.forget_user(TEAM, BOB, at(2))
    assert await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, "a")) is not None


async def test_where_slack_takes_nothing_the_feed_goes_off(store: DatabaseStore) -> None:
    """Else every job would be tried there. A person's thread that ends so leaves the feed alone."""
    await store.feeds.set_feed(feed_of(), [], T0)
    await store.feeds.set_feed(feed_of(channel_id="C2"), [], T0)
    await follow(store)
    await deliver(store, T0, Over(Ending.CANNOT_POST, "restricted_action"))
    assert await store.feeds.feed(TEAM, CHANNEL, ORG) is not None
    await fed_into(store, T0, fed("a", "FAILED"))
    await deliver(store, T0, Over(Ending.CANNOT_POST, "is_archived"))
    assert [feed.channel_id for feed in await store.feeds.feeds(ORG)] == ["C2"]
    await fed_into(store, at(1), fed("b", "FAILED", feed_of(channel_id="C2")))
    await drained(store, at(1), "C2")
    completed = fed("b", "COMPLETED", feed_of(channel_id="C2"), now=at(5))
    await fed_into(store, at(5), completed)
    await look(store, at(5), document=completed.document, state=state("COMPLETED", "b", at(5)))
    lane = await store.outbox.claim_lane(TEAM, "", at(4_000), LEASE)
    assert isinstance(lane, Lane)
    edit = await store.outbox.take_edit(lane, at(4_000))
    assert edit is not None
    over = Over(Ending.CANNOT_POST, "is_archived")
    assert await store.outbox.finish_edit(lane, edit, over, at(4_000), lane_free_at=at(4_000))
    assert await store.feeds.feeds(ORG) == []
    assert (await store.feeds.listed(ORG)).statuses == {}


async def test_its_threads_hear_of_the_job_and_not_of_the_bot(store: DatabaseStore) -> None:
    """No outage is told to a channel in which nobody follows anything."""
    await store.feeds.set_feed(feed_of(), [], T0)
    await fed_into(store, T0, fed(JOB, "RUNNING"))
    await follow(store, channel_id="C2")
    await store.watches.api_failed(ORG, T0, 0)
    await store.watches.api_answered(ORG, at(60))
    await look(store, at(61), note(Completed, "1"), state=state("COMPLETED"))
    told = [type(post.notification) for post in await drained(store, at(62))]
    assert told == [JobCard, ThreadCard, Completed]
    told = [type(post.notification) for post in await drained(store, at(62), "C2")]
    assert told == [JobCard, ApiDown, ApiBack, Completed]

"""The three lines that a feed posts: whom they mention, and when they are edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.channels.feed import UserGroup
from bot.domain.curves.run_doctor import Finding, FindingClass
from bot.domain.ports import Edit, Lane, Parked, Sent
from bot.domain.subscriptions.notifications.job_updates import Failed
from bot.domain.subscriptions.notifications.notices import JobCard, ThreadCard
from bot.domain.subscriptions.subscription import Ending, Spot
from bot.store.store import DatabaseStore
from tests.contracts.facts import (
    CHANNEL,
    JOB,
    LEASE,
    ORG,
    T0,
    TEAM,
    at,
    deliver,
    drained,
    follow,
    job,
    look,
    note,
    state,
)
from tests.contracts.fed import fed, fed_into, feed_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

ONCALL = UserGroup("S0123ABCD", "ml-oncall")


async def edited(store: DatabaseStore, now: datetime) -> Edit | None:
    """The card or post that is to be edited now, which then is."""
    lane = await store.outbox.claim_lane(TEAM, "", now, LEASE)
    if not isinstance(lane, Lane) or (edit := await store.outbox.take_edit(lane, now)) is None:
        return None
    assert await store.outbox.finish_edit(lane, edit, Sent("100.1", "100.1"), now, lane_free_at=now)
    return edit


async def test_a_group_is_kept_with_the_feed(store: DatabaseStore) -> None:
    """And leaves with it, or when the feed is set without one."""
    feed = replace(feed_of(), mention=ONCALL)
    await store.feeds.set_feed(feed, [], T0)
    assert await store.feeds.feed(TEAM, CHANNEL, ORG) == feed
    assert await store.feeds.feeds(ORG) == [feed]
    await store.feeds.set_feed(feed_of(), [], at(1))
    assert (await store.feeds.feeds(ORG))[0].mention is None
    await store.feeds.set_feed(feed, [], at(2))
    assert await store.feeds.drop_feed(TEAM, CHANNEL, ORG, at(3)) == feed


async def test_only_failures_mention_the_group(store: DatabaseStore) -> None:
    """In the post where the job has failed already, in the thread where it fails later; never on a card."""
    await store.feeds.set_feed(replace(feed_of("status:running,failed,completed"), mention=ONCALL), [], T0)
    await fed_into(store, T0, fed(JOB, "RUNNING"))
    await look(store, at(1), note(Failed, "1"), document=job("FAILED"), state=state("FAILED"))
    await fed_into(store, at(2), fed("a", "FAILED"), fed("b", "COMPLETED"))
    told = {
        (post.subscription.request_id, type(post.notification)): post.mention
        for post in await drained(store, at(2))
    }
    assert told == {
        ("a", JobCard): ONCALL.id,
        ("a", ThreadCard): "",
        ("b", JobCard): "",
        ("b", ThreadCard): "",
        (JOB, JobCard): ONCALL.id,  # it shows the failure by then
        (JOB, ThreadCard): "",
        (JOB, Failed): ONCALL.id,
    }


async def test_threads_that_people_opened_mention_no_group(store: DatabaseStore) -> None:
    """It is the feed's."""
    await follow(store)
    await store.feeds.set_feed(replace(feed_of(), mention=ONCALL), [], T0)
    await look(store, at(1), note(Failed, "1"), document=job("FAILED"), state=state("FAILED"))
    assert {post.mention for post in await drained(store, at(2))} == {""}


async def test_a_post_that_would_look_the_same_is_not_edited(store: DatabaseStore) -> None:
    """Also where its thread ends; what it comes to say later is edited in, once, with the group."""
    await store.feeds.set_feed(replace(feed_of(), mention=ONCALL), [], T0)
    await fed_into(store, T0, fed(JOB, "FAILED"))
    await drained(store, T0)
    assert await edited(store, at(1)) is None
    late = job("FAILED", error_message="RuntimeError: no memory left")
    await look(store, at(2), document=late, state=state("FAILED", seen_at=at(2)))
    edit = await edited(store, at(3))
    assert edit is not None
    assert (edit.document.error_message, edit.mention) == (late.error_message, ONCALL.id)
    await look(store, at(4), document=late, state=state("FAILED", seen_at=at(4)))
    assert await edited(store, at(5)) is None
    await store.watches.end_overdue(at(10_000), 10)
    assert await edited(store, at(10_001)) is None


async def test_what_the_run_doctor_finds_is_edited_in(store: DatabaseStore) -> None:
    """A completed job must not look healthy to the channel when it is not."""
    await store.feeds.set_feed(feed_of("status:running"), [], T0)
    await fed_into(store, T0, fed(JOB, "RUNNING"))
    await drained(store, T0)
    finding = Finding(FindingClass.DIVERGING, "loss rose from 0.9 to 7", "Try a lower learning rate.")
    completed = job("COMPLETED")
    await look(store, at(1), document=completed, state=state("COMPLETED", seen_at=at(1)), findings=(finding,))
    edit = await edited(store, at(2))
    assert edit is not None
    assert (edit.document.status_text, edit.finding) == ("COMPLETED", finding)
    assert await edited(store, at(3)) is None


async def test_a_post_that_may_have_been_sent_before_is_edited(store: DatabaseStore) -> None:
    """Nobody knows what it was drawn from then."""
    await store.feeds.set_feed(feed_of(), [], T0)
    await fed_into(store, T0, fed(JOB, "COMPLETED"))
    lane = await store.outbox.claim_lane(TEAM, CHANNEL, T0, LEASE)
    assert isinstance(lane, Lane)
    assert await store.outbox.take_post(lane, T0) is not None
    await drained(store, at(LEASE + 1))
    assert await edited(store, at(LEASE + 2)) is not None
    assert await edited(store, at(LEASE + 3)) is None


async def test_a_post_that_cannot_be_sent_leaves_no_thread(store: DatabaseStore) -> None:
    """Nor a card without one."""
    await store.feeds.set_feed(feed_of(), [], T0)
    await fed_into(store, T0, fed("a", "FAILED"))
    thread = await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, "a"))
    assert thread is not None
    await deliver(store, T0, Parked("refused"))
    ended = await store.subscriptions.subscription(thread.id)
    assert ended is not None
    assert ended.ended is Ending.CANNOT_POST
    assert await drained(store, at(1)) == []

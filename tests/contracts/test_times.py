"""The store: outages, threads whose time is over, and what is forgotten in time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.ports import Over, Parked, Post, Sent
from bot.domain.subscriptions.notifications.job_updates import Progress
from bot.domain.subscriptions.notifications.notices import ApiBack, ApiDown, Expired, JobCard
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import LONGEST, Ending, Mode, Spot, SubscribeRequest
from bot.store.store import DatabaseStore
from tests.contracts.facts import (
    ADA,
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
    held,
    job,
    look,
    note,
    opened,
    opened_thread,
    state,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

OUTAGE = 600.0
DAY = timedelta(days=1).total_seconds()


def kinds(posts: list[Post]) -> list[type[Notification]]:
    """What they are about."""
    return [type(post.notification) for post in posts]


async def test_an_outage_is_told_once_in_each_thread_and_so_is_its_end(store: DatabaseStore) -> None:
    """In every mode, never broadcast; another organisation hears nothing."""
    for channel_id, mode in (("C1", None), ("C2", Mode.FAILURES)):
        await follow(store, channel_id=channel_id, mode=mode)
    await store.subscriptions.subscribe(SubscribeRequest(TEAM, "C9", "org-2", JOB, ADA), state(), job(), T0)
    for seconds in (0, 300, OUTAGE - 0.1):
        await store.watches.api_failed(ORG, at(seconds), OUTAGE)
    assert (await store.watches.plan(ORG)).api_down_since == T0
    assert kinds(await drained(store, at(OUTAGE), "C1")) == [JobCard]
    for seconds in (OUTAGE, OUTAGE + 1):
        await store.watches.api_failed(ORG, at(seconds), OUTAGE)
    await store.watches.api_answered(ORG, at(900))
    await store.watches.api_answered(ORG, at(901))
    assert (await store.watches.plan(ORG)).api_down_since is None
    posts = await drained(store, at(902), "C1")
    assert kinds(posts) == [ApiDown, ApiBack]
    assert [post.notification.name for post in posts] == ["support-tone-v3"] * 2
    assert [(post.notification.since, post.broadcast) for post in posts] == [(T0, False)] * 2
    assert kinds(await drained(store, at(902), "C2")) == [JobCard, ApiDown, ApiBack]
    assert kinds(await drained(store, at(902), "C9")) == [JobCard]


async def test_a_short_outage_is_not_told(store: DatabaseStore) -> None:
    """And the next one counts from its own beginning."""
    await opened_thread(store)
    await store.watches.api_failed(ORG, at(0), OUTAGE)
    await store.watches.api_answered(ORG, at(599))
    await store.watches.api_failed(ORG, at(700), OUTAGE)
    await store.watches.api_failed(ORG, at(1_299), OUTAGE)
    assert await store.outbox.next_lane_at() is None
    await store.watches.api_failed(ORG, at(1_300), OUTAGE)
    assert kinds(await drained(store, at(1_300))) == [ApiDown]


async def test_who_was_not_told_of_an_outage_is_not_told_of_its_end(store: DatabaseStore) -> None:
    """A thread that was opened during it."""
    await opened_thread(store)
    for seconds in (0, OUTAGE):
        await store.watches.api_failed(ORG, at(seconds), OUTAGE)
    await follow(store, channel_id="C2", now=at(OUTAGE + 1))
    await store.watches.api_failed(ORG, at(OUTAGE + 2), OUTAGE)
    await store.watches.api_answered(ORG, at(OUTAGE + 3))
    assert kinds(await drained(store, at(700), "C2")) == [JobCard]
    assert kinds(await drained(store, at(700))) == [ApiDown, ApiBack]


async def test_two_outages_are_told_apart(store: DatabaseStore) -> None:
    """Each once, whichever processes find them."""
    await opened_thread(store)
    for begin in (0, 5_000):
        for seconds in (begin, begin + OUTAGE):
            await asyncio.gather(*(store.watches.api_failed(ORG, at(seconds), OUTAGE) for _ in range(3)))
        await asyncio.gather(*(store.watches.api_answered(ORG, at(begin + 700)) for _ in range(3)))
    assert kinds(await drained(store, at(9_000))) == [ApiDown, ApiBack] * 2


async def test_threads_end_after_thirty_days_with_a_last_word(database_url: str) -> None:
    """Each once, however many processes look, a few at a time; what waited before goes out before."""
    stores = [await opened(database_url) for _ in range(2)]
    store, days = stores[0], LONGEST.total_seconds()
    for number in range(6):
        await follow(store, request_id=f"job-{number}", channel_id=f"C{number}", now=at(number))
    assert await store.watches.end_overdue(at(days - 1), 10) == 0
    ended = await asyncio.gather(*(stores[n % 2].watches.end_overdue(at(days + 4), 2) for n in range(6)))
    assert sum(ended) + await store.watches.end_overdue(at(days + 4), 10) == 5
    for number in range(5):
        posts = await drained(store, at(days + 4), f"C{number}")
        assert kinds(posts) == [JobCard, Expired]
        assert posts[-1].notification.name == "support-tone-v3"
    assert await store.subscriptions.active(Spot(TEAM, "C4", ORG, "job-4")) is None
    assert await store.subscriptions.active(Spot(TEAM, "C5", ORG, "job-5")) is not None
    assert (await store.watches.plan(ORG)).watched == 1
    for each in stores:
        await each.database.close()


async def test_what_ended_long_ago_is_forgotten(store: DatabaseStore) -> None:
    """After a week; where an operator may still want to send something, after thirty days."""
    plain = await opened_thread(store)
    await store.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, JOB), ADA, at(1))
    parked = await follow(store, now=at(2))
    await deliver(store, at(2), Parked("fatal_error"))
    await store.upkeep.clean(at(7 * DAY))
    assert await store.subscriptions.subscription(plain.id) is not None
    await store.upkeep.clean(at(7 * DAY + 2))
    assert await store.subscriptions.subscription(plain.id) is None
    assert await store.subscriptions.subscription(parked.id) is not None
    assert len(await store.outbox.waiting()) == 1
    await store.upkeep.clean(at(30 * DAY + 3))
    assert await store.subscriptions.subscription(parked.id) is None
    assert await store.outbox.waiting() == []


async def test_cleaning_leaves_alone_what_is_still_needed(store: DatabaseStore) -> None:
    """The document of a card that is still to be edited for the last time, and of one still to be posted."""
    await opened_thread(store)
    await store.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, JOB), ADA, at(1))
    await follow(store, request_id="job-2", now=at(2))
    await look(store, at(3), note(), state=state(request_id="job-2"))
    await store.upkeep.clean(at(2 * DAY))
    edit = await store.outbox.take_edit(await held(store, at(2 * DAY), ""), at(2 * DAY))
    assert edit is not None
    assert edit.document.experiment_name == "support-tone-v3"
    posts = await drained(store, at(2 * DAY))
    assert [post.document is not None for post in posts] == [True, False]
    assert (await store.watches.plan(ORG)).watched == 1


async def test_forgotten_lanes_come_back_with_their_messages(store: DatabaseStore) -> None:
    """Whatever was cleaned away, what comes later is sent."""
    await opened_thread(store)
    await store.upkeep.clean(at(10 * DAY))
    await look(store, at(10 * DAY), note())
    assert kinds(await drained(store, at(10 * DAY))) == [Progress]


async def test_a_thread_that_is_over_is_not_ended_again(store: DatabaseStore) -> None:
    """Neither its ending nor its last word changes with time."""
    subscription = await opened_thread(store)
    await look(store, T0, note())
    await deliver(store, T0, Over(Ending.THREAD_GONE, "thread_not_found"))
    assert await store.watches.end_overdue(T0 + LONGEST, 10) == 0
    found = await store.subscriptions.subscription(subscription.id)
    assert found is not None
    assert found.ended is Ending.THREAD_GONE
    assert await store.outbox.claim_lane(TEAM, CHANNEL, T0 + LONGEST, LEASE) is None
    assert isinstance(Sent("1.1", "1.1").ts, str)

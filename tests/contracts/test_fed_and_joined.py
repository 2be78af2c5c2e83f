"""The store: threads that a feed opened, and people who join them for all of it or for one thing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ports import Sent
from bot.domain.subscriptions.notifications.job_updates import Failed
from bot.domain.subscriptions.notifications.notices import JobCard, ThreadCard
from bot.domain.subscriptions.subscription import Ending, Mode, Spot, SubscribeRequest, Subscription
from bot.store.store import DatabaseStore
from tests.contracts.facts import (
    ADA,
    BOB,
    CHANNEL,
    JOB,
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
LOW = "eval_loss < 1.2"


async def posted(store: DatabaseStore) -> Subscription:
    """A feed posted the job, whose card stands."""
    await store.feeds.set_feed(feed_of("status:running,failed"), [], T0)
    await fed_into(store, T0, fed(JOB, "RUNNING", feed_of("status:running,failed")))
    await deliver(store, T0, Sent("100.1", "100.1"))
    return await there(store)


async def there(store: DatabaseStore) -> Subscription:
    """The job's active thread."""
    found = await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, JOB))
    assert found is not None
    return found


async def wait_for(store: DatabaseStore, user_id: str, condition: str = LOW) -> None:
    """Somebody waits for something in that thread."""
    wish = SubscribeRequest(TEAM, CHANNEL, ORG, JOB, user_id, condition=condition)
    await store.subscriptions.subscribe(wish, state(), job(), at(1))


async def test_what_a_feed_posted_goes_back_to_it(store: DatabaseStore) -> None:
    """When the last person leaves it or is forgotten, it is as it was before they came."""
    await posted(store)
    for leave in (
        store.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, JOB), BOB, at(3)),
        store.subscriptions.forget_user(TEAM, BOB, at(5)),
    ):
        await follow(store, BOB, mode=Mode.FINAL)
        joined = await there(store)
        assert (joined.is_fed, joined.is_quiet, joined.mode) == (False, False, Mode.FINAL)
        await leave
        back = await there(store)
        assert (back.is_fed, back.is_quiet, back.mode, back.subscribers) == (True, True, Mode.MILESTONES, ())


async def test_where_the_feed_is_off_it_ends_and_is_not_posted_twice(store: DatabaseStore) -> None:
    """A feed that is switched on again later opens the same thread."""
    first = await posted(store)
    await follow(store, BOB)
    await store.feeds.drop_feed(TEAM, CHANNEL, ORG, at(2))
    await store.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, JOB), BOB, at(3))
    ended = await store.subscriptions.subscription(first.id)
    assert ended is not None
    assert ended.ended is Ending.UNSUBSCRIBED
    await store.feeds.set_feed(feed_of(), [], at(4))
    await fed_into(store, at(5), fed(JOB, "FAILED", now=at(5)))
    again = await there(store)
    assert (again.id, again.is_fed, again.is_quiet) == (first.id, True, True)


async def test_who_waits_for_a_value_leaves_the_thread_to_the_feed(store: DatabaseStore) -> None:
    """Nothing is broadcast for them, and they find what they wait for among what they follow."""
    await posted(store)
    await wait_for(store, ADA)
    found = await there(store)
    assert (found.is_fed, found.is_quiet, found.subscribers, found.followers) == (True, True, (ADA,), ())
    (followed,) = await store.subscriptions.followed(TEAM, CHANNEL, ADA)
    assert followed.conditions == (LOW,)
    assert await store.subscriptions.followed(TEAM, CHANNEL, BOB) == []
    await store.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, JOB), ADA, at(2))
    assert (await there(store)).is_fed


async def test_a_feed_that_goes_off_leaves_who_waits_their_thread(store: DatabaseStore) -> None:
    """It tells what they wait for, and nothing else."""
    await posted(store)
    await wait_for(store, ADA)
    await store.feeds.drop_feed(TEAM, CHANNEL, ORG, at(2))
    left = await there(store)
    assert (left.is_fed, left.mode) == (False, Mode.CONDITIONS)


async def test_a_card_that_shows_the_end_is_not_followed_by_it(store: DatabaseStore) -> None:
    """Those who follow the job elsewhere are told; where the feed just posted it everybody can see it."""
    await follow(store, channel_id="C2")
    await store.feeds.set_feed(feed_of(), [], T0)
    end = note(Failed, "1")
    await fed_into(store, at(1), replace(fed(JOB, "FAILED", now=at(1)), told=(end,)))
    await look(store, at(2), end, state=state("FAILED"))
    assert [type(post.notification) for post in await drained(store, at(3))] == [JobCard, ThreadCard]
    assert [type(post.notification) for post in await drained(store, at(3), "C2")] == [JobCard, Failed]


async def test_only_those_are_mentioned_who_want_to_hear_of_it_all(store: DatabaseStore) -> None:
    """Waiting for a value asks for one message; whoever then follows the job asks for more."""
    await follow(store, BOB)
    await wait_for(store, ADA)
    assert (await there(store)).followers == (BOB,)
    await look(store, at(2), note(Failed, "1"), state=state("FAILED"))
    (_, failure) = await drained(store, at(3))
    assert failure.subscription.followers == (BOB,)
    await follow(store, ADA)
    assert (await there(store)).followers == (BOB, ADA)
    await wait_for(store, BOB, "eta < 30m")
    assert (await there(store)).followers == (BOB, ADA)

"""The store: messages, in order per thread, once in effect."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.ports import Lane, Over, Parked, Sent
from bot.domain.subscriptions.notifications import job_updates, notices
from bot.domain.subscriptions.subscription import Ending, Spot
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
    later,
    look,
    note,
    opened,
    opened_thread,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

SENT = Sent("300.1", "100.1")


async def test_a_thread_stays_in_order_and_channels_do_not_wait_for_each_other(store: DatabaseStore) -> None:
    """A message that has to wait holds up its own thread only, also within the channel."""
    await opened_thread(store)
    await look(store, T0, note(once_key="25"), note(once_key="50"))
    other = await follow(store, request_id="job-2", now=at(1))
    await follow(store, channel_id="C2", request_id="job-3", now=at(2))
    first = await deliver(store, at(3), later(100))
    assert first.notification.once_key == "25"
    (second,) = await drained(store, at(3))
    assert (second.subscription.id, type(second.notification)) == (other.id, notices.JobCard)
    assert len(await drained(store, at(3), "C2")) == 1
    assert await store.outbox.claim_lane(TEAM, CHANNEL, at(99), LEASE) == at(100)
    assert [post.notification.once_key for post in await drained(store, at(100))] == ["25", "50"]


async def test_a_channel_rests_between_two_messages(store: DatabaseStore) -> None:
    """Also from one that comes only later; other channels do not rest with it."""
    await follow(store)
    lane = await held(store, T0)
    post = await store.outbox.take_post(lane, T0)
    assert post is not None
    assert await store.outbox.finish_post(lane, post, SENT, T0, lane_free_at=at(1))
    assert await store.outbox.next_lane_at() is None
    await look(store, at(0.5), note())
    assert await store.outbox.next_lane_at() == at(1)
    assert await store.outbox.claim_lanes(at(0.9), LEASE, 10) == []
    assert await store.outbox.claim_lane(TEAM, CHANNEL, at(0.9), LEASE) == at(1)
    assert isinstance(await store.outbox.claim_lane(TEAM, CHANNEL, at(1), LEASE), Lane)
    await follow(store, channel_id="C2")
    assert [lane.channel_id for lane in await store.outbox.claim_lanes(at(1), LEASE, 10)] == ["C2"]


async def test_lanes_come_most_overdue_first(store: DatabaseStore) -> None:
    """No more than wanted, each to one process, and not again while it is held."""
    for seconds, channel_id in enumerate(("C3", "C1", "C2")):
        await follow(store, channel_id=channel_id, now=at(seconds))
    assert await store.outbox.next_lane_at() == T0
    claimed = [await store.outbox.claim_lanes(at(5), LEASE, 2) for _ in range(3)]
    assert [[lane.channel_id for lane in lanes] for lanes in claimed] == [["C3", "C1"], ["C2"], []]
    assert await store.outbox.claim_lane(TEAM, "C1", at(5), LEASE) == at(5 + LEASE)
    assert await store.outbox.next_lane_at() == at(5 + LEASE)
    assert await store.outbox.claim_lane(TEAM, "C9", at(5), LEASE) is None


async def test_concurrent_claims_never_share_a_lane(database_url: str) -> None:
    """Two processes, many tasks."""
    stores = [await opened(database_url) for _ in range(2)]
    channels = sorted(f"C{number}" for number in range(20))
    for channel_id in channels:
        await follow(stores[0], channel_id=channel_id)
    claims = await asyncio.gather(*(stores[n % 2].outbox.claim_lanes(T0, LEASE, 4) for n in range(8)))
    claimed = [lane.channel_id for lanes in claims for lane in lanes]
    assert len(claimed) == len(set(claimed))
    claimed += [lane.channel_id for lane in await stores[0].outbox.claim_lanes(T0, LEASE, 100)]
    assert sorted(claimed) == channels
    for store in stores:
        await store.database.close()


async def test_a_message_that_was_begun_is_uncertain_for_whoever_finds_it(store: DatabaseStore) -> None:
    """The process that took it died; the next one knows since when to look for it."""
    await follow(store)
    first = await store.outbox.take_post(await held(store, T0), T0)
    assert first is not None
    assert (first.is_uncertain, first.attempts, first.first_try_at) == (False, 1, T0)
    assert await store.outbox.claim_lane(TEAM, CHANNEL, at(1), LEASE) == at(LEASE)
    again = await store.outbox.take_post(await held(store, at(LEASE)), at(LEASE))
    assert again is not None
    assert (again.id, again.is_uncertain, again.attempts, again.first_try_at) == (first.id, True, 2, T0)


@pytest.mark.parametrize("may_have_happened", [True, False])
async def test_a_failed_attempt_says_whether_slack_may_have_it(
    store: DatabaseStore, *, may_have_happened: bool
) -> None:
    """A refusal is sure; a time-out is not."""
    await follow(store)
    await deliver(store, T0, later(10, may_have_happened=may_have_happened))
    again = await deliver(store, at(10), SENT)
    assert again.is_uncertain is may_have_happened
    assert (again.attempts, again.first_try_at) == (2, T0)


async def test_a_late_loser_of_a_lane_changes_nothing(store: DatabaseStore) -> None:
    """Neither what it sent nor what it ended counts, it is given nothing more, and nothing counts twice."""
    subscription = await follow(store)
    loser = await held(store, T0)
    post = await store.outbox.take_post(loser, T0)
    assert post is not None
    winner = await held(store, at(LEASE))
    assert await store.outbox.take_post(loser, at(LEASE)) is None
    for outcome in (SENT, later(500), Parked("late"), Over(Ending.CANNOT_POST, "is_archived")):
        assert not await store.outbox.finish_post(loser, post, outcome, at(LEASE), lane_free_at=at(LEASE))
    assert await store.subscriptions.subscription(subscription.id) == subscription
    taken = await store.outbox.take_post(winner, at(LEASE))
    assert taken is not None
    assert taken.id == post.id
    assert await store.outbox.finish_post(winner, taken, SENT, at(LEASE), lane_free_at=at(LEASE))
    assert not await store.outbox.finish_post(winner, taken, later(500), at(LEASE), lane_free_at=at(LEASE))
    assert await store.outbox.claim_lane(TEAM, CHANNEL, at(LEASE), LEASE) is None


async def test_a_lane_that_was_forgotten_remembers_no_lease(store: DatabaseStore) -> None:
    """Who held it before it was cleaned away is a late loser."""
    await follow(store)
    loser = await held(store, T0)
    post = await store.outbox.take_post(loser, T0)
    assert post is not None
    await store.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, JOB), ADA, T0)
    assert await store.outbox.take_post(await held(store, at(LEASE)), at(LEASE)) is None
    await store.upkeep.clean(at(LEASE + 1))
    await follow(store, now=at(LEASE + 1))
    winner = await held(store, at(LEASE + 1))
    assert not await store.outbox.finish_post(loser, post, SENT, at(LEASE + 1), lane_free_at=at(LEASE + 1))
    assert await store.outbox.take_post(winner, at(LEASE + 1)) is not None


@pytest.mark.parametrize(
    "ending", [Ending.CANNOT_POST, Ending.THREAD_GONE, Ending.CARD_GONE, Ending.UNSUBSCRIBED]
)
async def test_what_slack_never_takes_ends_the_thread(store: DatabaseStore, ending: Ending) -> None:
    """What waited in it is dropped; nobody looks at the job any more."""
    subscription = await opened_thread(store)
    await look(store, T0, note(once_key="25"), note(once_key="50"))
    await deliver(store, at(1), Over(ending, "is_archived"))
    ended = await store.subscriptions.subscription(subscription.id)
    assert ended is not None
    assert (ended.ended, ended.ended_detail) == (ending, "is_archived")
    assert await drained(store, at(2)) == []
    assert (await store.watches.plan(ORG)).watched == 0


async def test_a_last_word_that_slack_refuses_leaves_the_ending_as_it_was(store: DatabaseStore) -> None:
    """Only what else waited goes with it."""
    subscription = await opened_thread(store)
    told = note(once_key="25"), note(job_updates.JobGone, "last")
    await look(store, T0, *told, ends_now=Ending.JOB_GONE)
    await deliver(store, at(1), Over(Ending.CANNOT_POST, "is_archived"))
    ended = await store.subscriptions.subscription(subscription.id)
    assert ended is not None
    assert ended.ended is Ending.JOB_GONE
    assert await drained(store, at(2)) == []


async def test_what_is_parked_lets_the_thread_go_on(store: DatabaseStore) -> None:
    """An operator sees the reason, and may have it tried again."""
    subscription = await opened_thread(store)
    await look(store, T0, note(once_key="25"), note(once_key="50"), note(once_key="75"))
    parked = await deliver(store, at(1), Parked("fatal_error, for a day"))
    await deliver(store, at(2), later(60))
    lines = [
        (each.id == parked.id, each.kind, each.state, each.attempts, each.reason, each.next_try_at)
        for each in await store.outbox.waiting()
    ]
    assert lines == [
        (True, "progress", "parked", 1, "fatal_error, for a day", None),
        (False, "progress", "waiting", 1, "rate limited", at(60)),
    ]
    assert {each.subscription.id for each in await store.outbox.waiting()} == {subscription.id}
    assert await store.outbox.retry_parked(at(3)) == 1
    again = await deliver(store, at(3), SENT)
    assert (again.id, again.attempts, again.is_uncertain) == (parked.id, 1, True)
    assert [post.notification.once_key for post in await drained(store, at(60))] == ["50", "75"]
    assert await store.outbox.waiting() == []
    assert await store.outbox.retry_parked(at(61)) == 0


async def test_without_its_card_there_is_no_thread(store: DatabaseStore) -> None:
    """A card that is parked ends its subscription; there is nothing to be tried again."""
    subscription = await follow(store)
    await look(store, T0, note())
    await deliver(store, at(1), Parked("fatal_error"))
    ended = await store.subscriptions.subscription(subscription.id)
    assert ended is not None
    assert (ended.ended, ended.ended_detail) == (Ending.CANNOT_POST, "fatal_error")
    assert await drained(store, at(2)) == []
    assert [each.kind for each in await store.outbox.waiting()] == ["card"]
    assert await store.outbox.retry_parked(at(3)) == 0


@pytest.mark.parametrize("seconds", [0, 1])
async def test_nothing_is_forgotten_that_comes_while_a_lane_is_held(
    store: DatabaseStore, seconds: float
) -> None:
    """Put in between the taking of the last message and the release of its lane."""
    await opened_thread(store)
    await look(store, T0, note(once_key="25"))
    lane = await held(store, T0)
    post = await store.outbox.take_post(lane, T0)
    assert post is not None
    await look(store, at(seconds), note(once_key="50"))
    assert await store.outbox.finish_post(lane, post, SENT, at(1), lane_free_at=at(2))
    assert await store.outbox.next_lane_at() == at(2)
    assert len(await drained(store, at(2))) == 1


async def test_releasing_a_lane_and_filling_it_at_once(database_url: str) -> None:
    """Whichever comes first: the lane is due as long as something waits in it."""
    filling, sending = [await opened(database_url) for _ in range(2)]
    await opened_thread(filling)
    for number in range(8):
        now = at(number)
        await look(filling, now, note(once_key=f"{number} a"))
        lane = await held(sending, now)
        post = await sending.outbox.take_post(lane, now)
        assert post is not None
        await asyncio.gather(
            look(filling, now, note(once_key=f"{number} b")),
            sending.outbox.finish_post(lane, post, SENT, now, lane_free_at=now),
        )
        assert [post.notification.once_key for post in await drained(sending, now)] == [f"{number} b"]
    for store in (filling, sending):
        await store.database.close()

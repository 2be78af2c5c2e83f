"""The store: a subscription whose card stands already, because it was pressed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ports import Lane, Sent
from bot.domain.subscriptions.notifications.notices import JobCard
from bot.domain.subscriptions.subscription import Ending, Subscribed, SubscribeRequest
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
    deliver,
    drained,
    held,
    job,
    look,
    note,
    state,
)
from tests.contracts.fed import fed, fed_into, feed_of, row

pytestmark = pytest.mark.asyncio(loop_scope="session")

WISH = SubscribeRequest(TEAM, CHANNEL, ORG, JOB, ADA, card_ts="7.1")


async def _subscribe(store: DatabaseStore, wish: SubscribeRequest = WISH, seconds: float = 0) -> Subscribed:
    return await store.subscriptions.subscribe(wish, state(), job(), at(seconds))


async def _edited(store: DatabaseStore, seconds: float) -> list[str | None]:
    """The cards that are to be edited, by their subscription."""
    done = []
    while isinstance(lane := await store.outbox.claim_lane(TEAM, "", at(seconds), LEASE), Lane):
        if (edit := await store.outbox.take_edit(lane, at(seconds))) is None:
            break
        done.append(edit.subscription.id)
        sent = Sent(edit.subscription.card_ts or "", edit.subscription.thread_ts or "")
        assert await store.outbox.finish_edit(lane, edit, sent, at(seconds), lane_free_at=at(seconds))
    return done


async def test_it_is_the_card_at_once_and_nothing_is_posted(store: DatabaseStore) -> None:
    """An edit is queued, so that it says who is subscribed whatever dies now."""
    made = await _subscribe(store)
    subscription = made.subscription
    assert made.is_new
    assert (subscription.card_ts, subscription.thread_ts, subscription.is_open) == ("7.1", "7.1", True)
    assert await drained(store, T0) == []
    assert await _edited(store, 0) == [subscription.id]
    assert await _edited(store, 1) == []


async def test_updates_come_in_its_thread(store: DatabaseStore) -> None:
    """Below it, or in the thread it stands in."""
    in_thread = replace(WISH, channel_id="C0OTHER", thread_ts="5.5")
    await _subscribe(store)
    other = (await _subscribe(store, in_thread)).subscription
    assert (other.card_ts, other.thread_ts) == ("7.1", "5.5")
    await look(store, at(1), note())
    (update,) = await drained(store, at(1))
    assert update.subscription.thread_ts == "7.1"
    (update,) = await drained(store, at(1), "C0OTHER")
    assert update.subscription.thread_ts == "5.5"


async def test_whoever_joins_brings_no_card(store: DatabaseStore) -> None:
    """There is one card for a job and channel; the same press done again changes nothing."""
    first = (await _subscribe(store)).subscription
    again = await _subscribe(store)
    assert (again.is_new, again.was_subscriber) == (False, True)
    joined = await _subscribe(store, replace(WISH, user_id=BOB, card_ts="8.8"), 1)
    assert (joined.is_new, joined.subscription.id, joined.subscription.card_ts) == (False, first.id, "7.1")
    assert await drained(store, at(1)) == []


async def test_the_card_of_one_that_ended_may_go_on(store: DatabaseStore) -> None:
    """And what that one would still have it say is not said over the new one's words."""
    first = (await _subscribe(store)).subscription
    await store.subscriptions.stop(first.id, Ending.UNSUBSCRIBED, at(1))
    second = (await _subscribe(store, seconds=2)).subscription
    assert second.id != first.id
    assert second.card_ts == "7.1"
    assert await drained(store, at(2)) == []
    assert await _edited(store, 2) == [second.id]


async def test_an_edit_under_way_is_followed_by_the_new_ones(store: DatabaseStore) -> None:
    """It was taken before the card changed hands: what it leaves is put right."""
    first = (await _subscribe(store)).subscription
    await store.subscriptions.stop(first.id, Ending.UNSUBSCRIBED, at(1))
    lane = await held(store, at(1), "")
    edit = await store.outbox.take_edit(lane, at(1))
    assert edit is not None
    second = (await _subscribe(store, seconds=2)).subscription
    assert await store.outbox.finish_edit(lane, edit, Sent("7.1", "7.1"), at(3), lane_free_at=at(3))
    assert await _edited(store, 3) == [second.id]


async def test_a_feeds_post_stays_the_feeds(store: DatabaseStore) -> None:
    """Whoever subscribes after its end gets a card of their own."""
    await store.feeds.set_feed(feed_of(), [row(JOB)], T0)
    await fed_into(store, T0, fed(JOB, "COMPLETED", now=at(30)))
    await deliver(store, T0, Sent("7.1", "7.1"))
    await deliver(store, T0, Sent("7.2", "7.1"))
    await store.watches.end_overdue(at(7_200), 10)
    made = await _subscribe(store, seconds=7_200)
    assert made.subscription.card_ts is None
    (card,) = await drained(store, at(7_200))
    assert isinstance(card.notification, JobCard)

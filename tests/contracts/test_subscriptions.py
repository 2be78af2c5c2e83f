"""The store: subscribing, leaving, and who follows what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.ports import Lane, Sent
from bot.domain.subscriptions.notifications.job_updates import Completed
from bot.domain.subscriptions.notifications.notices import JobCard
from bot.domain.subscriptions.subscription import Ending, Mode, Seen, ShownMessage, Spot, SubscribeRequest
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
    follow,
    job,
    look,
    note,
    opened_thread,
    state,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_first_to_subscribe_opens_a_thread_with_a_card(store: DatabaseStore) -> None:
    """The card is the first message, drawn from the document; the job is due for a look at once."""
    wish = SubscribeRequest(TEAM, CHANNEL, ORG, JOB, ADA)
    subscribed = await store.subscriptions.subscribe(wish, state(), job(output_model_path="s3://out"), T0)
    subscription = subscribed.subscription
    assert (subscribed.is_new, subscribed.was_subscriber, subscribed.knows_the_end) == (True, False, False)
    assert (subscription.mode, subscription.is_quiet) == (Mode.MILESTONES, False)
    assert (subscription.subscribers, subscription.created_at) == ((ADA,), T0)
    assert (await store.watches.plan(ORG)).next_look_at == T0
    card = await deliver(store, T0, Sent("100.1", "100.1"))
    assert (type(card.notification), card.notification.name) == (JobCard, "support-tone-v3")
    assert card.document is not None
    assert (card.document.output_model_path, card.seen_at) == ("s3://out", T0)
    stored = await store.subscriptions.subscription(subscription.id)
    assert stored is not None
    assert (stored.card_ts, stored.thread_ts, stored.is_open) == ("100.1", "100.1", True)


async def test_the_next_one_joins_and_changes_only_what_they_name(store: DatabaseStore) -> None:
    """From wherever in the channel they ask: there is one thread for a job and channel."""
    first = await follow(store, mode=Mode.FINAL, is_quiet=True)
    wish = SubscribeRequest(TEAM, CHANNEL, ORG, JOB, BOB, thread_ts="55.5")
    joined = await store.subscriptions.subscribe(wish, state(), job(), at(1))
    assert (joined.is_new, joined.was_subscriber) == (False, False)
    assert joined.subscription.id == first.id
    assert (joined.subscription.mode, joined.subscription.is_quiet) == (Mode.FINAL, True)
    assert (joined.subscription.subscribers, joined.subscription.thread_ts) == ((ADA, BOB), None)
    wish = SubscribeRequest(TEAM, CHANNEL, ORG, JOB, ADA, Mode.FAILURES, is_quiet=False)
    again = await store.subscriptions.subscribe(wish, state(), job(), at(2))
    assert again.was_subscriber
    assert (again.subscription.mode, again.subscription.is_quiet) == (Mode.FAILURES, False)
    assert len(await drained(store, at(2))) == 1, "one card"


async def test_a_thread_that_was_there_is_kept(store: DatabaseStore) -> None:
    """Card and updates of a mention live in its thread."""
    wish = SubscribeRequest(TEAM, CHANNEL, ORG, JOB, ADA, thread_ts="55.5")
    subscription = (await store.subscriptions.subscribe(wish, state(), job(), T0)).subscription
    await deliver(store, T0, Sent("100.1", "55.5"))
    stored = await store.subscriptions.subscription(subscription.id)
    assert stored is not None
    assert (stored.thread_ts, stored.card_ts) == ("55.5", "100.1")


async def test_the_stored_state_knows_the_end_first(store: DatabaseStore) -> None:
    """Whoever subscribes upon an older answer hears that the job is finished."""
    await follow(store)
    await look(store, T0, note(Completed, "1"), state=state("COMPLETED"))
    wish = SubscribeRequest(TEAM, "C2", ORG, JOB, BOB)
    assert (await store.subscriptions.subscribe(wish, state("RUNNING"), job("RUNNING"), at(1))).knows_the_end


async def test_the_last_to_leave_ends_it(store: DatabaseStore) -> None:
    """Somebody else's leaving changes nothing; after the last one nothing waits and nothing is watched."""
    subscription = await opened_thread(store)
    await follow(store, BOB)
    await look(store, T0, note())
    stranger = await store.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, JOB), "U-eve", at(1))
    assert stranger.subscription is not None
    assert (stranger.was_subscriber, stranger.subscription.subscribers) == (False, (ADA, BOB))
    left = await store.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, JOB), ADA, at(2))
    assert left.subscription is not None
    assert (left.was_subscriber, left.subscription.is_active) == (True, True)
    last = await store.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, JOB), BOB, at(3))
    assert last.subscription is not None
    assert (last.subscription.ended, last.subscription.subscribers) == (Ending.UNSUBSCRIBED, ())
    assert await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, JOB)) is None
    assert await drained(store, at(4)) == []
    assert (await store.watches.plan(ORG)).watched == 0
    lane = await store.outbox.claim_lane(TEAM, "", at(4), LEASE)
    assert isinstance(lane, Lane)
    edit = await store.outbox.take_edit(lane, at(4))
    assert edit is not None, "the card says that it ended"
    assert (edit.subscription.id, edit.subscription.ended) == (subscription.id, Ending.UNSUBSCRIBED)
    assert (
        await store.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, JOB), BOB, at(5))
    ).subscription is None


async def test_a_job_is_watched_as_long_as_anybody_follows_it(store: DatabaseStore) -> None:
    """The end of one thread leaves the other alone; who comes back later gets a thread of their own."""
    first = await follow(store)
    other = await follow(store, channel_id="C2")
    ended = await store.subscriptions.stop(first.id, Ending.CARD_GONE, at(1), detail="message_not_found")
    assert ended is not None
    assert (ended.ended, ended.ended_detail) == (Ending.CARD_GONE, "message_not_found")
    assert await store.subscriptions.stop(first.id, Ending.UNSUBSCRIBED, at(2)) is None
    assert (await store.watches.plan(ORG)).watched == 1
    assert await store.subscriptions.active(Spot(TEAM, "C2", ORG, JOB)) == other
    again = await follow(store, now=at(3))
    assert again.id != first.id
    assert (again.created_at, again.ended) == (at(3), None)


async def test_what_is_followed_here_comes_before_what_one_follows_elsewhere(store: DatabaseStore) -> None:
    """Oldest first, each with what is known of the job; other people's threads elsewhere are theirs."""
    await follow(store, BOB, channel_id="C2", request_id="elsewhere", now=at(0))
    await follow(store, BOB, channel_id="C3", request_id="foreign", now=at(0))
    await follow(store, ADA, channel_id="C2", request_id="mine", now=at(1))
    await follow(store, BOB, request_id="theirs", now=at(2))
    await follow(store, ADA, request_id="ours", now=at(3))
    gone = await follow(store, ADA, request_id="gone", now=at(4))
    await store.subscriptions.stop(gone.id, Ending.UNSUBSCRIBED, at(5))
    lines = await store.subscriptions.followed(TEAM, CHANNEL, ADA)
    assert [line.subscription.request_id for line in lines] == ["theirs", "ours", "mine"]
    assert [line.is_mine for line in lines] == [False, True, True]
    assert {(line.experiment_name, line.status_text, line.progress) for line in lines} == {
        ("support-tone-v3", "RUNNING", 41.5)
    }
    assert await store.subscriptions.followed("T2", CHANNEL, ADA) == []


async def test_a_person_is_forgotten(store: DatabaseStore) -> None:
    """What they followed alone ends; elsewhere only their name goes, also where it had ended."""
    alone = await follow(store)
    shared = await follow(store, channel_id="C2")
    await follow(store, BOB, channel_id="C2")
    ended = await follow(store, channel_id="C3")
    await store.subscriptions.stop(ended.id, Ending.CANNOT_POST, at(1))
    assert await store.subscriptions.forget_user(TEAM, ADA, at(2)) == 3
    found = [await store.subscriptions.subscription(each.id) for each in (alone, shared, ended)]
    assert [each and (each.ended, each.subscribers) for each in found] == [
        (Ending.UNSUBSCRIBED, ()),
        (None, (BOB,)),
        (Ending.CANNOT_POST, ()),
    ]
    assert await store.subscriptions.forget_user(TEAM, ADA, at(3)) == 0


async def test_a_workspace_is_forgotten(store: DatabaseStore) -> None:
    """Nothing of it stays; another workspace's thread on the same job goes on."""
    ours = await follow(store)
    wish = SubscribeRequest("T2", "C9", ORG, JOB, BOB)
    theirs = (await store.subscriptions.subscribe(wish, state(), job(), T0)).subscription
    alone = await follow(store, request_id="job-2")
    assert await store.upkeep.forget_team(TEAM) == 2
    assert [await store.subscriptions.subscription(each.id) for each in (ours, alone)] == [None, None]
    assert await store.outbox.next_lane_at() == T0, "only the other workspace's card waits"
    assert (await store.watches.plan(ORG)).watched == 1
    (lane,) = await store.outbox.claim_lanes(at(1), LEASE, 10)
    post = await store.outbox.take_post(lane, at(1))
    assert post is not None
    assert (post.subscription, post.document is not None) == (theirs, True)


async def test_times_and_words_come_back_as_they_were(store: DatabaseStore) -> None:
    """To the microsecond; odd characters in other people's words are no reason to fail."""
    now = T0 + timedelta(microseconds=1)
    subscription = await follow(store, now=now)
    assert subscription.created_at == now
    ended = await store.subscriptions.stop(
        subscription.id, Ending.CANNOT_POST, at(1), detail="nul \0, half \ud800, ☃"
    )
    assert ended is not None
    assert ended.ended_detail == "nul , half ?, ☃"


async def test_what_is_followed_says_how_old_it_is(store: DatabaseStore) -> None:
    """By our clock, and by the job's own: another source of the same page may know it newer."""
    wish = SubscribeRequest(TEAM, CHANNEL, ORG, JOB, ADA)
    await store.subscriptions.subscribe(wish, state(), job(), T0)
    (followed,) = await store.subscriptions.followed(TEAM, CHANNEL, ADA)
    assert followed.seen == Seen(state().seen_at, state().job.updated_at)


async def test_what_a_message_belongs_to(store: DatabaseStore) -> None:
    """By its card, its thread, its ID or what it is about; also once it has ended, and nobody else's."""
    first = await opened_thread(store)
    await store.subscriptions.stop(first.id, Ending.UNSUBSCRIBED, at(1))
    again = await follow(store, now=at(2))
    await follow(store, channel_id="C2", now=at(3))
    wish = SubscribeRequest(TEAM, CHANNEL, "another", JOB, BOB)
    await store.subscriptions.subscribe(wish, state(), job(), at(4))

    async def shown(
        subject: str, *messages: str, org_ids: tuple[str, ...] = (ORG,), who: str = "U-eve"
    ) -> list[str]:
        message = ShownMessage(frozenset({TEAM, "T-other"}), CHANNEL, subject, messages)
        return [each.id for each in await store.subscriptions.shown(message, org_ids, who)]

    assert first.card_ts is not None
    assert await shown("", first.card_ts) == await shown("", "no", first.thread_ts or "") == [first.id]
    assert await shown(JOB) == [again.id, first.id]
    assert await shown(first.id) == [first.id]
    assert await shown(JOB, org_ids=()) == []
    assert await shown("", first.card_ts, org_ids=()) == [first.id]
    assert len(await shown(JOB, org_ids=(), who=BOB)) == 1
    assert len(await shown(JOB, who=BOB)) == 3

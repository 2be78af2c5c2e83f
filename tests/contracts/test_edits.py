"""The store: cards that edit themselves, the newest state of each only, after its messages."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.ports import Edit, Lane, Later, Look, Outcome, Over, Parked, Sent
from bot.domain.subscriptions.subscription import Ending, Spot
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
    held,
    job,
    later,
    look,
    note,
    opened,
    opened_thread,
    state,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

DONE = Sent("100.1", "100.1")


async def wished(store: DatabaseStore, seconds: float = 0, progress: float = 50) -> None:
    """A look brings a new document."""
    await look(store, at(seconds), state=state(seen_at=at(seconds)), document=job(progress=progress))


async def take(store: DatabaseStore, seconds: float) -> tuple[Lane, Edit]:
    """The next edit, which is there."""
    lane = await held(store, at(seconds), "")
    assert lane.is_for_edits
    edit = await store.outbox.take_edit(lane, at(seconds))
    assert edit is not None
    return lane, edit


async def finish(store: DatabaseStore, seconds: float, outcome: Outcome) -> Edit:
    """Take the next edit, and let this become of it."""
    lane, edit = await take(store, seconds)
    now = at(seconds)
    assert await store.outbox.finish_edit(lane, edit, outcome, now, lane_free_at=now)
    return edit


async def test_one_that_was_wished_for_again_meanwhile_is_due_again(store: DatabaseStore) -> None:
    """With the newest document; once that is shown, nothing is due."""
    await opened_thread(store)
    await wished(store, 1, progress=50)
    lane, edit = await take(store, 1)
    await wished(store, 2, progress=60)
    assert await store.outbox.finish_edit(lane, edit, DONE, at(3), lane_free_at=at(4))
    assert await store.outbox.claim_lane(TEAM, "", at(3), LEASE) == at(4)
    assert (await finish(store, 4, DONE)).document.progress == 60
    assert await store.outbox.next_lane_at() is None


async def test_edits_come_after_the_messages_of_their_thread(store: DatabaseStore) -> None:
    """Also after one that has to wait."""
    await opened_thread(store)
    await look(store, T0, note(), document=job(progress=50))
    assert await store.outbox.take_edit(await held(store, T0, ""), T0) is None
    await deliver(store, T0, later(10))
    assert await store.outbox.take_edit(await held(store, at(1), ""), at(1)) is None
    await deliver(store, at(10), Sent("200.1", "100.1"))
    assert (await finish(store, 10, DONE)).document.progress == 50


async def test_time_that_passed_is_reason_enough_for_an_edit(store: DatabaseStore) -> None:
    """The card is then drawn from the same document as before; a message alone is no reason."""
    await opened_thread(store)
    await look(store, T0, note())
    await drained(store, at(5))
    assert await store.outbox.next_lane_at() is None
    await look(store, at(6), is_redrawn=True)
    assert (await finish(store, 6, DONE)).document.experiment_name == "support-tone-v3"


async def test_an_edit_is_tried_again_and_its_tries_are_counted(store: DatabaseStore) -> None:
    """Not before its time; anew for the next version."""
    await opened_thread(store)
    await wished(store, 1)
    assert (await finish(store, 1, Later(at(30), "ratelimited"))).attempts == 1
    assert await store.outbox.claim_lane(TEAM, "", at(2), LEASE) == at(30)
    await wished(store, 5, progress=60)
    second = await finish(store, 30, DONE)
    assert (second.attempts, second.document.progress) == (2, 60)
    await wished(store, 40)
    assert (await finish(store, 40, DONE)).attempts == 1


async def test_one_card_that_waits_does_not_hold_up_another(store: DatabaseStore) -> None:
    """The one that waits longest goes first, of those that may go."""
    for request_id in ("job-1", "job-2"):
        await follow(store, request_id=request_id)
    for number in (1, 2):
        await deliver(store, T0, Sent(f"{number}00.1", f"{number}00.1"))
    for number, claimed in enumerate(await store.watches.claim_jobs(ORG, T0, LEASE, 10)):
        made = Look(claimed, claimed.state, at(900), document=job(request_id=claimed.request_id))
        assert await store.watches.finish_looks([made], at(number)) == 1
    assert (await finish(store, 5, Later(at(60), "ratelimited"))).subscription.request_id == "job-1"
    assert (await finish(store, 5, DONE)).subscription.request_id == "job-2"
    assert await store.outbox.next_lane_at() == at(60)


@pytest.mark.parametrize(
    ("outcome", "ended"),
    [
        (Over(Ending.CARD_GONE, "message_not_found"), Ending.CARD_GONE),
        (Over(Ending.CANNOT_POST, "is_archived"), Ending.CANNOT_POST),
        (Parked("edit_window_closed"), None),
    ],
)
async def test_a_card_that_takes_no_edit_is_left_alone(
    store: DatabaseStore, outcome: Outcome, ended: Ending | None
) -> None:
    """Where Slack says so for good the subscription ends, and nothing more is tried with it."""
    subscription = await opened_thread(store)
    await wished(store, 1)
    await finish(store, 1, outcome)
    found = await store.subscriptions.subscription(subscription.id)
    assert found is not None
    assert found.ended is ended
    assert await store.outbox.next_lane_at() is None


async def test_a_late_loser_changes_nothing(store: DatabaseStore) -> None:
    """The one who took over edits the card."""
    subscription = await opened_thread(store)
    await wished(store, 1)
    loser, edit = await take(store, 1)
    winner = await held(store, at(1 + LEASE), "")
    assert await store.outbox.take_edit(loser, at(1 + LEASE)) is None
    for outcome in (DONE, Over(Ending.CARD_GONE, "message_not_found")):
        assert not await store.outbox.finish_edit(loser, edit, outcome, at(62), lane_free_at=at(62))
    assert await store.subscriptions.subscription(subscription.id) == subscription
    again = await store.outbox.take_edit(winner, at(1 + LEASE))
    assert again is not None
    assert (again.version, again.attempts) == (edit.version, 2)


async def test_an_uncertain_card_is_brought_up_to_date_once_it_is_found(store: DatabaseStore) -> None:
    """What an earlier attempt posted was drawn from an earlier document."""
    await follow(store)
    assert await store.outbox.take_post(await held(store, T0), T0) is not None
    await wished(store, 1, progress=60)
    await deliver(store, at(LEASE), Sent("100.1", "100.1"))
    assert (await finish(store, LEASE, DONE)).document.progress == 60


async def test_a_card_follows_how_many_follow_the_job(store: DatabaseStore) -> None:
    """Somebody joins, somebody leaves or is forgotten: the card says so without a look at the job."""
    await opened_thread(store)
    await follow(store, BOB, now=at(1))
    assert (await finish(store, 1, DONE)).subscription.subscribers == (ADA, BOB)
    await follow(store, BOB, now=at(2))
    assert await store.outbox.next_lane_at() is None, "nothing changed"
    await store.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, JOB), BOB, at(3))
    assert (await finish(store, 3, DONE)).subscription.subscribers == (ADA,)
    await follow(store, BOB, now=at(4))
    await store.subscriptions.forget_user(TEAM, ADA, at(4))
    assert (await finish(store, 4, DONE)).subscription.subscribers == (BOB,)


async def test_who_joins_while_the_card_is_being_posted_is_counted(store: DatabaseStore) -> None:
    """It was drawn for one person."""
    await follow(store)
    lane = await held(store, T0)
    post = await store.outbox.take_post(lane, T0)
    assert post is not None
    await follow(store, BOB, now=at(1))
    assert await store.outbox.finish_post(lane, post, DONE, at(2), lane_free_at=at(3))
    assert (await finish(store, 2, DONE)).subscription.subscribers == (ADA, BOB)


async def test_a_card_lands_at_the_moment_a_newer_document_comes(database_url: str) -> None:
    """Whichever of the two is written first, the card is brought up to date."""
    sending, watching = [await opened(database_url) for _ in range(2)]
    for number in range(6):
        request_id, now = f"job-{number}", at(number)
        await follow(sending, request_id=request_id, now=now)
        lane = await held(sending, now)
        post = await sending.outbox.take_post(lane, now)
        assert post is not None
        (claimed,) = await watching.watches.claim_these(ORG, [request_id], now, LEASE)
        seen = state(request_id=request_id, seen_at=at(number + 0.5))
        newer = Look(claimed, seen, at(9_000), document=job(request_id=request_id, progress=90))
        await asyncio.gather(
            sending.outbox.finish_post(lane, post, DONE, now, lane_free_at=now),
            watching.watches.finish_looks([newer], now),
        )
        edit = await finish(watching, number, DONE)
        assert (edit.subscription.request_id, edit.document.progress) == (request_id, 90)
    for store in (sending, watching):
        await store.database.close()

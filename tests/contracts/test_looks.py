"""The store: what a look at a job does to everybody who follows it, in one transaction."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.job import JobStatus, JobSummary
from bot.domain.ports import Edit, Lane, Look, Sent
from bot.domain.subscriptions.notifications.job_updates import Completed, JobGone, Progress, Stalled
from bot.domain.subscriptions.notifications.notices import Expired, Finished
from bot.domain.subscriptions.subscription import AFTER_THE_END, LONGEST, Ending, Mode, Spot
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
    held,
    job,
    look,
    note,
    opened,
    opened_thread,
    state,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def edit(store: DatabaseStore, seconds: float) -> Edit | None:
    """The next card to edit, which then is edited."""
    lane = await store.outbox.claim_lane(TEAM, "", at(seconds), LEASE)
    if not isinstance(lane, Lane) or (taken := await store.outbox.take_edit(lane, at(seconds))) is None:
        return None
    now = at(seconds)
    assert await store.outbox.finish_edit(lane, taken, Sent("100.1", "100.1"), now, lane_free_at=now)
    return taken


async def test_every_thread_is_told_as_its_mode_says(store: DatabaseStore) -> None:
    """Milestones only where they are wanted; an end everywhere, broadcast or not."""
    modes = {"C1": None, "C2": Mode.FINAL, "C3": Mode.FAILURES}
    for channel_id, mode in modes.items():
        await follow(store, channel_id=channel_id, mode=mode, is_quiet=False)
    await follow(store, channel_id="C4", is_quiet=True)
    told = (note(Progress, "50"), note(Completed, "1"))
    await look(store, T0, *told, state=state("COMPLETED"))
    heard = {}
    for channel_id in (*modes, "C4"):
        posts = (await drained(store, T0, channel_id))[1:]
        heard[channel_id] = [(post.notification.kind, post.broadcast) for post in posts]
    assert heard == {
        "C1": [("progress", False), ("completed", True)],
        "C2": [("completed", True)],
        "C3": [("completed", False)],
        "C4": [("progress", False), ("completed", False)],
    }


async def test_a_notification_is_told_once_however_often_it_is_found(store: DatabaseStore) -> None:
    """The same kind and once-key, in this look or a later one, sent already or not."""
    await opened_thread(store)
    await look(store, T0, note(once_key="25"), note(once_key="25"))
    await look(store, T0, note(once_key="25"), note(once_key="50"), note(Stalled, "25"))
    assert [post.notification.once_key for post in await drained(store, T0)] == ["25", "50", "25"]
    await look(store, T0, note(once_key="25"))
    assert await drained(store, at(1)) == []


async def test_a_late_loser_tells_nobody(store: DatabaseStore) -> None:
    """Neither notifications nor wishes nor an end of it stay."""
    subscription = await opened_thread(store)
    loser = await claim(store, T0)
    await claim(store, at(LEASE))
    late = Look(loser, state("FAILED"), at(1), (note(),), job(), ends_now=Ending.JOB_GONE)
    assert await store.watches.finish_looks([late], at(LEASE)) == 0
    assert await store.outbox.next_lane_at() is None
    assert await store.subscriptions.subscription(subscription.id) == subscription


async def test_a_new_document_is_a_wish_to_edit_the_card(store: DatabaseStore) -> None:
    """The newest one only; a look without one wishes nothing."""
    subscription = await opened_thread(store)
    await look(store, at(1))
    assert await edit(store, 1) is None
    await look(store, at(2), state=state(seen_at=at(2)), document=job(progress=50))
    await look(store, at(3), state=state(seen_at=at(3)), document=job(progress=60))
    made = await edit(store, 3)
    assert made is not None
    assert (made.document.progress, made.seen_at, made.subscription) == (60, at(3), subscription)
    assert await edit(store, 4) is None


async def test_a_row_of_the_list_is_laid_over_the_document(store: DatabaseStore) -> None:
    """What the row does not say stays as it was."""
    await opened_thread(store)
    await look(store, at(1), state=state(seen_at=at(1)), document=job(output_model_path="s3://out"))
    row = JobSummary(JOB, "support-tone-v3", JobStatus.RUNNING, "RUNNING", progress=77.0)
    await look(store, at(2), state=state(seen_at=at(2)), row=row)
    made = await edit(store, 2)
    assert made is not None
    assert (made.document.progress, made.document.output_model_path) == (77, "s3://out")


async def test_a_card_that_stands_already_out_of_date_is_edited(store: DatabaseStore) -> None:
    """The document changed between the drawing of the card and Slack's answer."""
    await follow(store)
    lane = await held(store, T0)
    post = await store.outbox.take_post(lane, T0)
    assert post is not None
    await look(store, at(1), state=state(seen_at=at(1)), document=job(progress=50))
    assert await edit(store, 1) is None, "no card yet"
    await store.outbox.finish_post(lane, post, Sent("100.1", "100.1"), at(2), lane_free_at=at(2))
    made = await edit(store, 2)
    assert made is not None
    assert made.document.progress == 50


async def test_a_finished_job_ends_its_threads_an_hour_later_unless_it_comes_back(
    store: DatabaseStore,
) -> None:
    """Then they end when they would have ended anyway."""
    subscription = await opened_thread(store)
    finished, hour = state("COMPLETED", seen_at=at(10)), AFTER_THE_END.total_seconds()
    await look(store, at(10), state=finished, ends_at=at(10 + hour))
    assert await store.watches.end_overdue(at(9 + hour), 10) == 0
    await look(store, at(20), state=finished, ends_at=at(10 + hour))
    await look(store, at(30), state=state("RUNNING", seen_at=at(30)))
    assert await store.watches.end_overdue(at(11 + hour), 10) == 0
    await look(store, at(40), state=state("FAILED", seen_at=at(40)), ends_at=at(40 + hour))
    assert await store.watches.end_overdue(at(40 + hour), 10) == 1
    ended = await store.subscriptions.subscription(subscription.id)
    assert ended is not None
    assert ended.ended is Ending.FINISHED
    assert [type(post.notification) for post in await drained(store, at(40 + hour))] == [Finished]
    assert (await store.watches.plan(ORG)).watched == 0


async def test_the_thirty_days_are_over_before_the_hour_is(store: DatabaseStore) -> None:
    """The earlier of the two counts, with its own last word."""
    await opened_thread(store)
    days = LONGEST.total_seconds()
    await look(store, at(days - 60), state=state("COMPLETED"), ends_at=at(days + 3_540))
    assert await store.watches.end_overdue(at(days), 10) == 1
    assert [type(post.notification) for post in await drained(store, at(days))] == [Expired]


async def test_a_job_that_is_gone_ends_its_threads_at_once_with_a_last_word(store: DatabaseStore) -> None:
    """What waited before is still sent; the card is edited after it; nobody looks again."""
    subscription = await opened_thread(store)
    await look(store, T0, note(once_key="25"))
    await look(store, at(1), note(JobGone, "last"), ends_now=Ending.JOB_GONE)
    ended = await store.subscriptions.subscription(subscription.id)
    assert ended is not None
    assert ended.ended is Ending.JOB_GONE
    assert (await store.watches.plan(ORG)).watched == 0
    assert await edit(store, 2) is None, "after the messages"
    posts = await drained(store, at(2))
    assert [type(post.notification) for post in posts] == [Progress, JobGone]
    last = await edit(store, 3)
    assert last is not None
    assert last.subscription.ended is Ending.JOB_GONE


@pytest.mark.parametrize("rounds", [6])
async def test_who_subscribes_at_the_moment_of_the_end_hears_of_it(database_url: str, rounds: int) -> None:
    """Either in the thread, or by the answer to subscribing; whichever of the two came first."""
    watching, asking = [await opened(database_url) for _ in range(2)]
    for number in range(rounds):
        request_id = f"job-{number}"
        await follow(watching, ADA, request_id=request_id, now=at(number))
        (claimed,) = await watching.watches.claim_these(ORG, [request_id], at(number), LEASE)
        end = note(Completed, "1")
        ends = Look(claimed, state("COMPLETED", request_id), at(9_999), (end,))

        async def join(request_id: str = request_id) -> bool:
            await asyncio.sleep(0)
            await follow(asking, BOB, request_id=request_id, channel_id="C2", now=at(rounds))
            subscribed = await asking.subscriptions.followed(TEAM, "C2", BOB)
            return subscribed[-1].status_text == "COMPLETED"

        counted, saw_the_end = await asyncio.gather(watching.watches.finish_looks([ends], at(number)), join())
        assert counted == 1
        told = [type(post.notification) for post in await drained(asking, at(rounds + 100), "C2")]
        assert saw_the_end or Completed in told
    for store in (watching, asking):
        await store.database.close()


async def test_the_end_of_the_last_thread_and_a_new_one_at_once(database_url: str) -> None:
    """Whichever comes first: whoever follows a job has it watched."""
    leaving, joining = [await opened(database_url) for _ in range(2)]
    for number in range(6):
        request_id = f"job-{number}"
        await follow(leaving, ADA, request_id=request_id)
        await asyncio.gather(
            leaving.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, request_id), ADA, T0),
            follow(joining, BOB, request_id=request_id, channel_id="C2"),
        )
    assert (await joining.watches.plan(ORG)).watched == 6
    card = await deliver(joining, T0, Sent("1.1", "1.1"), "C2")
    assert card.document is not None
    for store in (leaving, joining):
        await store.database.close()

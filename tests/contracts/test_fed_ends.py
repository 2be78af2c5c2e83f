"""The store: which ends the threads of feeds have told, when those end, and what is examined."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.ports import FedJob
from bot.domain.subscriptions.notifications.job_updates import Failed, Started
from bot.domain.subscriptions.notifications.notices import Expired, JobCard, ThreadCard
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import LONGEST, Ending, Spot, SubscribeRequest
from bot.store.store import DatabaseStore
from bot.store.subscriptions.feed_threads import EXAMINED_AFTER
from tests.contracts.facts import (
    ADA,
    CHANNEL,
    JOB,
    ORG,
    T0,
    TEAM,
    at,
    drained,
    follow,
    job,
    look,
    note,
    state,
)
from tests.contracts.fed import fed, fed_into, feed_of, row

pytestmark = pytest.mark.asyncio(loop_scope="session")

END = note(Failed, "1")


def failed(now: datetime, completed_at: datetime, request_id: str = "a", **fields: Any) -> FedJob:
    """A job that failed at that time by the training suite's clock, as was seen ``now``."""
    said = {"completed_at": completed_at.isoformat(), "updated_at": completed_at.isoformat(), **fields}
    document = job("FAILED", request_id, **said)
    seen = state("FAILED", request_id, now).model_copy(update={"job": document})
    fresh = row(request_id, "FAILED", document.updated_at)
    return FedJob((feed_of(),), fresh, seen, document, now, (END,))


async def kinds(store: DatabaseStore, now: datetime) -> list[type[Notification]]:
    """What is delivered in the feed's channel, but for the card that follows a post."""
    told = [type(each.notification) for each in await drained(store, now)]
    return [kind for kind in told if kind is not ThreadCard]


async def over(store: DatabaseStore, now: datetime) -> None:
    """Its hour is over."""
    assert await store.watches.end_overdue(now, 10) == 1


async def test_an_end_that_was_told_opens_no_thread_again(store: DatabaseStore) -> None:
    """The suite's clock went back an hour, or the row says it anew: only a newer end is told."""
    await store.feeds.set_feed(feed_of(), [], T0)
    await fed_into(store, T0, failed(T0, T0))
    assert await kinds(store, T0) == [JobCard]
    for hours, completed_at in ((2, at(-3_600)), (4, T0), (6, at(-1))):
        now = T0 + timedelta(hours=hours)
        await store.watches.end_overdue(now, 10)
        await fed_into(store, now, failed(now, completed_at))
        assert await kinds(store, now) == []
        assert await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, "a")) is None
        assert (await store.watches.plan(ORG)).watched == 0
    now = T0 + timedelta(hours=8)
    await fed_into(store, now, failed(now, at(60)))
    assert await kinds(store, now) == [Failed]


async def test_an_end_that_a_look_told_opens_none_either(store: DatabaseStore) -> None:
    """The feed posted the job while it ran."""
    await store.feeds.set_feed(feed_of("status:running,failed"), [], T0)
    await fed_into(store, T0, fed(JOB, "RUNNING"))
    end = failed(at(60), at(60), JOB)
    await look(store, at(60), END, state=end.state, ends_at=at(120))
    await over(store, at(121))
    assert await kinds(store, at(121)) == [JobCard, Failed]
    await fed_into(store, at(130), replace(end, row=row(JOB, "FAILED", at(60))))
    assert await kinds(store, at(130)) == []
    await fed_into(store, at(140), failed(at(140), at(130), JOB))
    assert await kinds(store, at(140)) == [Failed]


async def test_another_ending_of_the_same_moment_is_told(store: DatabaseStore) -> None:
    """COMPLETED, put right to FAILED a while later."""
    await store.feeds.set_feed(feed_of(), [], T0)
    completed = job("COMPLETED", "a", completed_at=T0.isoformat(), updated_at=T0.isoformat())
    await fed_into(store, T0, replace(fed("a", "COMPLETED"), document=completed))
    await kinds(store, T0)
    await over(store, at(4_000))
    await fed_into(store, at(5_000), failed(at(5_000), T0, updated_at=at(4_500).isoformat()))
    assert await kinds(store, at(5_000)) == [Failed]


@pytest.mark.parametrize("was_posted", [True, False])
async def test_a_failure_of_a_revived_job_is_told_once(store: DatabaseStore, was_posted: bool) -> None:  # noqa: FBT001  (a case)
    """Others follow the job and know of its first run only; the feed's thread is new, or opened again."""
    await store.feeds.set_feed(feed_of(), [], T0)
    if was_posted:
        await fed_into(store, at(-9_000), failed(at(-9_000), at(-9_000)))
        await kinds(store, at(-9_000))
        await over(store, at(-1))
    await follow(store, request_id="a", channel_id="C2")
    first = failed(at(1), at(1))
    await look(store, at(1), END, state=first.state)
    again = failed(at(60), at(60), started_at=at(30).isoformat())
    await fed_into(store, at(60), again)
    second = first.state.model_copy(update={"job": again.document, "run": 2})
    await look(store, at(61), note(Failed, "2"), state=second)
    assert await kinds(store, at(62)) == [Failed if was_posted else JobCard]


async def test_a_job_that_is_posted_is_examined(store: DatabaseStore) -> None:
    """Soon while it runs, at once when it completed; not one that waits or failed, nor one not posted."""
    await store.feeds.set_feed(feed_of("status:running,queued,failed,completed"), [], T0)
    await fed_into(store, T0, fed("waits", "QUEUED"), fed("failed", "FAILED"))
    assert await store.metrics_checks.next_metrics_check_at(ORG) is None
    await fed_into(store, T0, fed("runs", "RUNNING"))
    assert await store.metrics_checks.next_metrics_check_at(ORG) == T0 + EXAMINED_AFTER
    (claimed,) = await store.metrics_checks.claim_metrics_checks(ORG, T0 + EXAMINED_AFTER, 60, 10)
    assert (claimed.request_id, claimed.tells_findings) == ("runs", True)
    await fed_into(store, at(70), fed("ended", "COMPLETED", now=at(70)))
    (claimed,) = await store.metrics_checks.claim_metrics_checks(ORG, at(70), 60, 10)
    assert (claimed.request_id, claimed.tells_findings) == ("ended", True)


async def test_a_thread_that_is_opened_again_lasts_as_long_as_a_new_one(store: DatabaseStore) -> None:
    """Though it was made more than 30 days ago: it does not end with the first look at the job."""
    await store.feeds.set_feed(feed_of("status:running,failed"), [], T0)
    await fed_into(store, T0, fed(JOB, "RUNNING"))
    await kinds(store, T0)
    late = T0 + LONGEST
    await over(store, late)
    again = failed(late, late, JOB)
    await fed_into(store, late, again)
    alive = state("RUNNING", seen_at=late)
    await look(store, late + timedelta(minutes=1), note(Started, "2"), state=alive)
    assert await store.watches.end_overdue(late + LONGEST - timedelta(seconds=1), 10) == 0
    assert await store.watches.end_overdue(late + LONGEST, 10) == 1


async def test_who_waits_in_the_thread_of_a_feed_hears_that_its_time_is_over(store: DatabaseStore) -> None:
    """Else they would wait for ever; where nobody waits nothing is said."""
    await store.feeds.set_feed(feed_of("status:running"), [], T0)
    await fed_into(store, T0, fed("a", "RUNNING"), fed("b", "RUNNING"))
    wish = SubscribeRequest(TEAM, CHANNEL, ORG, "a", ADA, condition="eval_loss < 1.2")
    joined = await store.subscriptions.subscribe(wish, state(request_id="a"), job(request_id="a"), T0)
    assert joined.subscription.is_fed
    await drained(store, T0)
    assert await store.watches.end_overdue(T0 + LONGEST, 10) == 2
    (post,) = await drained(store, T0 + LONGEST)
    assert (post.subscription.request_id, type(post.notification)) == ("a", Expired)
    assert post.subscription.ended is Ending.EXPIRED

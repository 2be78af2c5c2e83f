"""The store: alerts for groups, and what nobody is told twice of in one conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.channels.feed import Feed
from bot.domain.commands.query import Query
from bot.domain.job import JobStatus, JobSummary
from bot.domain.ports import AlertSubscriber
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult
from bot.domain.subscriptions.subscription import Ending, Mode, Spot
from bot.store.store import DatabaseStore
from tests.contracts.facts import ADA, BOB, CHANNEL, JOB, ORG, T0, TEAM, at, drained, follow
from tests.contracts.grouped import GROUP, SUBJECT, due_group, failure, group_of, looked

pytestmark = pytest.mark.asyncio(loop_scope="session")

WANTED = "eval_loss < 1.2"
SPOT = Spot(TEAM, CHANNEL, ORG, SUBJECT)


def met(waiter: AlertSubscriber, **fields: Any) -> tuple[AlertSubscriber, AlertResult]:
    """A member reached it."""
    facts = {"is_met": True, "request_id": JOB, "condition": waiter.condition, "user_id": waiter.user_id}
    return waiter, AlertResult(once_key=waiter.id, at=at(1), name=JOB, **{**facts, **fields})


async def test_an_alert_is_answered_once(store: DatabaseStore) -> None:
    """It is with the group that is due; whoever answers second tells nothing."""
    came = await group_of(store, condition=WANTED)
    assert came is not None
    assert (came.subscription.mode, came.subscription.followers) == (Mode.CONDITIONS, ())
    assert came.condition == WANTED
    await drained(store, T0)
    claim = await due_group(store)
    (waiter,) = claim.waiters
    assert (waiter.user_id, waiter.condition, waiter.since) == (ADA, WANTED, T0)
    answered = looked(claim, failure(), answers=[met(waiter)])
    assert await store.groups.finish_group(answered, at(1))
    (told,) = await drained(store, at(1))
    assert isinstance(told.notification, AlertResult)
    claim = await due_group(store, at(30))
    assert claim.waiters == ()
    assert await store.groups.finish_group(looked(claim, answers=[met(waiter)]), at(31))
    assert not await drained(store, at(31))


async def test_an_alert_comes_to_a_group_there_is(store: DatabaseStore) -> None:
    """Whoever looks at that moment looks again; up to five; it goes with who set it."""
    await group_of(store)
    await drained(store, T0)
    claim = await due_group(store)
    added = await group_of(store, BOB, condition=WANTED, now=at(1))
    assert added is not None
    assert (added.subscription.mode, added.subscription.followers) == (Mode.MILESTONES, (ADA,))
    assert not await store.groups.finish_group(looked(claim), at(2))
    claim = await due_group(store, at(2))
    assert [each.user_id for each in claim.waiters] == [BOB]
    for number in range(5):
        added = await group_of(store, BOB, condition=f"eval_loss < {number}", now=at(3))
    assert added is not None
    assert added.is_full
    followed = await store.subscriptions.followed(TEAM, CHANNEL, BOB)
    assert len(followed[0].conditions) == 5
    await store.subscriptions.unsubscribe(SPOT, BOB, at(4))
    assert (await due_group(store, at(40))).waiters == ()
    await group_of(store, BOB, condition=WANTED, now=at(41))
    await store.subscriptions.forget_user(TEAM, BOB, at(42))
    assert (await due_group(store, at(80))).waiters == ()


async def test_an_alert_for_the_job_itself_tells_it(store: DatabaseStore) -> None:
    """Of the same person, in the same place, on the same value; another's is told."""
    await follow(store, ADA, condition=WANTED)
    await group_of(store, condition=WANTED)
    await group_of(store, BOB, condition=WANTED)
    await drained(store, T0)
    claim = await due_group(store)
    answers = [met(each) for each in claim.waiters]
    assert len(answers) == 2
    assert await store.groups.finish_group(looked(claim, answers=answers), at(1))
    (told,) = await drained(store, at(1))
    assert isinstance(told.notification, AlertResult)
    assert told.notification.user_id == BOB


async def test_a_member_of_two_groups_fails_once(store: DatabaseStore) -> None:
    """The older one says so; who is only in the other is told there."""
    other = "name:sweep-a*"
    await group_of(store)
    await group_of(store, subject=other, now=at(1))
    await drained(store, at(1))
    claims = {each.subject: each for each in await store.groups.claim_groups(ORG, at(1), 60, 10)}
    assert await store.groups.finish_group(looked(claims[other], failure(), ending=Ending.FINISHED), at(2))
    assert not await drained(store, at(2))
    assert await store.groups.finish_group(looked(claims[SUBJECT], failure()), at(3))
    (told,) = await drained(store, at(3))
    assert told.subscription.request_id == SUBJECT


FAILED = JobSummary(JOB, JOB, JobStatus.FAILED, "FAILED", updated_at=at(1))


async def _feed(store: DatabaseStore, *statuses: JobStatus, channel_id: str = CHANNEL) -> None:
    feed = Feed(TEAM, channel_id, ORG, ADA, Query(statuses=frozenset(statuses)), T0)
    await store.feeds.set_feed(feed, [], T0)


@pytest.mark.parametrize(
    ("statuses", "channel_id", "row", "is_told"),
    [
        ((JobStatus.FAILED,), CHANNEL, FAILED, False),
        ((JobStatus.COMPLETED,), CHANNEL, FAILED, True),
        ((JobStatus.FAILED,), "C2", FAILED, True),
        ((JobStatus.FAILED,), CHANNEL, None, True),
        ((JobStatus.FAILED,), CHANNEL, replace(FAILED, updated_at=T0 - timedelta(hours=1)), True),
    ],
)
async def test_what_the_channels_feed_posts_is_said(
    store: DatabaseStore,
    statuses: tuple[JobStatus, ...],
    channel_id: str,
    row: JobSummary | None,
    *,
    is_told: bool,
) -> None:
    """Where it posts that failure, be it before or after; nothing else keeps the group silent."""
    await _feed(store, *statuses, channel_id=channel_id)
    await group_of(store)
    await drained(store, T0)
    rows = {} if row is None else {JOB: row}
    assert await store.groups.finish_group(looked(await due_group(store), failure(), rows=rows), at(2))
    assert bool(await drained(store, at(2))) is is_told


async def test_a_job_with_a_thread_of_its_own_is_told_in_the_group(store: DatabaseStore) -> None:
    """The feed posts none that has one; who is not in that is told here."""
    await _feed(store, JobStatus.FAILED)
    await follow(store, BOB)
    await group_of(store)
    await drained(store, T0)
    look = looked(await due_group(store), failure(), rows={JOB: FAILED})
    assert await store.groups.finish_group(look, at(2))
    (told,) = await drained(store, at(2))
    assert told.subscription.followers == (ADA,)
    assert GROUP.members[0].request_id == JOB

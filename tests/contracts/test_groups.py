"""The store: groups of jobs, their subscribers, and what looks at them come to."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.ports import Lane, Sent
from bot.domain.subscriptions.notifications.notices import JobCard
from bot.domain.subscriptions.subscription import Ending, Spot
from bot.store.store import DatabaseStore
from tests.contracts.facts import (
    ADA,
    BOB,
    CHANNEL,
    LEASE,
    ORG,
    T0,
    TEAM,
    at,
    deliver,
    drained,
    follow,
    opened,
)
from tests.contracts.grouped import GROUP, SUBJECT, due_group, failure, group_of, looked

pytestmark = pytest.mark.asyncio(loop_scope="session")

SPOT = Spot(TEAM, CHANNEL, ORG, SUBJECT)


async def test_the_first_opens_it_and_others_join(store: DatabaseStore) -> None:
    """One card; who only joins begins nothing where there is none."""
    assert await group_of(store, group=None) is None
    came = await group_of(store)
    assert came is not None
    assert (came.is_new, came.was_subscriber) == (True, False)
    post = await deliver(store, T0, Sent("1.0", "1.0"))
    assert isinstance(post.notification, JobCard)
    assert post.group == GROUP
    joined = await group_of(store, BOB, group=None, now=at(1))
    assert joined is not None
    assert (joined.is_new, joined.subscription.subscribers) == (False, (ADA, BOB))
    again = await group_of(store, BOB, now=at(2))
    assert again is not None
    assert again.was_subscriber
    assert (await store.watches.plan(ORG)).watched == 0, "a group is no job"
    followed = await store.subscriptions.followed(TEAM, CHANNEL, ADA)
    assert [each.group for each in followed] == [GROUP]


async def test_many_who_subscribe_at_once_get_one_card(database_url: str) -> None:
    """Whatever process they ask."""
    stores = [await opened(database_url) for _ in range(2)]
    came = await asyncio.gather(*(group_of(stores[n % 2], f"U{n}") for n in range(6)))
    assert sum(each is not None and each.is_new for each in came) == 1
    found = await stores[0].subscriptions.active(SPOT)
    assert found is not None
    assert sorted(found.subscribers) == [f"U{n}" for n in range(6)]
    assert len(await drained(stores[0], at(1))) == 1
    for each in stores:
        await each.database.close()


async def test_only_what_is_due_and_active_is_claimed_and_by_one(store: DatabaseStore) -> None:
    """Until the lease is over; what nobody wants anymore is due no more."""
    assert await store.groups.next_group_at(ORG) is None
    await group_of(store)
    assert await store.groups.next_group_at(ORG) == T0
    claim = await due_group(store)
    assert (claim.subject, claim.group) == (SUBJECT, GROUP)
    assert not await store.groups.claim_groups(ORG, T0, LEASE, 10)
    second = await due_group(store, at(LEASE))
    assert not await store.groups.finish_group(looked(claim), at(LEASE))
    assert not await store.groups.postpone_group(claim, at(LEASE))
    assert await store.groups.postpone_group(second, at(90))
    assert await store.groups.next_group_at(ORG) == at(90)
    await store.watches.rebase_looks(ORG, at(60), at(70))
    assert await store.groups.next_group_at(ORG) == at(70)
    last = await due_group(store, at(90))
    await store.subscriptions.unsubscribe(SPOT, ADA, at(90))
    assert await store.groups.next_group_at(ORG) is None
    assert not await store.groups.finish_group(looked(last, failure()), at(91))
    assert not await drained(store, at(91))


async def test_a_look_writes_the_state_and_tells_it_once(store: DatabaseStore) -> None:
    """One message, one edit; the last word comes before the end, and nothing after."""
    await group_of(store)
    await deliver(store, T0, Sent("1.0", "1.0"))
    assert await store.groups.finish_group(looked(await due_group(store), failure()), at(1))
    (told,) = await drained(store, at(1))
    assert (told.notification.once_key, told.subscription.thread_ts) == ("1", "1.0")
    lane = await store.outbox.claim_lane(TEAM, "", at(2), LEASE)
    assert isinstance(lane, Lane)
    edit = await store.outbox.take_edit(lane, at(2))
    assert edit is not None
    assert edit.group is not None
    assert edit.group.members[0].progress == 20
    assert await store.outbox.finish_edit(lane, edit, Sent("1.0", "1.0"), at(2), lane_free_at=at(2))
    claim = await due_group(store, at(30))
    assert claim.group == edit.group
    quiet = looked(claim, failure(), is_changed=False)
    assert await store.groups.finish_group(quiet, at(31))
    assert not await drained(store, at(31)), "it was told"
    claim = await due_group(store, at(60))
    over = looked(claim, failure("2"), ending=Ending.FINISHED)
    assert await store.groups.finish_group(over, at(61))
    assert not await store.groups.finish_group(over, at(62))
    assert [each.notification.once_key for each in await drained(store, at(62))] == ["2"]
    found = await store.subscriptions.subscription(claim.subscription_id)
    assert found is not None
    assert found.ended is Ending.FINISHED


async def test_nobody_is_told_of_a_member_twice_in_one_place(store: DatabaseStore) -> None:
    """Who is subscribed to the job itself there is not mentioned; where all are, nothing is said."""
    await follow(store, ADA)
    await group_of(store)
    await drained(store, T0)
    await store.groups.finish_group(looked(await due_group(store), failure("1")), at(1))
    assert not await drained(store, at(1))
    await group_of(store, BOB, now=at(2))
    await store.groups.finish_group(looked(await due_group(store, at(40)), failure("2")), at(41))
    (told,) = await drained(store, at(41))
    assert (told.subscription.subscribers, told.subscription.followers) == ((ADA, BOB), (BOB,))
    await follow(store, BOB, channel_id="C2")
    await store.groups.finish_group(looked(await due_group(store, at(80)), failure("3", "x")), at(81))
    (told,) = await drained(store, at(81))
    assert told.subscription.followers == (ADA, BOB)


async def test_what_who_joins_asks_for_counts(store: DatabaseStore) -> None:
    """A metric and a time; whoever looks at it at that moment looks again."""
    await group_of(store)
    claim = await due_group(store)
    asked = replace(GROUP, by="eval_accuracy", ends_at=at(600))
    await group_of(store, BOB, group=asked, now=at(1))
    assert not await store.groups.finish_group(looked(claim), at(2))
    changed = (await due_group(store, at(2))).group
    assert (changed.by, changed.ends_at) == ("eval_accuracy", at(600))
    assert not changed.members[0].is_measured


async def test_a_person_who_is_forgotten_leaves(store: DatabaseStore) -> None:
    """With the last one it ends; nothing of a workspace that is forgotten stays."""
    await group_of(store)
    await group_of(store, BOB, now=at(1))
    assert await store.subscriptions.forget_user(TEAM, ADA, at(2)) == 1
    found = await store.subscriptions.active(SPOT)
    assert found is not None
    assert found.subscribers == (BOB,)
    assert await store.subscriptions.forget_user(TEAM, BOB, at(3)) == 1
    assert await store.subscriptions.active(SPOT) is None
    came = await group_of(store, now=at(4))
    assert came is not None
    assert came.is_new
    assert await store.upkeep.forget_team(TEAM) == 2
    assert await store.groups.next_group_at(ORG) is None


async def test_it_expires_as_every_subscription_does(store: DatabaseStore) -> None:
    """After thirty days, with a last word; what is kept of it goes after a week."""
    await group_of(store)
    await deliver(store, T0, Sent("1.0", "1.0"))
    late = at(31 * 86_400)
    assert await store.watches.end_overdue(late, 10) == 1
    assert [each.notification.kind for each in await drained(store, late)] == ["expired"]
    await store.upkeep.clean(at(60 * 86_400))
    assert await store.subscriptions.followed(TEAM, CHANNEL, ADA) == []

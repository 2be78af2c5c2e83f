"""What an operator moves from one workspace to another: nothing of it is lost or told twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.channels.digest import DigestPlan, Period
from bot.domain.health.incidents import Happened, Incident
from bot.domain.ports import Lane, Sent
from bot.domain.subscriptions.subscription import Ending, Mode, Spot, SubscribeRequest
from bot.store.store import DatabaseStore
from bot.store.tables import installations, metadata, slack_waits
from bot.store.upkeep.adopting import _ALL
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
    drained,
    follow,
    held,
    job,
    look,
    note,
    state,
)
from tests.contracts.fed import claimed, fed, fed_into, feed_of, row

pytestmark = pytest.mark.asyncio(loop_scope="session")
THEIRS, OTHERS = "T0THEIRS", "T0OTHERS"


async def followed_in(
    store: DatabaseStore, team_id: str, user_id: str = ADA, *, channel_id: str = CHANNEL, condition: str = ""
) -> str:
    """Subscribe under this workspace; the subscription's id."""
    wish = SubscribeRequest(team_id, channel_id, ORG, JOB, user_id, condition=condition)
    return (await store.subscriptions.subscribe(wish, state(), job(), T0)).subscription.id


async def test_every_table_that_names_a_workspace_is_moved() -> None:
    """Also one that is added later. An installation isn't: its token is of the workspace that it is in.

    Nor is a wait that Slack asked for: it is that token's.
    """
    named = {table for table in metadata.tables.values() if "team_id" in table.c}
    assert set(_ALL) == named - {installations, slack_waits}


async def test_a_subscription_comes_home_with_its_messages(store: DatabaseStore) -> None:
    """Its card is posted once, by the lane that is ours now; nothing is left of theirs."""
    subscription_id = await followed_in(store, THEIRS)
    assert await store.upkeep.adopt(THEIRS, TEAM, at(1)) == 1
    found = await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, JOB))
    assert found is not None
    assert (found.id, found.subscribers) == (subscription_id, (ADA,))
    assert [each.is_mine for each in await store.subscriptions.followed(TEAM, "elsewhere", ADA)] == [True]
    assert len(await drained(store, at(1))) == 1
    assert await store.outbox.claim_lane(THEIRS, CHANNEL, at(2), LEASE) is None
    assert await store.upkeep.adopt(THEIRS, TEAM, at(2)) == 0
    assert await store.upkeep.forget_team(THEIRS) == 0
    assert await store.upkeep.forget_team(TEAM) == 1


async def test_two_threads_of_one_job_become_one(store: DatabaseStore) -> None:
    """Everybody comes into ours, with what they wait for; the other one ends."""
    ours = await follow(store, ADA)
    theirs = await followed_in(store, THEIRS, BOB)
    third = await followed_in(store, OTHERS, "U-cy", condition="progress >= 80")
    await store.upkeep.adopt(THEIRS, TEAM, at(1))
    await store.upkeep.adopt(OTHERS, TEAM, at(1))
    found = await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, JOB))
    assert found is not None
    assert (found.id, found.subscribers, found.only_waiting) == (ours.id, (ADA, BOB, "U-cy"), {"U-cy"})
    for ended in (
        await store.subscriptions.subscription(theirs),
        await store.subscriptions.subscription(third),
    ):
        assert ended is not None
        assert (ended.ended, ended.team_id, ended.subscribers) == (Ending.UNSUBSCRIBED, TEAM, ())
    assert [each.conditions for each in await store.subscriptions.followed(TEAM, CHANNEL, ADA)] == [
        ("progress >= 80",)
    ]
    await look(store, at(2), note())
    told = await drained(store, at(3))
    assert {post.subscription.id for post in told} == {ours.id}


async def test_who_follows_stays_a_follower(store: DatabaseStore) -> None:
    """Who waited in one thread and followed in the other hears of everything."""
    await followed_in(store, TEAM, ADA, condition="progress >= 80")
    wish = SubscribeRequest(THEIRS, CHANNEL, ORG, JOB, ADA, Mode.FINAL)
    await store.subscriptions.subscribe(wish, state(), job(), T0)
    await store.upkeep.adopt(THEIRS, TEAM, at(1))
    found = await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, JOB))
    assert found is not None
    assert found.followers == (ADA,)


async def test_two_strange_threads_without_one_of_ours(store: DatabaseStore) -> None:
    """The older one is ours from then on."""
    first = await followed_in(store, THEIRS, ADA)
    wish = SubscribeRequest(OTHERS, CHANNEL, ORG, JOB, BOB)
    await store.subscriptions.subscribe(wish, state(), job(), at(1))
    await store.upkeep.adopt(THEIRS, TEAM, at(2))
    await store.upkeep.adopt(OTHERS, TEAM, at(2))
    found = await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, JOB))
    assert found is not None
    assert (found.id, set(found.subscribers)) == (first, {ADA, BOB})


async def test_feeds_and_digests_come_home(store: DatabaseStore) -> None:
    """Where the channel had both, ours stays. A list that was claimed before counts no more."""
    await store.feeds.set_feed(feed_of("status:failed"), [row("a")], T0)
    await store.feeds.set_feed(feed_of("status:completed", team_id=THEIRS), [row("a")], T0)
    await store.feeds.set_feed(feed_of(team_id=THEIRS, channel_id="C2"), [row("a")], T0)
    nine = datetime(2026, 3, 3, 9, tzinfo=UTC)
    plan = DigestPlan(THEIRS, CHANNEL, ORG, ADA, Period.DAILY, 540, "UTC", nine, nine - timedelta(days=1))
    await store.digests.set_digest(plan)
    late = await claimed(store, at(1))
    assert await store.upkeep.adopt(THEIRS, TEAM, at(2)) == 3
    assert [(each.team_id, each.channel_id) for each in await store.feeds.feeds(ORG)] == [
        (TEAM, CHANNEL),
        (TEAM, "C2"),
    ]
    ours = await store.feeds.feed(TEAM, CHANNEL, ORG)
    assert ours is not None
    assert ours.query == feed_of("status:failed").query
    assert await store.digests.digest(TEAM, CHANNEL, ORG) == replace(plan, team_id=TEAM)
    assert not await store.feeds.finish_feed(late, [row("a", "FAILED")], [fed("a", "FAILED")], at(3))
    then = at(2 + LEASE)
    await fed_into(store, then, fed("a", "FAILED", feed_of(channel_id="C2"), now=then))
    assert await store.subscriptions.active(Spot(TEAM, "C2", ORG, "a")) is not None


async def test_nobody_else_sends_while_somebody_is_at_it(store: DatabaseStore) -> None:
    """Whoever had begun a message in the old lane cannot write what came of it: that is looked for later."""
    subscription_id = await followed_in(store, THEIRS)
    lane = await store.outbox.claim_lane(THEIRS, CHANNEL, T0, LEASE)
    assert isinstance(lane, Lane)
    begun = await store.outbox.take_post(lane, T0)
    assert begun is not None
    await store.upkeep.adopt(THEIRS, TEAM, at(1))
    assert await store.outbox.claim_lane(TEAM, CHANNEL, at(2), LEASE) == at(LEASE)
    assert not await store.outbox.finish_post(lane, begun, Sent("1.0", "1.0"), at(3), lane_free_at=at(3))
    ours = await held(store, at(LEASE))
    again = await store.outbox.take_post(ours, at(LEASE))
    assert again is not None
    assert (again.id, again.is_uncertain, again.subscription.id) == (begun.id, True, subscription_id)


async def test_what_was_counted_in_both_is_added_up(store: DatabaseStore) -> None:
    """Nothing of it is left under the earlier workspace."""
    for team_id, times in ((TEAM, 2), (THEIRS, 3)):
        await store.incidents.add_incidents({Happened(team_id, ORG, Incident.PARKED): times}, T0)
    await store.upkeep.adopt(THEIRS, TEAM, at(1))
    monday = T0.date() - timedelta(days=T0.weekday())
    weeks = [await store.incidents.week(each, ORG, monday) for each in (TEAM, THEIRS)]
    assert [each.parked for each in weeks] == [5, 0]

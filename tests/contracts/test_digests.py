"""The store: who has a digest, which are due, and how one reaches its channel."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.channels.digest import Digest, DigestPlan, Period
from bot.domain.ports import ClaimedDigest, Over, Parked, Sent
from bot.domain.subscriptions.notifications.notices import ChannelDigest
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Ending
from bot.store.store import DatabaseStore
from tests.contracts.facts import (
    ADA,
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

pytestmark = pytest.mark.asyncio(loop_scope="session")

DUE = at(60)
PLAN = DigestPlan(
    TEAM, CHANNEL, ORG, ADA, Period.DAILY, 540, "Europe/Berlin", next_at=at(60), since=at(-86_000)
)
NEXT = replace(PLAN, next_at=at(86_460), since=at(60))


def told(once_key: str = "1") -> Notification:
    """A digest."""
    digest = Digest(period=Period.DAILY, since=PLAN.since, until=at(60), failed=3)
    return ChannelDigest(once_key=once_key, at=at(60), digest=digest)


async def due(store: DatabaseStore, now: datetime = DUE) -> ClaimedDigest:
    """The one that is due."""
    (claimed,) = await store.digests.claim_digests(ORG, now, LEASE, 10)
    return claimed


async def test_the_one_that_has_to_look_back_furthest_is_known(store: DatabaseStore) -> None:
    """Of the organisation's digests."""
    assert await store.digests.oldest_digest_since(ORG) is None
    await store.digests.set_digest(PLAN)
    await store.digests.set_digest(replace(PLAN, channel_id="C2", since=at(-900_000)))
    await store.digests.set_digest(replace(PLAN, channel_id="C3", org_id="org-2", since=at(-9_000_000)))
    assert await store.digests.oldest_digest_since(ORG) == at(-900_000)


async def test_a_digest_is_set_changed_and_dropped(store: DatabaseStore) -> None:
    """One in each channel."""
    assert await store.digests.digest(TEAM, CHANNEL, ORG) is None
    assert await store.digests.set_digest(PLAN)
    weekly = replace(PLAN, period=Period.WEEKLY, user_id="U-bob", next_at=at(90))
    assert not await store.digests.set_digest(weekly)
    assert await store.digests.digest(TEAM, CHANNEL, ORG) == weekly
    assert await store.digests.digest(TEAM, "C2", ORG) is None
    assert (await store.watches.plan(ORG)).wants_list
    assert await store.digests.next_digest_at(ORG) == at(90)
    assert await store.digests.drop_digest(TEAM, CHANNEL, ORG) == weekly
    assert await store.digests.drop_digest(TEAM, CHANNEL, ORG) is None
    assert await store.digests.next_digest_at(ORG) is None
    assert not (await store.watches.plan(ORG)).wants_list


async def test_only_what_is_due_is_claimed_and_by_one(store: DatabaseStore) -> None:
    """The most overdue first; until the lease is over."""
    for number, channel_id in enumerate(("C1", "C2", "C3")):
        await store.digests.set_digest(replace(PLAN, channel_id=channel_id, next_at=at(30 - 10 * number)))
    await store.digests.set_digest(replace(PLAN, channel_id="C4", next_at=at(31)))
    assert await store.digests.claim_digests("org-2", at(30), LEASE, 10) == []
    claimed = await store.digests.claim_digests(ORG, at(30), LEASE, 2)
    assert [each.plan.channel_id for each in claimed] == ["C3", "C2"]
    assert [each.plan.channel_id for each in await store.digests.claim_digests(ORG, at(30), LEASE, 9)] == [
        "C1"
    ]
    assert await store.digests.claim_digests(ORG, at(30), LEASE, 9) == []
    again = await store.digests.claim_digests(ORG, at(30 + LEASE), LEASE, 9)
    assert len(again) == 4
    assert again[0].plan == replace(PLAN, channel_id="C3", next_at=at(10))


async def test_two_processes_never_claim_the_same(database_url: str) -> None:
    """However many ask at once."""
    stores = [await opened(database_url) for _ in range(2)]
    for number in range(10):
        await stores[0].digests.set_digest(replace(PLAN, channel_id=f"C{number}"))
    claims = await asyncio.gather(
        *(stores[n % 2].digests.claim_digests(ORG, at(60), LEASE, 4) for n in range(6))
    )
    channels = [each.plan.channel_id for claimed in claims for each in claimed]
    assert sorted(channels) == sorted(set(channels))
    for each in stores:
        await each.database.close()


async def test_a_digest_goes_to_the_channel_and_belongs_to_no_thread(store: DatabaseStore) -> None:
    """One message; nobody follows anything by it, and nothing is left to do."""
    await store.digests.set_digest(PLAN)
    assert await store.digests.finish_digest(await due(store), NEXT, told(), at(61))
    assert await store.digests.digest(TEAM, CHANNEL, ORG) == NEXT
    assert await store.digests.claim_digests(ORG, at(61), LEASE, 10) == []
    post = await deliver(store, at(61), Sent("5.0", "5.0"))
    assert post.notification == told()
    assert (post.subscription.thread_ts, post.subscription.ended) == (None, Ending.NOTHING_TO_FOLLOW)
    assert (post.broadcast, post.document, post.earlier) == (False, None, None)
    assert await store.outbox.next_lane_at() is None
    assert await store.subscriptions.followed(TEAM, CHANNEL, ADA) == []
    assert (await store.watches.plan(ORG)).watched == 0


async def test_one_with_nothing_to_say_goes_on(store: DatabaseStore) -> None:
    """To its next time, without a message."""
    await store.digests.set_digest(PLAN)
    assert await store.digests.finish_digest(await due(store), NEXT, None, at(61))
    assert await store.digests.digest(TEAM, CHANNEL, ORG) == NEXT
    assert await store.outbox.next_lane_at() is None


async def test_a_late_loser_tells_nothing(store: DatabaseStore) -> None:
    """Nor does who finishes twice, nor who was about a digest that was set otherwise or dropped since."""
    await store.digests.set_digest(PLAN)
    loser = await due(store)
    winner = await due(store, at(60 + LEASE))
    assert not await store.digests.finish_digest(loser, NEXT, told(), at(130))
    assert not await store.digests.postpone_digest(loser, at(999))
    assert await store.digests.finish_digest(winner, NEXT, told(), at(130))
    assert not await store.digests.finish_digest(winner, NEXT, told(), at(130))
    assert len(await drained(store, at(130))) == 1
    late = await due(store, NEXT.next_at)
    await store.digests.set_digest(replace(NEXT, at_minutes=600, next_at=at(90_000)))
    assert not await store.digests.finish_digest(late, NEXT, told(), NEXT.next_at)
    late = await due(store, at(90_000))
    await store.digests.drop_digest(TEAM, CHANNEL, ORG)
    assert not await store.digests.finish_digest(late, NEXT, told(), at(90_000))
    assert await store.outbox.next_lane_at() is None


async def test_one_that_is_put_off_is_still_to_be_told(store: DatabaseStore) -> None:
    """Later; when it should have been told stays known."""
    await store.digests.set_digest(PLAN)
    claim = await due(store)
    assert await store.digests.postpone_digest(claim, at(360))
    assert not await store.digests.postpone_digest(claim, at(720))
    assert await store.digests.next_digest_at(ORG) == at(360)
    assert await store.digests.claim_digests(ORG, at(359), LEASE, 10) == []
    assert (await due(store, at(360))).plan == PLAN


async def test_where_slack_takes_no_messages_there_is_no_digest_any_more(store: DatabaseStore) -> None:
    """With the last one goes the list that was kept for it; other channels keep theirs."""
    await store.digests.set_digest(PLAN)
    await store.digests.set_digest(replace(PLAN, channel_id="C2", next_at=at(9999)))
    await store.digests.finish_digest(await due(store), NEXT, told(), at(61))
    await deliver(store, at(61), Over(Ending.CANNOT_POST, "is_archived"))
    assert await store.digests.digest(TEAM, CHANNEL, ORG) is None
    assert await store.digests.digest(TEAM, "C2", ORG) is not None
    assert await store.outbox.next_lane_at() is None


async def test_a_parked_one_can_be_tried_again(store: DatabaseStore) -> None:
    """An operator sees it, and the digest itself goes on."""
    await store.digests.set_digest(PLAN)
    await store.digests.finish_digest(await due(store), NEXT, told(), at(61))
    await deliver(store, at(61), Parked("missing_scope"))
    (waiting,) = await store.outbox.waiting()
    assert (waiting.kind, waiting.state, waiting.subscription.request_id) == ("digest", "parked", "")
    assert await store.outbox.retry_parked(at(70)) == 1
    assert [post.notification for post in await drained(store, at(70))] == [told()]
    assert await store.digests.digest(TEAM, CHANNEL, ORG) == NEXT


async def test_a_told_digest_is_forgotten_in_time_and_disturbs_nobody(store: DatabaseStore) -> None:
    """Outages, ends and upkeep pass it by."""
    await store.digests.set_digest(PLAN)
    await follow(store, now=at(60))
    await store.digests.finish_digest(await due(store), NEXT, told(), at(61))
    (card, digest) = await drained(store, at(61))
    await store.watches.api_failed(ORG, at(62), 600)
    await store.watches.api_failed(ORG, at(700), 600)
    assert [post.subscription.id for post in await drained(store, at(700))] == [card.subscription.id]
    assert await store.watches.end_overdue(at(700), 10) == 0
    await store.upkeep.clean(at(700))
    assert await store.subscriptions.subscription(digest.subscription.id) is not None
    await store.upkeep.clean(at(700) + timedelta(days=8))
    assert await store.subscriptions.subscription(digest.subscription.id) is None


async def test_people_and_workspaces_are_forgotten(store: DatabaseStore) -> None:
    """A digest stays when who set it goes; with the workspace it goes too."""
    await store.digests.set_digest(PLAN)
    await store.digests.set_digest(replace(PLAN, team_id="T2", next_at=at(9999)))
    await store.subscriptions.forget_user(TEAM, ADA, T0)
    found = await store.digests.digest(TEAM, CHANNEL, ORG)
    assert found == replace(PLAN, user_id="")
    await store.digests.finish_digest(await due(store), NEXT, told(), at(61))
    await store.upkeep.forget_team(TEAM)
    assert await store.digests.digest(TEAM, CHANNEL, ORG) is None
    assert await store.outbox.next_lane_at() is None
    assert await store.digests.digest("T2", CHANNEL, ORG) is not None

"""The bot has left a workspace: everything that is told there ends, once, and nothing more is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.channels.digest import DigestPlan, Period
from bot.domain.ports import Lane, Sent
from bot.domain.ports.deliveries import ClaimedDelivery, Incoming
from bot.domain.subscriptions.notifications.job_updates import Completed
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
    drained,
    follow,
    held,
    look,
    note,
    opened_thread,
)
from tests.contracts.fed import fed, fed_into, feed_of, row

pytestmark = pytest.mark.asyncio(loop_scope="session")
REASON = "app_uninstalled"
ANOTHER = "T-another"


def _digest(team_id: str = TEAM) -> DigestPlan:
    nine = datetime(2026, 3, 3, 9, tzinfo=UTC)
    return DigestPlan(team_id, CHANNEL, ORG, ADA, Period.DAILY, 540, "UTC", nine, nine - timedelta(days=1))


async def test_everything_ends_with_the_reason(store: DatabaseStore) -> None:
    """What people follow, what a feed posted, the feed and the digest; doing it again finds nothing."""
    followed = await opened_thread(store)
    await store.feeds.set_feed(feed_of(channel_id="C2"), [row("a")], T0)
    await fed_into(store, at(1), fed("a", "FAILED", feed_of(channel_id="C2")))
    posted = await store.subscriptions.active(Spot(TEAM, "C2", ORG, "a"))
    assert posted is not None
    await store.digests.set_digest(_digest())
    assert await store.subscriptions.end_team(TEAM, REASON, at(2)) == 4
    for each in (followed, posted):
        ended = await store.subscriptions.subscription(each.id)
        assert ended is not None
        assert (ended.ended, ended.ended_detail) == (Ending.CANNOT_POST, REASON)
    assert await store.feeds.feeds(ORG) == []
    assert await store.digests.digest(TEAM, CHANNEL, ORG) is None
    plan = await store.watches.plan(ORG)
    assert (plan.watched, plan.wants_list) == (0, False)
    assert await store.subscriptions.end_team(TEAM, "token_revoked", at(3)) == 0
    ended = await store.subscriptions.subscription(followed.id)
    assert ended is not None
    assert ended.ended_detail == REASON


async def test_nothing_more_is_sent(store: DatabaseStore) -> None:
    """No message that waited, no last word of what had ended before, no digest, no card."""
    await opened_thread(store)
    await look(store, at(1), note())
    await look(store, at(2), note(Completed, "end"), ends_now=Ending.FINISHED)
    await follow(store, BOB, request_id="job-2")
    await store.subscriptions.end_team(TEAM, REASON, at(3))
    assert await store.outbox.next_lane_at() is None
    assert await store.outbox.claim_lanes(at(LEASE * 2), LEASE, 10) == []
    assert await store.outbox.waiting() == []


async def test_whoever_sends_just_now_is_a_late_loser(store: DatabaseStore) -> None:
    """What becomes of that message is not written down any more: it would be tried again."""
    await follow(store)
    lane = await held(store, T0)
    post = await store.outbox.take_post(lane, T0)
    assert post is not None
    await store.subscriptions.end_team(TEAM, REASON, at(1))
    assert not await store.outbox.finish_post(lane, post, Sent("1.0", "1.0"), at(2), lane_free_at=at(2))
    assert await store.outbox.claim_lane(TEAM, CHANNEL, at(LEASE + 1), LEASE) is None


async def test_what_was_acknowledged_is_not_begun_any_more(store: DatabaseStore) -> None:
    """A subscription that was promised would begin anew what has just ended."""
    promised = Incoming("key", TEAM, ADA, kind="command", payload="{}", response_url="https://x.test/1")
    (claim,) = await store.deliveries.claim_deliveries([promised], T0, LEASE)
    assert isinstance(claim, ClaimedDelivery)
    await store.subscriptions.end_team(TEAM, REASON, at(1))
    assert await store.deliveries.take_up_deliveries(at(LEASE + 1), LEASE, 10) == []


async def test_another_workspace_goes_on(store: DatabaseStore) -> None:
    """With all it has."""
    await follow(store)
    await store.feeds.set_feed(feed_of(), [row("a")], T0)
    await store.digests.set_digest(_digest())
    assert await store.subscriptions.end_team(ANOTHER, REASON, at(1)) == 0
    assert await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, JOB)) is not None
    assert len(await store.feeds.feeds(ORG)) == 1
    assert await store.digests.digest(TEAM, CHANNEL, ORG) is not None
    assert isinstance(await store.outbox.claim_lane(TEAM, CHANNEL, at(2), LEASE), Lane)
    assert len(await drained(store, at(LEASE + 3))) == 1

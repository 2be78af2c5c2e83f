"""The store: what waits while somebody paused it, and who is not mentioned meanwhile."""

from __future__ import annotations

from typing import cast

import pytest

from bot.domain.ports import Sent
from bot.domain.subscriptions.notifications.job_updates import Failed
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult
from bot.store.store import DatabaseStore
from tests.contracts.facts import (
    ADA,
    BOB,
    CHANNEL,
    LEASE,
    T0,
    TEAM,
    at,
    deliver,
    drained,
    follow,
    held,
    look,
    note,
    opened_thread,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")
DM = "D1"


async def test_direct_messages_wait_and_come_in_their_order(store: DatabaseStore) -> None:
    """No process claims the lane before, nor finds it due; other conversations go on."""
    await follow(store, channel_id=DM)
    await follow(store)
    await store.pauses.pause(TEAM, ADA, DM, at(600))
    await look(store, at(1), note(once_key="25", now=at(1)), note(once_key="50", now=at(1)))
    lanes = await store.outbox.claim_lanes(at(2), LEASE, 10)
    assert DM not in [lane.channel_id for lane in lanes]
    assert CHANNEL in [lane.channel_id for lane in lanes]
    assert await store.outbox.claim_lane(TEAM, DM, at(2), LEASE) == at(600)
    assert await drained(store, at(599), DM) == []
    posts = await drained(store, at(600), DM)
    assert [post.notification.once_key for post in posts[-2:]] == ["25", "50"]


async def test_a_lane_is_due_when_the_pause_ends(store: DatabaseStore) -> None:
    """Whoever sends sleeps until then, and not for nothing before."""
    await follow(store, channel_id=DM)
    await store.pauses.pause(TEAM, ADA, DM, at(600))
    assert await store.outbox.next_lane_at() == at(600)
    assert await store.pauses.resume(TEAM, ADA)
    assert await store.outbox.next_lane_at() == T0
    assert len(await drained(store, at(1), DM)) == 1
    assert not await store.pauses.resume(TEAM, ADA)


async def test_what_is_being_sent_is_finished(store: DatabaseStore) -> None:
    """A lease from before the pause holds; what comes after it waits."""
    await follow(store, channel_id=DM)
    lane = await held(store, T0, DM)
    post = await store.outbox.take_post(lane, T0)
    assert post is not None
    await store.pauses.pause(TEAM, ADA, DM, at(600))
    assert await store.outbox.finish_post(lane, post, Sent("1.1", "1.1"), at(1), lane_free_at=at(1))
    await look(store, at(2), note(now=at(2)))
    assert await drained(store, at(3), DM) == []
    assert len(await drained(store, at(600), DM)) == 1


@pytest.mark.parametrize(("now", "mentioned"), [(2, (BOB,)), (600, (ADA, BOB))])
async def test_a_failure_mentions_nobody_who_paused_that(
    store: DatabaseStore, now: float, mentioned: tuple[str, ...]
) -> None:
    """In a channel, where it is told at once."""
    await opened_thread(store)
    await follow(store, BOB)
    await store.pauses.pause(TEAM, ADA, DM, at(600))
    await look(store, at(1), note(Failed, "end", at(1)))
    posts = await drained(store, at(now))
    (failure,) = [post for post in posts if isinstance(post.notification, Failed)]
    assert failure.subscription.followers == mentioned
    assert failure.subscription.subscribers == (ADA, BOB)


async def test_an_alert_comes_without_its_mention(store: DatabaseStore) -> None:
    """It is said all the same."""
    await opened_thread(store)
    await store.pauses.pause(TEAM, ADA, DM, at(600))
    await look(store, at(1), AlertResult(once_key="a", at=at(1), user_id=ADA, is_met=True))
    post = await deliver(store, at(2), Sent("2.1", "100.1"))
    assert cast("AlertResult", post.notification).user_id == ""


async def test_a_pause_is_known_until_it_ends(store: DatabaseStore) -> None:
    """A later one takes its place, and what is over is forgotten."""
    await store.pauses.pause(TEAM, ADA, DM, at(60))
    await store.pauses.pause(TEAM, ADA, DM, at(600))
    assert await store.pauses.paused_until(TEAM, ADA, at(599)) == at(600)
    assert await store.pauses.paused_until(TEAM, BOB, at(1)) is None
    assert await store.pauses.paused_until(TEAM, ADA, at(600)) is None
    await store.upkeep.clean(at(600))
    assert not await store.pauses.resume(TEAM, ADA)


async def test_a_person_who_is_forgotten_has_no_pause(store: DatabaseStore) -> None:
    """Nor does anybody where the bot has left."""
    await store.pauses.pause(TEAM, ADA, DM, at(600))
    await store.pauses.pause(TEAM, BOB, "D2", at(600))
    await store.subscriptions.forget_user(TEAM, ADA, at(1))
    assert await store.pauses.paused_until(TEAM, ADA, at(2)) is None
    await store.subscriptions.end_team(TEAM, "app_uninstalled", at(3))
    assert await store.pauses.paused_until(TEAM, BOB, at(4)) is None

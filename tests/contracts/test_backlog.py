"""The store: how far the outbox is behind."""

from __future__ import annotations

import pytest

from bot.domain.ports import Parked
from bot.domain.ports.monitoring import Backlog
from bot.domain.subscriptions.subscription import Spot, SubscribeRequest
from bot.store.store import DatabaseStore
from tests.contracts.facts import ADA, JOB, ORG, T0, TEAM, at, deliver, drained, follow, job, state

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_oldest_that_waits_counts_and_what_is_parked(store: DatabaseStore) -> None:
    """Of all organizations or of one; what was sent is behind nothing."""
    assert await store.backlog.backlog(T0) == Backlog(None, 0)
    await follow(store, now=at(5))
    spot = Spot(TEAM, "C2", "org-2", JOB)
    await store.subscriptions.subscribe(SubscribeRequest(*spot, ADA), state(), job(), at(9))
    assert await store.backlog.backlog(at(10)) == Backlog(at(5), 0)
    assert await store.backlog.backlog(at(10), "org-2") == Backlog(at(9), 0)
    await deliver(store, at(11), Parked("invalid_blocks"))
    assert await store.backlog.backlog(at(12)) == Backlog(at(9), 1)
    assert await store.backlog.backlog(at(12), ORG) == Backlog(None, 1)
    await drained(store, at(13), "C2")
    assert await store.backlog.backlog(at(14)) == Backlog(None, 1)


async def test_what_somebody_paused_for_themselves_is_not_late(store: DatabaseStore) -> None:
    """Until the pause is over."""
    await follow(store, channel_id="D1")
    await store.pauses.pause(TEAM, ADA, "D1", at(600))
    assert await store.backlog.backlog(at(599)) == Backlog(None, 0)
    assert await store.backlog.backlog(at(600)) == Backlog(T0, 0)

"""The store: what is due in many workspaces, some of each."""

from __future__ import annotations

import pytest

from bot.domain.subscriptions.subscription import SubscribeRequest
from bot.store.store import DatabaseStore
from tests.contracts.facts import ADA, JOB, LEASE, ORG, TEAM, at, follow, job, state

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_no_workspace_gets_more_than_its_share(store: DatabaseStore) -> None:
    """However much is due in one, and nothing of those that have theirs."""
    for number in range(4):
        await follow(store, channel_id=f"C{number}", now=at(number))
    for number in range(2):
        wish = SubscribeRequest("T2", f"C{number}", ORG, JOB, ADA)
        await store.subscriptions.subscribe(wish, state(), job(), at(4 + number))
    claimed = await store.outbox.claim_lanes(at(9), LEASE, 3, a_team=2)
    assert [(lane.team_id, lane.channel_id) for lane in claimed] == [(TEAM, "C0"), (TEAM, "C1"), ("T2", "C0")]
    rest = await store.outbox.claim_lanes(at(9), LEASE, 9, a_team=2, without=[TEAM])
    assert [(lane.team_id, lane.channel_id) for lane in rest] == [("T2", "C1")]
    again = await store.outbox.claim_lanes(at(9), LEASE, 9, a_team=2)
    assert [lane.channel_id for lane in again] == ["C2", "C3"]

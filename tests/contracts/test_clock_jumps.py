"""The store after the wall clock jumped: what waits for a time waits no longer than it should."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.ports import Lane
from bot.store.store import DatabaseStore
from tests.contracts.facts import JOB, LEASE, ORG, T0, at, follow

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOUR = 3_600


async def test_looks_are_due_by_then(store: DatabaseStore) -> None:
    """A lease too: it seemed to go on for an hour."""
    await follow(store)
    await store.watches.claim_these(ORG, [JOB], at(HOUR), LEASE)
    assert await store.watches.claim_jobs(ORG, at(100), LEASE, 10, due_by=at(HOUR)) == []
    await store.watches.rebase_looks(ORG, at(50), at(HOUR))
    assert (await store.watches.plan(ORG)).next_look_at == at(50)
    assert await store.watches.claim_jobs(ORG, at(49), LEASE, 10) == []
    [claim] = await store.watches.claim_jobs(ORG, at(51), LEASE, 10)
    assert claim.request_id == JOB


async def test_what_is_due_before_stays_as_it_is(store: DatabaseStore) -> None:
    """Doing it twice changes nothing either."""
    await follow(store)
    before = await store.watches.plan(ORG)
    for _ in range(2):
        await store.watches.rebase_looks(ORG, at(HOUR), at(HOUR))
    assert await store.watches.plan(ORG) == before


async def test_the_list_is_asked_for_by_then(store: DatabaseStore) -> None:
    """One that was refused may wait as long as one that is refused now."""
    await follow(store)
    claim = await store.watches.claim_list(ORG, at(2 * HOUR), LEASE)
    assert claim is not None
    await store.watches.finish_list(claim, at(3 * HOUR), refused_until=at(3 * HOUR))
    await store.watches.rebase_looks(ORG, at(50), at(HOUR))
    plan = await store.watches.plan(ORG)
    assert (plan.next_list_at, plan.list_refused_until) == (at(50), at(HOUR))


async def test_messages_are_tried_by_then(store: DatabaseStore) -> None:
    """A lane that may be held opens when a lease of this moment would end."""
    await follow(store)
    [lane] = await store.outbox.claim_lanes(at(HOUR), LEASE, 10)
    await store.outbox.rebase_sending(at(0), at(0), LEASE)
    assert await store.outbox.claim_lanes(at(LEASE - 1), LEASE, 10) == []
    [again] = await store.outbox.claim_lanes(at(LEASE), LEASE, 10)
    assert again == Lane(lane.team_id, lane.channel_id, lane.generation + 1)
    assert T0 + timedelta(seconds=LEASE) == at(LEASE)

"""The store: which organizations have something due, in one question for all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.channels.digest import DigestPlan, Period
from bot.domain.ports import Look
from bot.domain.subscriptions.subscription import SubscribeRequest
from bot.store.store import DatabaseStore
from tests.contracts.facts import ADA, CHANNEL, LEASE, ORG, T0, TEAM, at, follow, job, state
from tests.contracts.fed import feed_of
from tests.contracts.grouped import group_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

OTHER = "org-2"
LATER = at(3600)


async def _put_off(store: DatabaseStore, until: datetime) -> None:
    """Every job of the first organization is looked at then, and its metrics long after that."""
    await store.metrics_checks.claim_metrics_checks(ORG, LATER, 1_000 * LEASE, 10)
    claims = await store.watches.claim_jobs(ORG, LATER, LEASE, 10)
    await store.watches.finish_looks([Look(each, each.state, until) for each in claims], LATER)


async def _due(store: DatabaseStore, until: datetime | None = LATER) -> list[str]:
    return list(await store.watches.due_work(until))


async def test_nothing_is_due_where_nothing_is(store: DatabaseStore) -> None:
    """An empty database."""
    assert await store.watches.due_work(None) == {}


async def test_whoever_waits_longest_comes_first(store: DatabaseStore) -> None:
    """Each organization once, with its earliest moment; by a later moment only with what is due by then."""
    await follow(store, now=at(10))
    await follow(store, request_id="second", now=at(20))
    wish = SubscribeRequest(TEAM, CHANNEL, OTHER, "foreign", ADA)
    await store.subscriptions.subscribe(wish, state(), job(), at(5))
    assert await store.watches.due_work(at(30), by_list=False) == {OTHER: at(5), ORG: at(10)}
    assert await _due(store) == [ORG, OTHER], "two jobs want a list, which was never asked for"
    assert await store.watches.due_work(at(7), by_list=False) == {OTHER: at(5)}


async def test_what_is_held_is_due_when_its_lease_ends(store: DatabaseStore) -> None:
    """Jobs, and the list."""
    await follow(store)
    await store.watches.claim_jobs(ORG, at(1), LEASE, 10)
    assert await store.watches.due_work(at(1)) == {ORG: T0}, "its metrics"
    await store.metrics_checks.claim_metrics_checks(ORG, at(1), 2 * LEASE, 10)
    assert await store.watches.due_work(at(1)) == {}
    assert await store.watches.due_work(None) == {ORG: at(1 + LEASE)}
    await store.feeds.set_feed(feed_of("status:failed"), [], T0)
    assert await store.watches.claim_list(ORG, at(2), LEASE) is not None
    assert await store.watches.due_work(at(2)) == {}


async def test_a_list_is_due_only_where_it_is_used(store: DatabaseStore) -> None:
    """One job is asked about by itself; two, a feed or a digest want the list, unless it is refused."""
    await follow(store)
    await _put_off(store, LATER + timedelta(days=1))
    assert await _due(store) == []
    await follow(store, request_id="second")
    await _put_off(store, LATER + timedelta(days=1))
    assert await _due(store) == [ORG]
    assert await store.watches.due_work(LATER, by_list=False) == {}
    claim = await store.watches.claim_list(ORG, at(1), LEASE)
    assert claim is not None
    await store.watches.finish_list(claim, at(2), refused_until=LATER + timedelta(seconds=1))
    assert await _due(store) == []
    assert await store.watches.due_work(None) == {ORG: LATER + timedelta(seconds=1)}


async def test_groups_and_digests_are_due_too(store: DatabaseStore) -> None:
    """Each by its own time."""
    await group_of(store)
    assert await _due(store) == [ORG]
    plan = DigestPlan(TEAM, CHANNEL, OTHER, ADA, Period.DAILY, 540, "UTC", T0, T0)
    await store.digests.set_digest(replace(plan, next_at=at(50)))
    claim = await store.watches.claim_list(OTHER, at(1), LEASE)
    assert claim is not None
    await store.watches.finish_list(claim, LATER + timedelta(days=1))
    assert (await store.watches.due_work(LATER))[OTHER] == at(50)

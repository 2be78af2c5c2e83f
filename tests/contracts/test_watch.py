"""The store: who may look at what, and until when."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from bot.domain.ports import ClaimedJob, Look
from bot.domain.subscriptions.subscription import Spot, SubscribeRequest
from bot.store.store import DatabaseStore
from tests.contracts.facts import (
    ADA,
    CHANNEL,
    JOB,
    LEASE,
    ORG,
    T0,
    TEAM,
    at,
    claim,
    follow,
    job,
    opened,
    state,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

JOBS = [f"job-{number}" for number in range(40)]


async def watch(store: DatabaseStore, request_ids: list[str], now: datetime = T0) -> None:
    """Have these jobs watched: each is due as it was subscribed to, a second after the one before."""
    for number, request_id in enumerate(request_ids):
        await follow(store, request_id=request_id, now=at((now - T0).total_seconds() + number))


async def test_due_jobs_come_most_overdue_first_and_no_more_than_wanted(store: DatabaseStore) -> None:
    """What is not due yet stays, and so do another organisation's jobs."""
    await watch(store, ["late", "later", "latest", "not-yet"])
    await store.subscriptions.subscribe(
        SubscribeRequest(TEAM, CHANNEL, "org-2", "foreign", ADA), state(), job(), T0
    )
    first = await store.watches.claim_jobs(ORG, at(2), LEASE, 2)
    assert [each.request_id for each in first] == ["late", "later"]
    assert [(each.due_at, each.state) for each in first] == [
        (at(0), state(request_id="late")),
        (at(1), state(request_id="later")),
    ]
    rest = await store.watches.claim_jobs(ORG, at(2), LEASE, 10)
    assert [each.request_id for each in rest] == ["latest"]
    assert (await store.watches.plan(ORG)).next_look_at == at(3)
    assert (await store.watches.plan(ORG)).watched == 4


async def test_jobs_may_be_claimed_ahead_of_their_time(store: DatabaseStore) -> None:
    """By a later moment; those that somebody holds stay theirs, though their lease ends by then."""
    await watch(store, ["now", "soon", "some-day"])
    held = await store.watches.claim_jobs(ORG, at(0), 1, 10)
    assert [each.request_id for each in held] == ["now"]
    ahead = await store.watches.claim_jobs(ORG, at(0), LEASE, 10, due_by=at(1.5))
    assert [each.request_id for each in ahead] == ["soon"]


async def test_no_early_look(store: DatabaseStore) -> None:
    """A job is due from the very moment that was written down, and not before."""
    await watch(store, [JOB])
    claimed = await claim(store, T0)
    await store.watches.finish_looks([Look(claimed, state(), at(30))], T0)
    assert await store.watches.claim_jobs(ORG, at(29.999999), LEASE, 10) == []
    assert (await claim(store, at(30))).due_at == at(30)


async def test_concurrent_claims_never_share_a_job(database_url: str) -> None:
    """Two processes, many tasks: each job goes to one of them."""
    stores = [await opened(database_url) for _ in range(2)]
    await watch(stores[0], JOBS)
    now = at(len(JOBS))
    claims = await asyncio.gather(*(stores[n % 2].watches.claim_jobs(ORG, now, LEASE, 7) for n in range(12)))
    claimed = [each.request_id for some in claims for each in some]
    assert len(claimed) == len(set(claimed))
    claimed += [each.request_id for each in await stores[0].watches.claim_jobs(ORG, now, LEASE, 100)]
    assert sorted(claimed) == sorted(JOBS)
    for store in stores:
        await store.database.close()


async def test_a_lease_that_runs_out_is_taken_over_and_the_loser_changes_nothing(
    store: DatabaseStore,
) -> None:
    """Until then nobody else gets the job; after, the first one's look does not count."""
    await watch(store, [JOB])
    loser = await claim(store, T0)
    assert await store.watches.claim_jobs(ORG, at(LEASE - 1), LEASE, 10) == []
    assert await store.watches.claim_these(ORG, [JOB], at(LEASE - 1), LEASE) == []
    assert (await store.watches.plan(ORG)).next_look_at == at(LEASE)
    winner = await claim(store, at(LEASE))
    assert winner.generation != loser.generation
    late = Look(loser, state("FAILED"), at(1_000), fingerprint=13)
    assert await store.watches.finish_looks([late], at(LEASE)) == 0
    assert await store.watches.finish_looks([Look(winner, state(), at(100), fingerprint=7)], at(LEASE)) == 1
    assert await store.watches.finish_looks([late], at(LEASE)) == 0
    (again,) = await store.watches.claim_jobs(ORG, at(100), LEASE, 10)
    assert (again.state, await store.watches.fingerprints(ORG)) == (state(), {JOB: 7})


async def test_a_lease_that_ran_out_unnoticed_still_counts(store: DatabaseStore) -> None:
    """Nobody else took the job: what was learned of it is not thrown away. But only once."""
    await watch(store, [JOB])
    look = Look(await claim(store, T0), state(), at(500))
    assert await store.watches.finish_looks([look], at(LEASE + 1)) == 1
    assert await store.watches.finish_looks([look], at(LEASE + 1)) == 0


async def test_a_job_that_was_watched_before_remembers_no_lease(store: DatabaseStore) -> None:
    """Who looked at it for earlier subscribers is a late loser among the new ones."""
    await watch(store, [JOB])
    loser = await claim(store, T0)
    await store.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, JOB), ADA, at(1))
    assert await store.watches.finish_looks([Look(loser, state("FAILED"), at(2))], at(1)) == 0
    await watch(store, [JOB], at(2))
    assert (await claim(store, at(2))).state == state()
    assert await store.watches.finish_looks([Look(loser, state("FAILED"), at(2))], at(2)) == 0


async def test_of_a_batch_only_the_losers_looks_are_thrown_away(store: DatabaseStore) -> None:
    """The winners' are written all the same."""
    await watch(store, ["one", "two"])
    first = {each.request_id: each for each in await store.watches.claim_jobs(ORG, at(1), LEASE, 10)}
    taken: ClaimedJob
    (taken,) = await store.watches.claim_these(ORG, ["two"], at(1 + LEASE), LEASE)
    looks = [Look(each, state("FAILED", each.request_id), at(900)) for each in first.values()]
    assert await store.watches.finish_looks(looks, at(1 + LEASE)) == 1
    assert (
        await store.watches.finish_looks([Look(taken, state(request_id="two"), at(800))], at(2 + LEASE)) == 1
    )
    states = {each.request_id: each.state for each in await store.watches.claim_jobs(ORG, at(900), LEASE, 10)}
    assert states == {"one": state("FAILED", "one"), "two": state(request_id="two")}


async def test_these_jobs_are_claimed_due_or_not(store: DatabaseStore) -> None:
    """Unknown ones are passed over, and so are those that somebody holds."""
    await watch(store, ["held", "free", "other"])
    (held,) = await store.watches.claim_jobs(ORG, T0, LEASE, 1)
    claimed = await store.watches.claim_these(ORG, ["free", "held", "unknown", "free"], at(0), LEASE)
    assert [each.request_id for each in claimed] == ["free"]
    await store.watches.finish_looks([Look(held, held.state, at(900))], T0)
    (again,) = await store.watches.claim_these(ORG, ["held"], at(1), LEASE)
    assert (again.request_id, again.due_at) == ("held", at(900))
    assert await store.watches.claim_these(ORG, [], at(1), LEASE) == []


async def test_fingerprints_are_kept_where_a_look_brings_none(store: DatabaseStore) -> None:
    """0 until a row was seen; all 64 bits of it."""
    await watch(store, [JOB])
    assert await store.watches.fingerprints(ORG) == {JOB: 0}
    for fingerprint in (-(2**63), None):
        looked = Look(await claim(store, at(1)), state(), at(1), fingerprint=fingerprint)
        await store.watches.finish_looks([looked], at(1))
    assert await store.watches.fingerprints(ORG) == {JOB: -(2**63)}
    assert await store.watches.fingerprints("org-2") == {}


async def test_one_process_at_a_time_fetches_the_list(store: DatabaseStore) -> None:
    """When it is due, or when whoever held it is late; what came of it is in the plan."""
    assert await store.watches.claim_list(ORG, T0, LEASE) is None, "nobody watches anything there"
    await watch(store, [JOB])
    loser = await store.watches.claim_list(ORG, T0, LEASE)
    assert loser is not None
    assert await store.watches.claim_list(ORG, at(LEASE - 1), LEASE) is None
    winner = await store.watches.claim_list(ORG, at(LEASE), LEASE)
    assert winner is not None
    assert not await store.watches.finish_list(loser, at(61), failures=9)
    assert await store.watches.finish_list(winner, at(90), failures=2, refused_until=at(400))
    assert not await store.watches.finish_list(winner, at(91))
    plan = await store.watches.plan(ORG)
    assert (plan.next_list_at, plan.list_refused_until) == (at(90), at(400))
    assert await store.watches.claim_list(ORG, at(89.9), LEASE) is None
    third = await store.watches.claim_list(ORG, at(90), LEASE)
    assert third is not None
    assert third.failures == 2
    assert await store.watches.finish_list(third, at(91))
    assert (await store.watches.plan(ORG)).list_refused_until is None

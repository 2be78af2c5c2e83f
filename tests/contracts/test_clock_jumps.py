"""The store after the wall clock jumped: what waits for a time waits no longer than it should."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from bot.domain.job import JobStatus
from bot.domain.ports import Lane, Later
from bot.store.store import DatabaseStore
from tests.contracts.facts import (
    CHANNEL,
    JOB,
    LEASE,
    ORG,
    T0,
    TEAM,
    at,
    follow,
    held,
    job,
    look,
    note,
    opened_thread,
    state,
)

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


@pytest.mark.parametrize("seen_at", [61, HOUR, 24 * HOUR])
async def test_what_is_seen_after_the_clock_was_set_back_is_kept(store: DatabaseStore, seen_at: int) -> None:
    """Cards show it: what was seen before bears a time that has not come yet."""
    await follow(store)
    before = state(seen_at=at(seen_at))
    await look(store, at(seen_at), state=before, document=job(progress=50))
    await store.watches.rebase_looks(ORG, at(0), at(0))
    await look(store, at(0), state=state("FAILED", seen_at=at(0)), document=job("FAILED", progress=50))
    post = await store.outbox.take_post(await held(store, at(0)), at(0))
    assert post is not None
    assert post.document is not None
    assert post.document.status is JobStatus.FAILED


async def test_an_answer_that_is_written_down_late_takes_nothing_back(store: DatabaseStore) -> None:
    """Somebody else's newer one came first."""
    await follow(store)
    await look(store, at(30), state=state(seen_at=at(30)), document=job(progress=50))
    await look(store, at(31), state=state(seen_at=at(5)), document=job(progress=40))
    post = await store.outbox.take_post(await held(store, at(31)), at(31))
    assert post is not None
    assert post.document is not None
    assert post.document.progress == 50


async def test_messages_are_tried_by_then(store: DatabaseStore) -> None:
    """A lane that may be held opens when a lease of this moment would end."""
    await follow(store)
    [lane] = await store.outbox.claim_lanes(at(HOUR), LEASE, 10)
    await store.outbox.rebase_sending(at(0), at(0))
    assert await store.outbox.claim_lanes(at(LEASE - 1), LEASE, 10) == []
    [again] = await store.outbox.claim_lanes(at(LEASE), LEASE, 10)
    assert again == Lane(lane.team_id, lane.channel_id, lane.generation + 1)
    assert T0 + timedelta(seconds=LEASE) == at(LEASE)


async def test_a_lane_that_waits_for_slack_waits_no_longer_and_no_shorter(store: DatabaseStore) -> None:
    """The clock was set back: it rests for as long as Slack asked for, and not for an hour more."""
    await _rested(store, 7, now=HOUR)
    await store.outbox.rebase_sending(at(0), at(0))
    assert await store.outbox.claim_lane(TEAM, CHANNEL, at(6), LEASE) == at(7)
    assert isinstance(await store.outbox.claim_lane(TEAM, CHANNEL, at(7), LEASE), Lane)


@pytest.mark.parametrize("seconds", [1, 7, 300])
async def test_a_pause_is_not_over_because_the_clock_was_set_ahead(
    store: DatabaseStore, seconds: float
) -> None:
    """Whoever can't know that it wasn't, as it has just started or seen it jump, counts the whole pause."""
    await _rested(store, seconds)
    since, claim = at(HOUR), partial(store.outbox.claim_lane, TEAM, CHANNEL, steady_since=at(HOUR))
    assert await store.outbox.next_lane_at(since) == at(HOUR + seconds)
    early = at(HOUR + seconds - 0.5)
    assert await store.outbox.claim_lanes(early, LEASE, 10, steady_since=since) == []
    assert await store.outbox.claim_lanes(early, LEASE, 10, a_team=4, steady_since=since) == []
    assert await claim(early, LEASE) == at(HOUR + seconds)
    assert isinstance(await claim(at(HOUR + seconds), LEASE), Lane)


@pytest.mark.parametrize("a_team", [None, 4])
async def test_nor_is_a_lease(store: DatabaseStore, a_team: int | None) -> None:
    """Somebody may be about to send."""
    await follow(store)
    [lane] = await store.outbox.claim_lanes(at(0), LEASE, 10, a_team=a_team)
    since = at(HOUR)
    assert await store.outbox.claim_lanes(at(HOUR + LEASE - 1), LEASE, 10, steady_since=since) == []
    [again] = await store.outbox.claim_lanes(at(HOUR + LEASE), LEASE, 10, a_team=a_team, steady_since=since)
    assert again == Lane(lane.team_id, lane.channel_id, lane.generation + 1)


async def test_what_was_closed_since_the_clock_can_be_trusted_is_open_by_it(store: DatabaseStore) -> None:
    """Nobody waits longer than the lane was closed for."""
    await _rested(store, 7)
    for since in (at(-100), at(0)):
        assert await store.outbox.next_lane_at(since) == at(7)
    assert await store.outbox.claim_lanes(at(7), LEASE, 10, steady_since=at(0))


async def _rested(store: DatabaseStore, seconds: float, now: float = 0) -> None:
    """The lane is closed for so long after a message, and another one waits in it."""
    await opened_thread(store, at(now))
    await look(store, at(now), note())
    lane = await held(store, at(now))
    post = await store.outbox.take_post(lane, at(now))
    assert post is not None
    later = Later(at(now), "ratelimited")
    assert await store.outbox.finish_post(lane, post, later, at(now), lane_free_at=at(now + seconds))

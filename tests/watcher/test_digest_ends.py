"""Which ends a digest tells: second ones, those of a clock that is behind, and those of days away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest_asyncio

from bot.domain.channels.digest import DigestPlan, Period
from bot.watcher import Watcher
from bot.watcher.digest_pass import MOST_UNREAD
from tests.watcher.digests import ERROR, NINE, midnight, remembered, set_job, told_in, until
from tests.watcher.world import World


@pytest_asyncio.fixture
async def watcher(world: World) -> Watcher:
    """See `midnight`."""
    return await midnight(world)


async def test_a_restarted_job_is_in_the_digest_of_its_second_end(world: World, watcher: Watcher) -> None:
    """Nobody saw it run in between; and what is only added to an end is no end."""
    for request_id in ("again", "added"):
        set_job(world, request_id, status="FAILED", error_message="RuntimeError: the first")
    await until(world, watcher, NINE + timedelta(seconds=5))
    assert [digest.failed for digest in told_in(world)] == [2]
    started_at = world.clock.now().isoformat()
    world.clock.advance(60)
    world.suite.set("again", status="FAILED", started_at=started_at, error_message="RuntimeError: the second")
    world.suite.set("added", error_message="RuntimeError: with its reason")
    await until(world, watcher, NINE + timedelta(days=1, minutes=31))
    second = told_in(world)[1]
    assert (second.failed, [group.reason for group in second.failures]) == (1, ["RuntimeError: the second"])
    assert [run.request_id for run in second.failures[0].runs] == ["again"]
    reasons = {each.request_id: each.reason for each in await remembered(world)}
    assert reasons == {"again": "RuntimeError: the second", "added": "RuntimeError: with its reason"}


async def test_no_job_is_between_two_digests_where_the_clock_of_the_suite_is_behind(
    world: World, watcher: Watcher
) -> None:
    """By nine minutes: what ends around nine ended before by its own time."""
    seconds = range(-1_200, 1_200, 150)
    for number, each in enumerate(seconds):
        await until(world, watcher, NINE + timedelta(seconds=each))
        behind = (world.clock.now() - timedelta(minutes=9)).isoformat()
        set_job(world, f"a-{number}", status="COMPLETED", updated_at=behind, completed_at=behind)
    await until(world, watcher, NINE + timedelta(days=1, minutes=31))
    assert sum(digest.completed for digest in told_in(world)) == len(seconds)


async def test_a_weekly_digest_after_days_away_has_its_reasons(world: World) -> None:
    """What ended up to 13 days ago is read before it is told, and it does not wait in vain."""
    monday = datetime(2026, 3, 16, 9, tzinfo=UTC)
    plan = DigestPlan(
        "T1", "C1", world.suite.org_id, "U1", Period.WEEKLY, 540, "UTC", NINE, monday - timedelta(days=14)
    )
    await world.store.digests.set_digest(plan)
    for number in range(2 * MOST_UNREAD):
        set_job(world, f"a-{number}", status="FAILED", error_message=ERROR.format(number))
    world.clock.advance((monday - timedelta(minutes=5) - world.clock.now()).total_seconds())
    await world.live(900, world.watcher())
    (digest,) = told_in(world)
    assert (digest.failed, digest.without_gpu_hours, len(digest.failures)) == (2 * MOST_UNREAD, 0, 1)
    assert (digest.failures[0].reason or "").startswith("RuntimeError: stack expects")

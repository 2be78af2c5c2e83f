"""Digests come at their time, whatever happens to the process and to the training suite meanwhile."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.channels.schedule import TOO_LATE
from bot.domain.errors import StoreError
from bot.domain.job import JobStatus
from bot.watcher import Watcher
from bot.watcher.digest_pass import MOST_UNREAD, PATIENCE
from bot.watcher.finished_jobs_pass import AT_ONCE
from tests.store_with import store_with
from tests.watcher.digests import ERROR, NINE, midnight, remembered, set_job, told_in, until
from tests.watcher.world import BOUNDS, RARE, World


@pytest_asyncio.fixture
async def watcher(world: World) -> Watcher:
    """See `midnight`."""
    return await midnight(world)


async def test_a_day_is_told_at_its_time_and_never_twice(world: World, watcher: Watcher) -> None:
    """What ended with its reasons and GPU-hours, and what runs; the next day tells what came since."""
    for number in (1, 2):
        set_job(world, f"bad-{number}", status="RUNNING")
    set_job(world, "good", status="RUNNING")
    await world.live(6_100, watcher)
    for number in (1, 2):
        world.suite.set(f"bad-{number}", status="FAILED", error_message=ERROR.format(number))
    world.suite.set("good", status="COMPLETED")
    set_job(world, "goes", status="RUNNING", progress=40)
    await until(world, watcher, NINE - timedelta(seconds=1))
    assert told_in(world) == []
    await until(world, watcher, NINE + timedelta(seconds=5))
    (digest,) = told_in(world)
    assert (digest.completed, digest.failed, digest.running) == (1, 2, 1)
    (group,) = digest.failures
    assert group.count == 2
    assert (group.reason or "").startswith("RuntimeError: stack expects each tensor")
    assert digest.without_gpu_hours == 0
    assert (digest.gpu_hours or 0) > 0
    world.suite.set("goes", status="COMPLETED")
    await until(world, watcher, NINE + timedelta(days=1, seconds=5))
    second = told_in(world)[1]
    assert (second.since, second.completed, second.failed, second.running) == (digest.until, 1, 0, 0)
    await until(world, watcher, NINE + timedelta(days=2, seconds=5))
    assert len(told_in(world)) == 2


async def test_what_ends_at_the_last_moment_is_told_by_its_row_or_next_time(
    world: World, watcher: Watcher
) -> None:
    """Nothing is lost between two digests."""
    for request_id, seconds in (("a", 700), ("b", 500)):
        set_job(world, request_id, status="RUNNING")
        await until(world, watcher, NINE - timedelta(seconds=seconds))
        world.suite.set(request_id, status="COMPLETED")
    await until(world, watcher, NINE + timedelta(days=1, seconds=5))
    assert [digest.completed for digest in told_in(world)] == [1, 1]


@pytest.mark.parametrize(
    ("away", "told"),
    [(timedelta(hours=5), [NINE + timedelta(hours=5)]), (TOO_LATE, [NINE + timedelta(days=1)])],
)
async def test_a_missed_time_is_told_late_or_with_the_next(
    world: World, watcher: Watcher, away: timedelta, told: list[datetime]
) -> None:
    """The process was away; what ended meanwhile is told in either case, once."""
    set_job(world, "a", status="RUNNING")
    await world.live(6_100, watcher)
    world.suite.set("a", status="COMPLETED")
    world.clock.advance((NINE + away - world.clock.now()).total_seconds())
    again = world.watcher()
    await until(world, again, NINE + timedelta(days=1, seconds=60))
    at = [each.at.replace(second=0, microsecond=0) for _, each in world.told]
    assert at == told
    assert [digest.completed for digest in told_in(world)] == [1]


async def test_a_training_suite_that_is_back_in_time_is_waited_for(world: World, watcher: Watcher) -> None:
    """Asked every five minutes; then all is told."""
    set_job(world, "a", status="RUNNING")
    await world.live(6_100, watcher)
    world.suite.set("a", status="COMPLETED")
    await until(world, watcher, NINE - timedelta(minutes=2))
    world.suite.switches.update({"server_error": True})
    await until(world, watcher, NINE + timedelta(minutes=30))
    assert told_in(world) == []
    world.suite.switches.update({"server_error": False})
    await until(world, watcher, NINE + timedelta(minutes=37))
    (digest,) = told_in(world)
    assert (digest.completed, digest.knows_list) == (1, True)


async def test_one_that_is_not_back_in_time_is_told_without(world: World, watcher: Watcher) -> None:
    """What is known, and that more is not; what ended meanwhile is told the next day."""
    for request_id in "ab":
        set_job(world, request_id, status="RUNNING")
    await world.live(6_100, watcher)
    world.suite.set("a", status="COMPLETED")
    await until(world, watcher, NINE - timedelta(hours=2))
    world.suite.switches.update({"server_error": True})
    world.suite.set("b", status="COMPLETED")
    await until(world, watcher, NINE + PATIENCE + timedelta(minutes=6))
    (digest,) = told_in(world)
    assert (digest.completed, digest.knows_list) == (1, False)
    world.suite.switches.update({"server_error": False})
    await until(world, watcher, NINE + timedelta(days=1, seconds=5))
    assert [digest.completed for digest in told_in(world)] == [1, 1]


async def test_finished_jobs_are_fetched_bit_by_bit(world: World, watcher: Watcher) -> None:
    """Only what ended in these days, each once."""
    for number in range(AT_ONCE + 5):
        world.suite.set(f"job-{number}", status="COMPLETED")
    long_ago = (NINE - timedelta(days=20)).isoformat()
    world.suite.set("old", status="COMPLETED", updated_at=long_ago, completed_at=long_ago)
    world.asked()
    while not await remembered(world):
        await world.live(3_000, watcher)
    assert len(await remembered(world)) <= AT_ONCE
    await world.live(12_000, watcher)
    assert len(await remembered(world)) == AT_ONCE + 5
    asked = world.asked()
    assert {asked[f"job-{number}"] for number in range(AT_ONCE + 5)} == {1}
    assert asked["old"] == 0


class _Unlisting:
    """A port that cannot say which jobs are not remembered."""

    def __init__(self, finished_jobs: Any) -> None:
        self._finished_jobs = finished_jobs

    def __getattr__(self, name: str) -> Any:
        return getattr(self._finished_jobs, name)

    async def unrecorded(self, *_: object) -> None:
        """It does not answer."""
        raise StoreError


@pytest.mark.usefixtures("watcher")
async def test_what_goes_wrong_before_a_digest_is_due_does_not_keep_it_back(world: World) -> None:
    """The round goes on."""
    world.suite.set("a", status="COMPLETED")
    world.clock.advance((NINE + timedelta(minutes=5) - world.clock.now()).total_seconds())
    made = world.watcher(store=store_with(world.store, finished_jobs=_Unlisting(world.store.finished_jobs)))
    await made.round()
    await world.deliver()
    assert [digest.completed for digest in told_in(world)] == [1]


@pytest.mark.usefixtures("watcher")
async def test_documents_that_never_come_keep_no_others_waiting(world: World) -> None:
    """They are the newest, and as many as are asked for at once."""
    world.suite.set("good", status="COMPLETED")
    world.clock.advance(60)
    for number in range(AT_ONCE):
        world.suite.set(f"bad-{number}", status="COMPLETED")
        world.suite.raw(f"bad-{number}", "no document")
    world.bounds = RARE
    await world.live(9_000, world.watcher())
    assert [each.request_id for each in await remembered(world)] == ["good"]


@pytest.mark.usefixtures("watcher")
@pytest.mark.parametrize("comes", [True, False])
async def test_after_a_time_away_it_waits_for_what_ended_meanwhile(world: World, comes: bool) -> None:  # noqa: FBT001  (a case)
    """Until their documents were read, or for half an hour where they cannot be."""
    for number in range(3 * MOST_UNREAD):
        set_job(world, f"a-{number}", status="FAILED", error_message=ERROR.format(number))
        if not comes:
            world.suite.raw(f"a-{number}", "no document")
    world.clock.advance((NINE + timedelta(minutes=5) - world.clock.now()).total_seconds())
    world.bounds = BOUNDS
    await world.live(1_800, world.watcher())
    (digest,) = told_in(world)
    assert (digest.failed, len(digest.failures)) == (3 * MOST_UNREAD, 1)
    assert digest.without_gpu_hours == (0 if comes else 3 * MOST_UNREAD)
    (at,) = (each.at for _, each in world.told)
    assert (at < NINE + timedelta(minutes=10)) is comes


async def test_a_document_that_is_not_had_counts_by_its_row(world: World, watcher: Watcher) -> None:
    """One that contradicts the list is not asked for again and again."""
    for request_id in ("gone", "odd"):
        world.suite.set(request_id, status="FAILED")
    world.suite.raw("gone", "{}", status=404)
    world.suite.raw("odd", '{"request_id": "odd", "status": "RUNNING"}')
    await world.live(12_000, watcher)
    (gone,) = await remembered(world)
    assert (gone.request_id, gone.status, gone.reason) == ("gone", JobStatus.FAILED, None)


async def test_two_processes_tell_it_once(world: World, watcher: Watcher) -> None:
    """Both come at its time."""
    set_job(world, "a", status="RUNNING")
    other = world.watcher()
    await until(world, watcher, NINE - timedelta(seconds=1))
    world.clock.advance(1)
    await asyncio.gather(watcher.round(), other.round())
    await world.deliver()
    assert len(told_in(world)) == 1

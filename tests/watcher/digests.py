"""A night and a digest at nine, for the tests of what is told then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.channels.digest import Digest, DigestPlan, Period
from bot.domain.history import FinishedJob
from bot.domain.polling.intervals import Bounds
from bot.watcher import Watcher
from tests.watcher.world import World

ERROR = "RuntimeError: stack expects each tensor to be equal size, but got [{}] at entry 0"
NINE = datetime(2026, 3, 3, 9, tzinfo=UTC)


async def with_a_digest(world: World) -> None:
    """A channel gets one, at nine."""
    plan = DigestPlan(
        "T1", "C1", world.suite.org_id, "U1", Period.DAILY, 540, "UTC", NINE, NINE - timedelta(days=1)
    )
    await world.store.digests.set_digest(plan)


async def midnight(world: World) -> Watcher:
    """It is midnight; a channel gets a digest at nine, and the list has been seen once."""
    world.bounds = Bounds(3_000, 6_000)
    world.clock.advance((NINE - timedelta(hours=9) - world.clock.now()).total_seconds())
    await with_a_digest(world)
    made = world.watcher()
    await world.live(60, made)
    return made


async def until(world: World, watcher: Watcher, moment: datetime) -> None:
    """Live up to then."""
    await world.live((moment - world.clock.now()).total_seconds(), watcher)


def set_job(world: World, request_id: str, **fields: Any) -> None:
    """A job with two GPUs."""
    world.suite.set(request_id, infra_config={"gpu_count": 2}, **fields)


def told_in(world: World) -> list[Digest]:
    """The digests that were told."""
    return [each.digest for _, each in world.told if each.digest is not None]


async def remembered(world: World) -> Sequence[FinishedJob]:
    """The jobs that ended around then."""
    return await world.store.finished_jobs.finished(
        world.suite.org_id, NINE - timedelta(days=9), NINE + timedelta(days=9)
    )

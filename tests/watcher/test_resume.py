"""A job that goes on after a pause: what its card says of how much longer it takes."""

from __future__ import annotations

import pytest

from bot.cards.kit.timing import timing_of
from bot.playground.clock import InstantClock
from tests.watcher.world import World

HOUR = 3600.0


def _left(world: World) -> str:
    job = world.cards["a"]
    assert job.updated_at is not None
    return timing_of(job, job.updated_at).left


async def _move(world: World, clock: InstantClock, seconds: float, **fields: object) -> None:
    clock.advance(seconds)
    world.suite.set("a", **fields)
    await world.live(300, world.watcher())


@pytest.mark.parametrize("others", [(), ("b", "c")])
async def test_the_card_counts_from_where_the_job_went_on(world: World, others: tuple[str, ...]) -> None:
    """At 20 % after five hours, then at 18 % with a new start; each time by a process that began anew."""
    clock = world.clock
    world.suite.set("a", status="RUNNING", progress=0)
    await world.follow("a", *others)
    await _move(world, clock, 5 * HOUR, progress=20)
    assert "h" in _left(world)
    again = {"status": "RUNNING", "started_at": None}
    await _move(world, clock, HOUR, **again, progress=18)
    world.suite.set("a", started_at=clock.now().isoformat(), progress=18.1)
    await _move(world, clock, 60, progress=18.2)
    assert _left(world) == ""
    await _move(world, clock, HOUR, progress=28)
    assert _left(world).startswith(("7 h", "8 h"))

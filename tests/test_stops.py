"""The measure of stops sees what stops the loop, and nothing else."""

from __future__ import annotations

import asyncio
import time

from bot.tasks import aside, aside_if_heavy
from tests.stops import watched_stops

_SECONDS = 0.2


def _compute(seconds: float = _SECONDS) -> int:
    """Pure Python for so much processor time of this thread."""
    count, until = 0, time.thread_time() + seconds
    while time.thread_time() < until:
        count += 1
    return count


async def test_what_computes_on_the_loop_is_seen() -> None:
    """Whatever else the machine does."""
    async with watched_stops() as stops:
        assert await aside_if_heavy(0, _compute)
    assert stops.longest_seconds > _SECONDS / 2


async def test_what_computes_beside_it_is_none() -> None:
    """Each gets its turn every few milliseconds."""
    async with watched_stops() as stops:
        assert await aside(_compute)
    assert stops.longest_seconds < _SECONDS / 2


async def test_one_reads_at_a_time_and_people_come_first() -> None:
    """The order in which they were asked for counts only among equals."""
    read: list[str] = []

    def reading(name: str) -> None:
        read.append(f"{name} begins")
        _compute(0.005)
        read.append(f"{name} ends")

    async def asked(name: str, *, background: bool) -> None:
        await aside_if_heavy(10**6, lambda: reading(name), background=background)

    async with asyncio.TaskGroup() as group:
        group.create_task(aside(_compute, 0.05))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        for number in range(2):
            group.create_task(asked(f"background {number}", background=True))
        await asyncio.sleep(0)
        for number in range(2):
            group.create_task(asked(f"person {number}", background=False))
    names = ["person 0", "person 1", "background 0", "background 1"]
    assert read == [f"{name} {what}" for name in names for what in ("begins", "ends")]


async def test_what_fails_beside_the_loop_is_told_to_who_waits() -> None:
    """And the next one is read."""

    def fails() -> None:
        raise ZeroDivisionError

    results = await asyncio.gather(aside(fails), aside(_compute, 0.001), return_exceptions=True)
    assert isinstance(results[0], ZeroDivisionError)
    assert isinstance(results[1], int)

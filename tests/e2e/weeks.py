"""Weeks pass until the next weekly report."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.health.incidents import due_week
from tests.e2e.world import World
from tests.resting_loop import at_rest


async def to_next_report(made: World) -> None:
    """Let the clock stand on a Monday, shortly after the time of reports."""
    now = made.clock.now()
    monday = (now - timedelta(days=now.weekday())).replace(hour=8, minute=5) + timedelta(days=7)
    # At once: what goes by the loop's own time would have a week's worth of work.
    made.clock.advance((monday - now).total_seconds())
    await at_rest()
    assert due_week(made.clock.now()) is not None
    for _ in range(4):
        made.clock.advance(1_000)
        await at_rest()

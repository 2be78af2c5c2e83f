"""Home is drawn again by whichever process is left, for what any of them told, and once."""

from __future__ import annotations

from pathlib import Path

from bot.handlers.deliveries import crash_points
from bot.playground.workspace import ME
from bot.store.home_tabs import NEWS_SECONDS
from tests.chaos.telling import RUN, take
from tests.chaos.world import World, world

DRAWING = (crash_points.HOME_TAKEN, crash_points.HOME_DRAWN)
"""By a tab that somebody waits for, and by one that is due."""


async def test_whoever_dies_over_a_tab_leaves_it_to_another(database_url: str, tmp_path: Path) -> None:
    """Nobody opens it again: the second process knows whose is open from the database alone."""
    async with world(database_url, tmp_path) as here:
        await here.follow("job-1")
        first = await here.start_server(DRAWING[0])
        await here.quiet()
        await here.workspace.open_home(ME)
        await here.death(first, DRAWING[0])
        second = await here.start_server()
        await here.until(lambda: "job-1" in _home(here))
        for step, turn in zip(DRAWING, RUN[1:3], strict=True):
            await here.clock.sleep(NEWS_SECONDS)
            here.doom(second, step)
            take(here, turn, "job-1")
            await here.death(second, step)
            second = await here.start_server()
            await here.until(lambda turn=turn: turn.card in _home(here))
        await here.quiet()


async def test_one_of_several_draws_what_another_one_told(postgresql_url: str, tmp_path: Path) -> None:
    """Two that serve and a worker: each news is drawn once, whichever of them told it."""
    async with world(postgresql_url, tmp_path) as here:
        await here.follow("job-1")
        first = await here.start_server()
        await here.workspace.open_home(ME)
        await here.until(lambda: "job-1" in _home(here))
        await here.start_server()
        here.start_worker()
        here.kill(first)
        await first.died.wait()
        await here.quiet()
        for turn in RUN[1:4]:
            await here.clock.sleep(2 * NEWS_SECONDS)
            before = len(here.workspace.calls_of("views.publish"))
            take(here, turn, "job-1")
            await here.until(lambda turn=turn: turn.card in _home(here))
            await here.clock.sleep(2 * NEWS_SECONDS)
            assert len(here.workspace.calls_of("views.publish")) == before + 1, here.story()


def _home(here: World) -> str:
    view = here.workspace.board.homes.get(ME)
    return "" if view is None else str(view.content)

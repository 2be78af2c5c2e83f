"""What goes on in the background goes on, whatever fails beside it; and `/readyz` tells how it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import Application
from bot.playground.clock import ManualClock
from bot.playground.training_suite import TrainingSuite
from bot.playground.workspace import Workspace
from bot.tasks.supervisor import PAUSES_SECONDS
from tests.e2e.world import empty_database, running, settings_for


class Stumbling(ManualClock):
    """A clock on which the first sleeps of certain lengths fail, each once."""

    def __init__(self, *lengths: float) -> None:
        super().__init__()
        self._lengths = list(lengths)

    async def sleep(self, seconds: float) -> None:
        """Wait, or fail."""
        if seconds in self._lengths:
            self._lengths.remove(seconds)
            raise ZeroDivisionError
        await super().sleep(seconds)


_PREPARATION_SECONDS = 7.5


@asynccontextmanager
async def _serving(clock: ManualClock, folder: Path) -> AsyncIterator[Application]:
    workspace, suite = Workspace(clock), TrainingSuite(clock)
    async with running(workspace, suite) as servers:
        settings = settings_for(
            workspace,
            "http",
            simplismart_org_id="o",
            slack_api_url=servers.slack_api_url,
            simplismart_api_url=servers.training_api_url,
            database_url=await empty_database(folder),
        )
        bot = Application(settings, clock=clock, preparation_seconds=_PREPARATION_SECONDS)
        await bot.start()
        try:
            yield bot
        finally:
            await bot.stop()


async def _ready(bot: Application) -> Any:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{bot.port}/readyz") as answer,
    ):
        return await answer.json() | {"status": answer.status}


async def _ready_when(bot: Application, clock: ManualClock, *names: str) -> Any:
    """What it says once rounds of these have ended."""
    async with asyncio.timeout(10):
        while True:
            said = await _ready(bot)
            if all(said["last_rounds"].get(name) for name in names):
                return said
            clock.advance(0.5)


@pytest.mark.parametrize("failures", [0, 1, 2])
async def test_a_failure_while_the_rest_is_loaded_ends_nothing(tmp_path: Path, failures: int) -> None:
    """Neither what is prepared nor the start of the loops: both are tried again, and jobs are watched."""
    clock = Stumbling(*[_PREPARATION_SECONDS] * failures)
    async with _serving(clock, tmp_path) as bot:
        for _ in range(10):
            await asyncio.sleep(0)
        said = await _ready(bot)
        ill = {name for name in ("preparation", "start") if said["checks"][name] != "ok"}
        assert len(ill) == failures
        assert said["status"] == (503 if failures else 200) or said["checks"]["slack"] != "ok"
        clock.advance(PAUSES_SECONDS[0])
        for _ in range(10):
            await asyncio.sleep(0)
        clock.advance(_PREPARATION_SECONDS)
        said = await _ready_when(bot, clock, "watcher", "delivery")
        assert (said["status"], said["ready"]) == (200, True)
        assert {said["checks"][name] for name in ("watcher", "delivery", "preparation", "login")} == {"ok"}


async def test_ready_tells_when_the_last_rounds_ended(tmp_path: Path) -> None:
    """Each round moves it on."""
    clock = ManualClock()
    async with _serving(clock, tmp_path) as bot:
        for _ in range(10):
            await asyncio.sleep(0)
        assert (await _ready(bot))["last_rounds"] == {}
        clock.advance(_PREPARATION_SECONDS)
        before = (await _ready_when(bot, clock, "watcher", "delivery"))["last_rounds"]
        async with asyncio.timeout(10):
            while (await _ready(bot))["last_rounds"]["watcher"] == before["watcher"]:
                clock.advance(5)

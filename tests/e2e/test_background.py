"""`/readyz` tells how what goes on in the background is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from bot.app import Application
from bot.playground.clock import ManualClock
from bot.playground.training_suite import TrainingSuite
from bot.playground.workspace import Workspace
from tests.e2e.world import empty_database, running, settings_for
from tests.resting_loop import at_rest


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
        bot = Application(settings, clock=clock)
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
            await at_rest()
            clock.advance(0.5)


async def test_ready_tells_when_the_last_rounds_ended(tmp_path: Path) -> None:
    """Each round moves it on."""
    clock = ManualClock()
    async with _serving(clock, tmp_path) as bot:
        before = (await _ready_when(bot, clock, "watcher", "delivery"))["last_rounds"]
        async with asyncio.timeout(10):
            while (await _ready(bot))["last_rounds"]["watcher"] == before["watcher"]:
                await at_rest()
                clock.advance(5)

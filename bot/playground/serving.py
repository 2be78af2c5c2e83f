"""Serving the made-up servers on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.playground.training_suite import TrainingSuite
from bot.playground.workspace import Workspace

_LOOPBACK = "127.0.0.1"
_SHUTDOWN_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Servers:
    """Where they are."""

    slack_api_url: str
    """Ends in a slash, as the Slack SDK wants it."""
    training_api_url: str
    """Without a slash at the end."""


@asynccontextmanager
async def serving(app: web.Application, host: str = _LOOPBACK, port: int = 0) -> AsyncIterator[str]:
    """Serve an application while the block runs; the value is its address, such as http://127.0.0.1:3000.

    Port 0 takes any free one.

    Raises:
        OSError: the port is taken.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        shown_host = f"[{host}]" if ":" in host else host
        yield f"http://{shown_host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def running(workspace: Workspace, suite: TrainingSuite) -> AsyncIterator[Servers]:
    """Both servers on free loopback ports while the block runs."""
    async with serving(workspace.app()) as workspace_url, serving(suite.app()) as suite_url:
        workspace.base_url = workspace_url
        try:
            yield Servers(f"{workspace_url}/api/", suite_url)
        finally:
            await workspace.aclose()

"""Serving the made-up servers on loopback."""

from __future__ import annotations

import errno
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.playground.training_suite import TrainingSuite
from bot.playground.workspace import Workspace
from bot.playground.workspace.slack import Slack

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
async def serving(
    app: web.Application, host: str = _LOOPBACK, port: int = 0, ports_to_try: int = 1
) -> AsyncIterator[str]:
    """Serve an application while the block runs; the value is its address, such as http://127.0.0.1:3000.

    Port 0 takes any free one; otherwise the next ones are tried where it is taken.

    Raises:
        OSError: none of the ports is free.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
    bound = _bound(host, port, ports_to_try)
    await runner.setup()
    try:
        await web.SockSite(runner, bound).start()
        shown_host = f"[{host}]" if ":" in host else host
        yield f"http://{shown_host}:{bound.getsockname()[1]}"
    finally:
        await runner.cleanup()
        bound.close()


def _bound(host: str, port: int, ports_to_try: int) -> socket.socket:
    """A listening socket on the first of these ports that is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, port + ports_to_try - 1):
        try:
            return socket.create_server((host, candidate), family=family)
        except OSError as exc:
            if exc.errno != errno.EADDRINUSE:
                raise
    return socket.create_server((host, port + ports_to_try - 1), family=family)


@asynccontextmanager
async def running(workspace: Workspace, suite: TrainingSuite) -> AsyncIterator[Servers]:
    """Both servers on free loopback ports while the block runs."""
    async with serving(workspace.app()) as workspace_url, serving(suite.app()) as suite_url:
        workspace.base_url = workspace_url
        try:
            yield Servers(f"{workspace_url}/api/", suite_url)
        finally:
            await workspace.aclose()


@asynccontextmanager
async def running_together(slack: Slack, suites: Sequence[TrainingSuite]) -> AsyncIterator[Servers]:
    """Several workspaces of one Slack at one address, and several organizations at another."""
    workspaces = slack.workspaces
    async with serving(slack.app()) as slack_url, serving(_organizations(suites)) as training_url:
        for workspace in workspaces:
            workspace.base_url = slack_url
        try:
            yield Servers(f"{slack_url}/api/", training_url)
        finally:
            for workspace in workspaces:
                await workspace.aclose()


def _organizations(suites: Sequence[TrainingSuite]) -> web.Application:
    """Each request goes to the organization it names; the first one refuses those that name none."""
    by_id = {suite.org_id: suite for suite in suites}

    async def answer(request: web.Request) -> web.Response:
        return await by_id.get(request.query.get("org_id", ""), suites[0]).answer(request)

    app = web.Application()
    app.router.add_get("/job/{method}/", answer)
    return app

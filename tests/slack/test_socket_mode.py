"""Socket Mode on a bad night: whatever fails, it is open in the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from slack_bolt.async_app import AsyncApp

from bot.playground.clock import ManualClock
from bot.playground.serving import serving
from bot.playground.workspace import Workspace
from bot.playground.workspace.faults import FaultKind
from bot.slack.gateway import open_session, web_client
from bot.slack.socket_mode import LOOK_SECONDS, SocketMode
from bot.tasks import Supervisor


@asynccontextmanager
async def _socket(workspace: Workspace, clock: ManualClock) -> AsyncIterator[SocketMode]:
    identity = workspace.identity
    async with serving(workspace.app()) as url, open_session() as session:
        workspace.base_url = url
        client = web_client(session, identity.bot_token, f"{url}/api/")
        bolt = AsyncApp(client=client, signing_secret="", process_before_response=True)
        socket = SocketMode(identity.app_token, bolt, client, Supervisor(clock), ping_seconds=0.03)
        try:
            yield socket
        finally:
            await socket.stop()
            await workspace.aclose()


async def _connected(socket: SocketMode) -> None:
    async with asyncio.timeout(5):
        while not socket.is_connected:  # noqa: ASYNC110  (slack_sdk tells nobody)
            await asyncio.sleep(0)


@pytest.mark.parametrize("kind", ["server_error", "html", "lost"])
async def test_slack_that_fails_is_asked_again(kind: FaultKind) -> None:
    """`apps.connections.open` may fail for a while."""
    workspace, clock = Workspace(ManualClock()), ManualClock()
    workspace.faults.fail_next(3, kind, method="apps.connections.open")
    async with _socket(workspace, clock) as socket:
        assert not socket.is_connected
        await _connected(socket)
        assert workspace.faults.next_for("apps.connections.open") is None


@pytest.mark.parametrize(("said", "seconds"), [("7", 7), ("1e12", 900), ("inf", 900), ("", 30)])
async def test_a_limit_is_waited_out_whatever_it_says(said: str, seconds: float) -> None:
    """One address a minute: a wait without an end, or one that is no number, keeps nobody out for long."""
    workspace, clock = Workspace(ManualClock()), ManualClock()
    workspace.faults.fail_next(1, "rate_limited", method="apps.connections.open", retry_after_seconds=said)
    async with _socket(workspace, clock) as socket:
        async with asyncio.timeout(5):
            while not clock.slept or clock.slept[-1] == LOOK_SECONDS:  # noqa: ASYNC110  (no event tells)
                await asyncio.sleep(0.001)
        assert clock.slept[-1] == seconds
        assert not socket.is_connected
        clock.advance(seconds)
        await _connected(socket)


async def test_an_address_that_does_not_work_is_replaced() -> None:
    """The address has expired by the time it is used: the next try is with a new one."""
    workspace, clock = Workspace(ManualClock()), ManualClock()
    workspace.rates.enabled = False
    async with _socket(workspace, clock) as socket:
        await _connected(socket)
        client = socket._handler.client  # noqa: SLF001  (slack_sdk offers no other way to break it)
        client.wss_uri = "ws://127.0.0.1:1/expired"
        reconnecting = asyncio.create_task(client.connect())
        while socket.is_connected:  # noqa: ASYNC110  (slack_sdk tells nobody)
            await asyncio.sleep(0)
        clock.advance(LOOK_SECONDS)
        await asyncio.wait_for(reconnecting, 5)
        assert socket.is_connected

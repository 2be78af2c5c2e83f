"""Socket Mode, with the Slack SDK's own client as the counterpart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.workspace import BOT, ME, TRAINING
from tests.playground.slack_side import CARD, Slack, until_asleep


@asynccontextmanager
async def _connected(
    served: Slack, payload: dict[str, Any] | None = None
) -> AsyncIterator[list[SocketModeRequest]]:
    """A client that acks everything with this payload, and keeps what it got."""
    workspace = served.workspace
    web_client = AsyncWebClient(base_url=f"{workspace.base_url}/api/", session=served.session)
    client = SocketModeClient(app_token=workspace.identity.app_token, web_client=web_client)
    got: list[SocketModeRequest] = []

    async def answer(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        got.append(request)
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))

    client.socket_mode_request_listeners.append(answer)
    await client.connect()
    await workspace.wait_for(lambda: workspace.socket.connections)
    try:
        yield got
    finally:
        await client.close()
        await client.aiohttp_client_session.close()


async def _link(served: Slack) -> str:
    """A new address, however soon after the last."""
    served.workspace.rates.enabled = False
    headers = {"Authorization": f"Bearer {served.workspace.identity.app_token}"}
    url = f"{served.workspace.base_url}/api/apps.connections.open"
    async with served.session.post(url, headers=headers) as response:
        return str((await response.json())["url"])


async def test_a_command_goes_out_and_its_ack_is_the_answer(served: Slack) -> None:
    """One round trip over the websocket."""
    async with _connected(served, CARD) as got:
        delivery = await served.workspace.slash(TRAINING, ME, "help")
    (request,) = got
    assert (request.type, request.accepts_response_payload) == ("slash_commands", True)
    assert request.payload["text"] == "help"
    assert delivery.ok
    assert delivery.message is not None
    assert delivery.message.text == "A card"


async def test_events_and_interactions_go_the_same_way(served: Slack) -> None:
    """Events take no payload back."""
    async with _connected(served) as got:
        await served.workspace.say(TRAINING, ME, f"<@{BOT}> help")
        await served.workspace.submit_view(
            ME, served.workspace.board.open_view(ME, {"type": "modal", "blocks": []})
        )
    assert [(one.type, one.accepts_response_payload) for one in got] == [
        ("events_api", False),
        ("interactive", True),
    ]
    assert got[0].payload["event"]["type"] == "app_mention"


async def test_a_link_is_good_for_one_connection(served: Slack) -> None:
    """The first frame says hello; the second connection, or a late one, is refused."""
    url = await _link(served)
    async with served.session.ws_connect(url) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await served.session.ws_connect(url)
    late = await _link(served)
    served.clock.advance(31)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await served.session.ws_connect(late)


async def test_an_address_a_minute(served: Slack) -> None:
    """Tier 1: whoever opens connections too often waits."""
    url = f"{served.workspace.base_url}/api/apps.connections.open"
    headers = {"Authorization": f"Bearer {served.workspace.identity.app_token}"}
    for seconds, status in ((0, 200), (15, 429), (45, 200)):
        served.clock.advance(seconds)
        async with served.session.post(url, headers=headers) as response:
            assert response.status == status
            assert response.headers.get("Retry-After") == ("45" if status == 429 else None)


async def test_a_bot_token_opens_no_connection(served: Slack) -> None:
    """Only the app token does."""
    assert await served.error("apps.connections.open") == "not_allowed_token_type"


async def test_a_client_is_asked_to_come_back(served: Slack) -> None:
    """The SDK's client opens a new websocket and goes on."""
    served.workspace.rates.enabled = False
    async with _connected(served) as got:
        await served.workspace.socket.ping()
        await served.workspace.socket.disconnect()
        link = served.workspace.socket
        await served.workspace.wait_for(lambda: link.connected == 2 and link.connections == 1)
        assert (await served.workspace.slash(TRAINING, ME)).ok
    assert len(got) == 1


async def test_no_ack_is_a_timeout(served: Slack) -> None:
    """Three seconds, as over HTTP; nonsense from the client is no ack."""
    async with served.session.ws_connect(await _link(served)) as socket:
        await socket.receive_json()
        asked = asyncio.create_task(served.workspace.slash(TRAINING, ME))
        assert (await socket.receive_json())["type"] == "slash_commands"
        for nonsense in ("{", "[]", "1", '{"envelope_id": 5}', '{"envelope_id": "other"}'):
            await socket.send_str(nonsense)
        await until_asleep(served.clock, 3)
        served.clock.advance(3)
        assert (await asked).error == "operation_timeout"


async def test_a_connection_lost_before_the_ack(served: Slack) -> None:
    """The delivery failed; an event would come again."""
    async with served.session.ws_connect(await _link(served)) as socket:
        await socket.receive_json()
        asked = asyncio.create_task(served.workspace.slash(TRAINING, ME))
        await socket.receive_json()
        await socket.close()
        assert (await asked).error == "connection_failed"
    assert served.workspace.socket.connections == 0


async def test_ten_connections_at_most(served: Slack) -> None:
    """The eleventh is told so and closed."""
    sockets = [await served.session.ws_connect(await _link(served)) for _ in range(11)]
    frames = [await socket.receive_json() for socket in sockets]
    assert [frame["type"] for frame in frames] == ["hello"] * 10 + ["disconnect"]
    assert frames[10]["reason"] == "too_many_websockets"
    for socket in sockets:
        await socket.close()

"""Delivery over Socket Mode: websockets that the app opened.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

from bot.playground.workspace.dispatch.envelope import Envelope, LinkLostError, Reply
from bot.playground.workspace.refusal import Refusal
from bot.playground.workspace.world import World

_MOST_CONNECTIONS = 10
_ANSWERABLE = frozenset({"slash_commands", "interactive"})


class SocketLink:
    """The app's open websockets; each envelope goes to one of them, in turn."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Reply]]] = {}
        self._sent = count(1)
        self.connected = 0
        """How many websockets were ever opened."""

    @property
    def connections(self) -> int:
        """How many websockets are open."""
        return len(self._sockets)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Take a websocket for a ticket of ``apps.connections.open``; a used or old one gets 403."""
        ticket = request.query.get("ticket", "")
        try:
            self._world.links.check(ticket, unknown="unknown", expired="expired", used="used")
        except Refusal as refusal:
            return web.Response(status=403, text=refusal.code)
        self._world.links.use(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self._sockets) >= _MOST_CONNECTIONS:
            await socket.send_json(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        await self._serve(socket)
        return socket

    async def send(self, envelope: Envelope) -> Reply:
        """Send one envelope and wait for its ack.

        Raises:
            LinkLostError: no websocket is open, or it was closed before the ack.
        """
        if not self._sockets:
            msg = "not_connected"
            raise LinkLostError(msg)
        number = next(self._sent)
        socket = self._sockets[number % len(self._sockets)]
        envelope_id = f"00000000-0000-4000-9000-{number:012d}"
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = (socket, future)
        try:
            await socket.send_json(_framed(envelope, envelope_id))
            return await future
        except ConnectionError as exc:
            msg = "connection_failed"
            raise LinkLostError(msg) from exc
        finally:
            del self._waiting[envelope_id]

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every client to come back on a new websocket (``warning``, ``refresh_requested``, …)."""
        for socket in tuple(self._sockets):
            await socket.send_json(_disconnect(reason))

    async def ping(self) -> None:
        """Ping every client."""
        for socket in tuple(self._sockets):
            await socket.ping(b"playground")

    async def aclose(self) -> None:
        """Close every websocket, as a server does that goes away."""
        for socket in tuple(self._sockets):
            await socket.close()

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        self._sockets.append(socket)
        self.connected += 1
        try:
            await socket.send_json(self._hello())
            self._world.feed.publish({"type": "linked"})
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._acknowledge(frame.data)
        finally:
            self._sockets.remove(socket)
            self._abandon(socket)
            self._world.feed.publish({"type": "linked"})

    def _hello(self) -> Mapping[str, Any]:
        return {
            "type": "hello",
            "num_connections": self.connections,
            "connection_info": {"app_id": self._world.identity.api_app_id},
            "debug_info": {"host": "playground", "build_number": 1, "approximate_connection_time": 18060},
        }

    def _acknowledge(self, text: str) -> None:
        """Match an ack with its envelope; anything else a client says is ignored, as Slack does."""
        try:
            frame = json.loads(text)
        except (ValueError, RecursionError):
            return
        envelope_id = frame.get("envelope_id") if isinstance(frame, dict) else None
        waiting = self._waiting.get(envelope_id) if isinstance(envelope_id, str) else None
        if waiting is not None and not waiting[1].done():
            payload = frame.get("payload")
            waiting[1].set_result(Reply(200, payload if isinstance(payload, dict) else None))

    def _abandon(self, socket: web.WebSocketResponse) -> None:
        for owner, future in self._waiting.values():
            if owner is socket and not future.done():
                future.set_exception(LinkLostError("connection_failed"))


def _disconnect(reason: str) -> Mapping[str, Any]:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}}


def _framed(envelope: Envelope, envelope_id: str) -> Mapping[str, Any]:
    frame: dict[str, Any] = {
        "envelope_id": envelope_id,
        "type": envelope.kind,
        "payload": envelope.payload,
        "accepts_response_payload": envelope.kind in _ANSWERABLE,
    }
    if envelope.kind == "events_api":
        frame |= {"retry_attempt": envelope.retry_num, "retry_reason": envelope.retry_reason}
    return frame

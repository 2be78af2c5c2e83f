"""The HTTP server alone, on a clock that tests move, in front of a Bolt app that counts what reaches it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import EVENTS_PATH
from bot.domain.health.readiness import Readiness
from bot.domain.ports import Clock
from bot.playground.clock import ManualClock
from bot.playground.workspace.dispatch.http_link import signed_headers
from bot.tasks import Supervisor
from bot.web.door import SlackDoor
from bot.web.server import WebServer

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Served:
    """A server, and what came through its door."""

    clock: ManualClock
    door: SlackDoor
    port: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list)
    """The bodies that were dispatched."""

    def signed(self, body: bytes, *, ahead_seconds: int = 0, secret: str = SECRET) -> dict[str, str]:
        """Slack's headers for a body, from a clock that is so much behind ours."""
        stamp = str(int(self.clock.now().timestamp()) - ahead_seconds)
        return {"Content-Type": FORM, **signed_headers(secret, body, stamp)}

    async def send(self, raw: bytes) -> bytes:
        """Send bytes over a fresh connection; all that comes back until it is closed."""
        reader, writer = await self.connect()
        writer.write(raw)
        try:
            return await asyncio.wait_for(reader.read(), 10)
        finally:
            writer.close()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A fresh connection."""
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def post(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Post to the door; the status."""
        answer = await self.send(request(body, headers))
        return int(answer.split(b" ", 2)[1])


def request(body: bytes, headers: Mapping[str, str], *, path: str = EVENTS_PATH) -> bytes:
    """A whole request, after which the server closes; header values may be any bytes of Latin-1."""
    lines = [f"POST {path} HTTP/1.1", "Host: x", "Connection: close", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


@asynccontextmanager
async def served(most: int | None = None, door_clock: Clock | None = None) -> AsyncIterator[Served]:
    """A fresh server that takes at most so many connections at once; its door may have a clock of its own."""
    clock = ManualClock()
    bolt = AsyncApp(
        signing_secret="unused",
        authorize=_authorize,
        request_verification_enabled=False,
        process_before_response=True,
    )
    door = SlackDoor(bolt, SECRET, door_clock or clock)
    made = Served(clock, door)

    @bolt.middleware
    async def take(req: AsyncBoltRequest) -> BoltResponse:
        made.taken.append(req.body)
        return BoltResponse(status=200, body="")

    async def readiness() -> Readiness:
        return Readiness({"deliveries": door.problem()})

    server = WebServer(door, readiness, clock, Supervisor(clock))
    made.port = await server.start("127.0.0.1", 0, grace_seconds=0.1, most=most)
    try:
        yield made
    finally:
        await server.stop()


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1")

"""The gateway before a server that answers as a test wants."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.playground.clock import InstantClock
from bot.slack.gateway import SlackWebGateway, open_session

TOKEN = "xoxb-1-hunter2"
Handler = Callable[[web.Request], Awaitable[web.Response]]


@asynccontextmanager
async def scripted(handler: Handler) -> AsyncIterator[tuple[SlackWebGateway, InstantClock, str]]:
    """The gateway, its clock, and where it calls."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    clock = InstantClock()
    async with TestServer(app) as server, open_session() as session:
        url = str(server.make_url("/api/"))
        yield SlackWebGateway(session, url, TOKEN, clock, lambda: 0.5), clock, url


class Script:
    """Answers in turn, the last one for ever; keeps who connected and what was sent."""

    def __init__(self, *answers: web.Response | Exception) -> None:
        self._answers = list(answers)
        self.bodies: list[str] = []
        self.peers: set[object] = set()

    async def handle(self, request: web.Request) -> web.Response:
        """The next answer."""
        self.peers.add(request.transport and request.transport.get_extra_info("peername"))
        self.bodies.append(await request.text())
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            assert request.transport
            request.transport.close()
            return web.Response()
        return web.Response(
            status=answer.status,
            body=answer.body,
            headers={k: v for k, v in answer.headers.items() if k != "Content-Length"},
        )


def as_json(body: object, status: int = 200, **headers: str) -> web.Response:
    """An answer with this body."""
    return web.json_response(body, status=status, headers=headers)

"""Where people come in to install the app. Anybody can: nothing is read but a short address and a cookie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from aiohttp import web
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.web.connections import Stage, enter

MOST_OF_A_QUERY: Final = 2_000
"""Characters. A state and a code of Slack's are a few hundred."""


class InstallFlow(Protocol):
    """Bolt's flow: see `bot.tenants.install_flow`."""

    async def handle_installation(self, request: AsyncBoltRequest) -> BoltResponse:
        """The page where an installation begins."""
        ...

    async def handle_callback(self, request: AsyncBoltRequest) -> BoltResponse:
        """The page where it ends."""
        ...


class InstallDoor:
    """Both addresses of the flow. Each page is sent with ``headers``."""

    def __init__(self, flow: InstallFlow, headers: Mapping[str, str]) -> None:
        self._flow = flow
        self._headers = headers

    async def begin(self, request: web.Request) -> web.Response:
        """``/slack/install``."""
        bolt = _read(request)
        return _too_long() if bolt is None else self._sent(await self._flow.handle_installation(bolt))

    async def end(self, request: web.Request) -> web.Response:
        """``/slack/oauth_redirect``: Slack is asked meanwhile."""
        bolt = _read(request)
        if bolt is None:
            return _too_long()
        enter(request, Stage.ANSWERING)
        return self._sent(await self._flow.handle_callback(bolt))

    def _sent(self, answer: BoltResponse) -> web.Response:
        response = web.Response(status=answer.status, text=answer.body, headers=self._headers)
        for cookie in answer.headers.get("set-cookie", ()):
            response.headers.add("Set-Cookie", cookie)
        return response


def _read(request: web.Request) -> AsyncBoltRequest | None:
    """What Bolt reads of it; None where nobody whom Slack sent would send it."""
    query = request.rel_url.raw_query_string
    if len(query) > MOST_OF_A_QUERY:
        return None
    return AsyncBoltRequest(body="", query=query, headers={"Cookie": request.headers.get("Cookie", "")})


def _too_long() -> web.Response:
    return web.Response(status=414)

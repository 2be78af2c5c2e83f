"""An app's side of the workspace: a client for its Web API, and a bot that answers as it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.clock import ManualClock
from bot.playground.serving import serving
from bot.playground.workspace import Workspace

CARD = {"text": "A card", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "A card"}}]}
BUTTON = {"type": "button", "action_id": "go", "value": "1", "text": {"type": "plain_text", "text": "Go"}}
WITH_BUTTON = {"text": "A card", "blocks": [{"type": "actions", "block_id": "row", "elements": [BUTTON]}]}
MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Details"},
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "All of it"}}],
}


@dataclass
class Slack:
    """A workspace that is served, and a client with the bot's token."""

    workspace: Workspace
    clock: ManualClock
    client: AsyncWebClient
    session: aiohttp.ClientSession

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """The answer's body, whether it is ok or not."""
        try:
            response = await self.client.api_call(method, json=arguments)
        except SlackApiError as error:
            response = error.response
        assert isinstance(response.data, dict)
        return response.data

    async def error(self, method: str, **arguments: Any) -> str | None:
        """The error code, or None."""
        return (await self.call(method, **arguments)).get("error")

    async def respond(self, url: str, body: object) -> tuple[int, str]:
        """Post to a response URL."""
        async with self.session.post(url, json=body) as response:
            return response.status, await response.text()


@asynccontextmanager
async def slack() -> AsyncIterator[Slack]:
    """A fresh workspace on a clock that only tests move."""
    clock = ManualClock()
    workspace = Workspace(clock)
    async with serving(workspace.app()) as url, aiohttp.ClientSession() as session:
        workspace.base_url = url
        client = AsyncWebClient(workspace.identity.bot_token, base_url=f"{url}/api/", session=session)
        try:
            yield Slack(workspace, clock, client, session)
        finally:
            await workspace.aclose()


@dataclass
class Bot:
    """An app that keeps what it is sent and answers the next of ``answers``, then plain 200s."""

    answers: list[web.Response | asyncio.Event] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    @property
    def payloads(self) -> list[dict[str, Any]]:
        """What was sent, read as an app reads it."""
        return [_read(body) for body in self.bodies]

    async def answer(self, request: web.Request) -> web.Response:
        """One delivery; an event instead of an answer keeps it waiting."""
        self.bodies.append(await request.read())
        self.headers.append(dict(request.headers))
        answer = self.answers.pop(0) if self.answers else web.Response()
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return web.Response()
        return answer


def _read(body: bytes) -> dict[str, Any]:
    if body.startswith(b"{"):
        return dict(json.loads(body))
    form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return dict(json.loads(form["payload"])) if "payload" in form else form


@asynccontextmanager
async def http_bot(workspace: Workspace, *answers: web.Response | asyncio.Event) -> AsyncIterator[Bot]:
    """A bot that the workspace delivers to over HTTP."""
    bot = Bot(list(answers))
    app = web.Application()
    app.router.add_post("/slack/events", bot.answer)
    async with serving(app) as url:
        workspace.request_url = f"{url}/slack/events"
        yield bot


async def until_asleep(clock: ManualClock, seconds: float) -> None:
    """Wait until something sleeps for so long, as the last to fall asleep."""
    while not clock.slept or clock.slept[-1] != seconds:  # noqa: ASYNC110  (a clock tells nobody who sleeps)
        await asyncio.sleep(0)

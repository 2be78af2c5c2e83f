"""Many made-up workspaces behind one address, and a journal of all that the bot asks of them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

from aiohttp import web

from bot.domain.ports import Clock
from bot.playground.workspace import BOT, GRACE, ME, Channel, ChannelKind, Identity, Workspace
from bot.playground.workspace.web_api.arguments import read_arguments
from tests.soak.plan import workspace_name

CHANNELS = 9
"""In each workspace: two for single jobs, then one each for the group, the feed, the digest, what people
ask, what they subscribe to meanwhile, and the feed and the digest that they switch on and off."""
GROUP, FEED, DIGEST, ASK, SUBSCRIBE, SWITCHED_FEED, SWITCHED_DIGEST = range(2, CHANNELS)
POST: Final = "chat.postMessage"
EDIT: Final = "chat.update"
EPHEMERAL: Final = "chat.postEphemeral"
RESPONSE: Final = "response_url"
_LATELY_SECONDS: Final = 60.0
_NAME: Final = re.compile(r"\b(w\d{3})-[a-z]\d{4}")
_MENTION: Final = re.compile(r"<@(\w+)>")


@dataclass(slots=True)
class Received:
    """A call of the Web API as Slack received it."""

    at: float
    """Seconds of a clock that never jumps."""
    team_id: str
    """Whose token came with it."""
    method: str
    channel_id: str = ""
    thread_ts: str = ""
    is_broadcast: bool = False
    text: str = ""
    """What a notification shows."""
    names: frozenset[str] = frozenset()
    """Whose jobs are named anywhere in it: `workspace_name`."""
    mentions: frozenset[str] = frozenset()
    """The people it mentions anywhere."""
    ts: str = ""
    """Of the message that was posted or edited; empty where Slack took nothing."""
    retry_after_seconds: float = 0.0
    """What a 429 asked for."""
    is_refused: bool = False
    """Whoever called knows that nothing was done, and may try again."""
    is_unheard: bool = False
    """Whoever called got no answer, and has to look whether it was done."""


class Slack:
    """All workspaces."""

    def __init__(self, clock: Clock, count: int) -> None:
        self._clock = clock
        self.workspaces = [_workspace(clock, number) for number in range(count)]
        self._by_token = {each.identity.bot_token: each for each in self.workspaces}
        self._by_team = {each.identity.team_id: each for each in self.workspaces}
        self.journal: list[Received] = []
        """Every call, oldest first."""
        self.responses: defaultdict[tuple[str, str], list[Received]] = defaultdict(list)
        """The answers over a ``response_url``, by workspace and ticket."""
        self.in_threads: defaultdict[tuple[str, str], list[Received]] = defaultdict(list)
        """The messages for a thread, by workspace and its ``ts``, oldest first."""
        self.in_rooms: defaultdict[str, list[Received]] = defaultdict(list)
        """The messages for a channel, oldest first."""
        self.private: defaultdict[tuple[str, str, str], list[Received]] = defaultdict(list)
        """What one person alone was to see, by workspace, thread and person."""
        self.on_taken: Callable[[Received], None] = _nothing
        """Called with each call that did what it should."""

    @property
    def posted(self) -> int:
        """How many messages Slack took."""
        return sum(1 for each in self.journal if each.method == POST and each.ts)

    def edits_failed(self, team_id: str) -> bool:
        """Whether lately an edit in this workspace was not taken, so that it may still have to wait."""
        since = self._clock.monotonic() - _LATELY_SECONDS
        lately = takewhile(lambda each: each.at >= since, reversed(self.journal))
        return any(each.team_id == team_id and each.method == EDIT and not each.ts for each in lately)

    def app(self) -> web.Application:
        """The application to serve."""
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._answer)
        app.router.add_post("/respond/{team}/{ticket}", self._respond)
        return app

    async def aclose(self) -> None:
        """End everything that hangs."""
        for each in self.workspaces:
            await each.aclose()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        workspace = self._by_token.get(token)
        if workspace is None:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        method, arguments = request.match_info["method"], await read_arguments(request)
        received = _received(self._clock.monotonic(), workspace, method, arguments)
        self._sort(received, str(arguments.get("user", "")))
        return await self._noted(request, received, workspace.web_api.answer(request))

    def _sort(self, received: Received, user_id: str) -> None:
        if received.method == POST:
            self.in_rooms[received.channel_id].append(received)
            self.in_threads[received.team_id, received.thread_ts].append(received)
        elif received.method == EPHEMERAL:
            self.private[received.team_id, received.thread_ts, user_id].append(received)

    async def _noted(
        self, request: web.Request, received: Received, answering: Awaitable[web.StreamResponse]
    ) -> web.StreamResponse:
        self.journal.append(received)
        response = await answering
        received.is_unheard = request.transport is None or request.transport.is_closing()
        self._note(received, response)
        return response

    def _note(self, received: Received, response: web.StreamResponse) -> None:
        if response.status == web.HTTPTooManyRequests.status_code:
            received.retry_after_seconds = float(response.headers["Retry-After"])
            received.is_refused = True
            return
        answer = {"ok": True} if _is_plain_ok(response) else _answered(response)
        received.is_refused = answer.get("ok") is False
        if answer.get("ok") is True:
            received.ts = str(answer.get("ts", "-"))
            self.on_taken(received)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        team_id, ticket = request.match_info["team"], request.match_info["ticket"]
        workspace = self._by_team[team_id]
        content = json.loads(await request.read())
        received = _received(self._clock.monotonic(), workspace, RESPONSE, content)
        self.responses[team_id, ticket].append(received)
        return await self._noted(request, received, workspace.response_urls.answer(request))


def _nothing(_received: Received) -> None:
    """Until somebody wants to know."""


def channel_id(workspace: int, number: int) -> str:
    """A channel's ID, which no other workspace has."""
    return f"C0{workspace_name(workspace).upper()}C{number}"


def _workspace(clock: Clock, number: int) -> Workspace:
    name = workspace_name(number).upper()
    identity = Identity(team_id=f"T0{name}", team_domain=name.lower(), bot_token=f"xoxb-0000000000-{name}")
    workspace = Workspace(clock, identity=identity)
    workspace.board.channels = {
        found: Channel(found, f"room-{room}", ChannelKind.PUBLIC, {ME, GRACE, BOT})
        for room in range(CHANNELS)
        for found in [channel_id(number, room)]
    }
    return workspace


def _received(at: float, workspace: Workspace, method: str, arguments: Mapping[str, Any]) -> Received:
    content = json.dumps(dict(arguments))
    return Received(
        at,
        workspace.identity.team_id,
        method,
        channel_id=str(arguments.get("channel", "")),
        thread_ts=str(arguments.get("thread_ts") or ""),
        is_broadcast=str(arguments.get("reply_broadcast", "")).lower() in {"true", "1"},
        text=str(arguments.get("text", "")),
        names=frozenset(_NAME.findall(content)),
        mentions=frozenset(_MENTION.findall(content)),
    )


def _is_plain_ok(response: web.StreamResponse) -> bool:
    """What a ``response_url`` says."""
    return isinstance(response, web.Response) and response.text == "ok"


def _answered(response: web.StreamResponse) -> Mapping[str, Any]:
    text = response.text if isinstance(response, web.Response) else None
    is_json = response.content_type == "application/json"
    found = json.loads(text) if text and is_json else {}
    return found if isinstance(found, dict) else {}

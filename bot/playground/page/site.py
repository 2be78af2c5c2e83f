"""The page's server: files, the state, the stream of events, and the deeds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.cards.gallery.gallery import Sample
from bot.clock import SystemClock
from bot.handlers.kit.command import Command
from bot.manifest import message_shortcuts, usage_hint
from bot.playground.page.controls import Controls
from bot.playground.page.guard import add_headers, guard
from bot.playground.page.objects import (
    channels_json,
    message_json,
    news_json,
    view_json,
)
from bot.playground.page.page_actions import MalformedError, PageActions
from bot.playground.page.rail import Rail
from bot.playground.workspace import NotPossibleError, Workspace
from bot.tasks import Supervisor

PageAction = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any] | None]]

_STATIC = Path(__file__).parent.parent / "static"
_MOST_BODY_BYTES = 256 * 1024
_HEARTBEAT_SECONDS = 15.0
_JOBS_EVERY_SECONDS = 1.0
_LOOKING = frozenset({"home", "suggest", "close", "reset", "uninstall"})
"""What begins nothing: it only looks, or starts over."""
_ENDINGS = frozenset({"reset", "closed"})
"""News after which a stream ends; the page comes back and asks for the whole state."""


class Page:
    """The workspace as its visitor's browser sees it. ``rail``: where it is among others."""

    def __init__(  # noqa: PLR0913  (what it shows, and what it does)
        self,
        workspace: Workspace,
        deeds: PageActions,
        controls: Controls,
        commands: Sequence[Command],
        samples: Callable[[], Sequence[Sample]],
        *,
        rail: Rail | None = None,
    ) -> None:
        self._workspace = workspace
        self._me = workspace.identity.visitor_id
        self._rail = rail or Rail()
        self._deeds = deeds
        self._controls = controls
        self._commands = commands
        self._samples = samples

    def app(self) -> web.Application:
        """The aiohttp application to serve."""
        app = web.Application(middlewares=[guard], client_max_size=_MOST_BODY_BYTES)
        app.on_response_prepare.append(add_headers)
        app.on_shutdown.append(self._end_streams)
        app.cleanup_ctx.append(self._telling_jobs)
        router = app.router
        router.add_get("/", self._index)
        router.add_static("/static", _STATIC)
        router.add_get("/playground/state", self._state)
        router.add_get("/playground/events", self._events)
        router.add_get("/playground/gallery", self._gallery)
        for name, deed in self._all_deeds().items():
            router.add_post(
                f"/playground/{name}", _doing(deed if name in _LOOKING else self._beginning(deed))
            )
        return app

    def _beginning(self, deed: PageAction) -> PageAction:
        """The deed, before which the jobs' clock begins to run: until somebody acts nothing is missed."""

        async def begin_and_do(asked: Mapping[str, Any]) -> Mapping[str, Any] | None:
            has_begun = self._controls.begin()
            try:
                return await deed(asked)
            finally:
                if has_begun:  # after the action: it may be a switch, which stands otherwise now
                    self._controls.publish_switches()

        return begin_and_do

    def _all_deeds(self) -> Mapping[str, PageAction]:
        deeds, controls = self._deeds, self._controls
        return {
            "say": deeds.say,
            "command": deeds.command,
            "click": deeds.click,
            "shortcut": deeds.shortcut,
            "suggest": deeds.suggest,
            "home": deeds.home,
            "submit": deeds.submit,
            "close": deeds.close,
            "delete": deeds.delete,
            "archive": deeds.archive,
            "uninstall": deeds.uninstall,
            "bot": controls.bot,
            "job": controls.job,
            "sweep": controls.sweep,
            "switches": controls.switch,
            "reset": controls.reset,
        }

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_STATIC / "index.html")

    async def _state(self, _request: web.Request) -> web.Response:
        workspace, board = self._workspace, self._workspace.board
        bot_id = workspace.identity.bot_user_id
        seen = [
            message_json(message, board.channels[message.channel_id])
            for message in workspace.visible_to(self._me)
        ]
        document = {
            "me": {"id": self._me, "name": board.users[self._me].name},
            "bot": {
                "id": bot_id,
                "name": board.users[bot_id].name,
                "is_running": self._controls.is_bot_running(),
            },
            "slash_command": self._deeds.slash_command,
            "slash_hint": usage_hint(),
            "commands": [{"usage": one.usage, "summary": one.summary} for one in self._commands],
            "shortcuts": message_shortcuts(),
            "users": {one.id: {"name": one.name, "is_bot": one.is_bot} for one in board.users.values()},
            "channels": channels_json(workspace, self._me),
            "messages": seen,
            "views": [view_json(view) for view in workspace.views_of(self._me)],
            "home": view_json(board.homes[self._me]) if self._me in board.homes else None,
            "jobs": self._controls.jobs(),
            "switches": self._controls.switches(),
            "now": datetime.now(UTC).isoformat(),
            **self._rail.state(workspace),
        }
        return web.json_response(document)

    async def _gallery(self, _request: web.Request) -> web.Response:
        return web.json_response({"samples": [_sample_json(sample) for sample in self._samples()]})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        with self._workspace.feed.subscribe() as queue, suppress(ConnectionError):
            await stream.prepare(request)
            await stream.write(b": hello\n\n")
            while True:
                try:
                    news = await asyncio.wait_for(queue.get(), _HEARTBEAT_SECONDS)
                except TimeoutError:
                    await stream.write(b": still here\n\n")
                    continue
                if news["type"] in _ENDINGS:
                    break
                event = news_json(self._workspace, news, self._me)
                if event is not None:
                    await stream.write(b"data: " + json.dumps(event).encode() + b"\n\n")
        return stream

    async def _end_streams(self, _app: web.Application) -> None:
        self._workspace.feed.publish({"type": "closed"})

    async def _telling_jobs(self, _app: web.Application) -> AsyncIterator[None]:
        telling = Supervisor(SystemClock()).keep("telling jobs", self._tell_jobs)
        yield
        await telling.stop()

    async def _tell_jobs(self) -> None:
        """Publish the jobs whenever they have moved."""
        told: list[dict[str, Any]] = []
        while True:
            jobs = self._controls.jobs()
            if jobs != told:
                told = jobs
                self._workspace.feed.publish({"type": "jobs", "jobs": jobs})
            await asyncio.sleep(_JOBS_EVERY_SECONDS)


def _doing(deed: PageAction) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler that does it, and says in one plain sentence why not."""

    async def handle(request: web.Request) -> web.Response:
        try:
            more = await deed(await _asked(request))
        except MalformedError as exc:
            return web.json_response({"ok": False, "error": str(exc)}, status=400)
        except NotPossibleError as exc:  # a button may be gone by the time it is pressed: that is no fault
            return web.json_response({"ok": False, "error": str(exc)})
        return web.json_response({"ok": True, **(more or {})})

    return handle


async def _asked(request: web.Request) -> Mapping[str, Any]:
    try:
        asked = json.loads(await request.read())
    except (ValueError, RecursionError) as exc:
        msg = "That is not JSON."
        raise MalformedError(msg) from exc
    if not isinstance(asked, dict):
        msg = "Send a JSON object."
        raise MalformedError(msg)
    return asked


def _sample_json(sample: Sample) -> dict[str, Any]:
    body = sample.body
    found: dict[str, Any] = {
        "name": sample.name,
        "title": sample.title,
        "kind": sample.kind,
        "text": body.get("text", ""),
        "blocks": body.get("blocks", []),
    }
    if sample.kind == "modal":
        found["view"] = body
    return found

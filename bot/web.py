"""The HTTP server: Slack's requests, and two addresses that tell how the bot is."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot import EVENTS_PATH

MAX_BODY_BYTES = 1024 * 1024
_log = structlog.stdlib.get_logger(__name__)
_NO_PAYLOAD = (ValueError, TypeError, AttributeError, LookupError)
"""What Bolt itself raises for a body that is no payload of Slack's; failures of ours it hands to us."""
_TIMESTAMP = re.compile(r"\d{1,15}")

Readiness = Callable[[], Awaitable[Mapping[str, str | None]]]
"""What serving takes, by name: None where it is fine, else what is wrong, fit for strangers' eyes."""


def build_web_app(bolt: AsyncApp | None, readiness: Readiness) -> web.Application:
    """The routes. Without ``bolt`` (Socket Mode) Slack's requests are not taken over HTTP."""
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app.router.add_get("/healthz", _health)
    app.router.add_get("/readyz", _ready_handler(readiness))
    if bolt is not None:
        app.router.add_post(EVENTS_PATH, _slack_handler(bolt))
    return app


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


def _ready_handler(readiness: Readiness) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def ready(_request: web.Request) -> web.Response:
        problems = await readiness()
        is_ready = not any(problems.values())
        body = {"ready": is_ready, "checks": {name: problem or "ok" for name, problem in problems.items()}}
        return web.json_response(body, status=200 if is_ready else 503)

    return ready


def _slack_handler(bolt: AsyncApp) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def slack(request: web.Request) -> web.Response:
        # Bolt reads the body before it checks the signature and takes any timestamp for a number:
        # what Slack would never send is refused before it can fail there.
        if not _TIMESTAMP.fullmatch(request.headers.get("X-Slack-Request-Timestamp", "")):
            return web.Response(status=401)
        try:
            payload = await to_bolt_request(request)
        except _NO_PAYLOAD as error:
            # Anyone can send this, unsigned: a line each, and none of it in the log.
            _log.info("unreadable request", error=type(error).__name__)
            return web.Response(status=400)
        try:
            answer = await bolt.async_dispatch(payload)
        except _NO_PAYLOAD:
            _log.warning("unreadable payload", exc_info=True)
            return web.Response(status=400)
        # Bolt's own adapter reads the content type with an expression, sets cookies, copies headers:
        # nothing that an ack has.
        content_type = "application/json" if answer.body.startswith("{") else "text/plain"
        return web.Response(status=answer.status, text=answer.body, content_type=content_type)

    return slack

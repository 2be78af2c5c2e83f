"""How Simplismart says no: the documented errors, and those the switches make."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.playground.training_suite.switches import Switches

_PAGE = (
    "<!doctype html><html><head><title>502 Bad Gateway</title></head>"
    "<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>"
)


class Refusal(Exception):  # noqa: N818  (it is an answer of the API, not a mistake in this program)
    """An error answer: ``{"detail": …}`` with a status."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def check_key(authorization: str | None, token: str) -> None:
    """Raise the 401 that a missing, malformed or wrong key gets."""
    scheme, _, key = (authorization or "").partition(" ")
    if not authorization:
        raise Refusal(401, "Authentication credentials were not provided.")
    if scheme.lower() != "bearer" or not hmac.compare_digest(key.strip().encode(), token.encode()):
        raise Refusal(401, "Given token not valid for any token type.")


def switched_off(switches: Switches, request: web.Request) -> web.Response | None:
    """The broken answer that the switches ask for, or None when they let the request through."""
    if switches.down:
        return _hung_up(request)
    if switches.rate_limited:
        wait = {"Retry-After": str(switches.retry_after_seconds)}
        raise Refusal(429, "Request was throttled.", wait)
    if switches.html:
        return _page(switches)
    if switches.server_error:
        raise Refusal(500, "Internal server error.")
    if switches.key_expired:
        raise Refusal(401, "Token has expired.")
    return _list_switched_off(switches, request) if request.path == "/job/list/" else None


def _list_switched_off(switches: Switches, request: web.Request) -> web.Response | None:
    if switches.list_down:
        return _hung_up(request)
    if switches.list_html:
        return _page(switches)
    if switches.list_refused:
        raise Refusal(switches.list_status, "Not here.")
    return None


def _hung_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=503)


def _page(switches: Switches) -> web.Response:
    return web.Response(text=_PAGE, status=switches.html_status, content_type="text/html")


def json_answer(
    content: Mapping[str, Any] | Sequence[Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """A JSON response."""
    return web.Response(
        text=json.dumps(content), status=status, headers=headers, content_type="application/json"
    )

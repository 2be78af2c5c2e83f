"""Keeps the playground to this machine: no foreign host names, no posts from other sites."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.playground.workspace.oauth.authorize_page import AUTHORIZE_PATH

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
"""What a page without scripts posts, such as Slack's own."""
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def refusal(  # noqa: PLR0913  (what a request says of itself)
    host: str,
    method: str,
    content_type: str,
    origin: str | None,
    site: str | None,
    *,
    takes: str = _JSON,
) -> tuple[HTTPStatus, str] | None:
    """Why a request is turned away, or None; ``takes`` is the only type of what is posted.

    A foreign name in ``Host`` is how DNS rebinding comes in; a page of another site can post here, but
    not as JSON, and not without saying where it is from (``Origin``, ``Sec-Fetch-Site``).
    """
    if _hostname(host) not in _LOOPBACK:
        return HTTPStatus.FORBIDDEN, "The playground answers on this machine's own address only."
    if method in {"GET", "HEAD"}:
        return None
    if content_type != takes:
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {takes}."
    if origin not in {None, f"http://{host}"} or site not in {None, "same-origin", "none"}:
        return HTTPStatus.FORBIDDEN, "Only the playground's own page may do this."
    return None


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn away what `refusal` names."""
    headers = request.headers
    found = refusal(
        request.host,
        request.method,
        request.content_type,
        headers.get("Origin"),
        headers.get("Sec-Fetch-Site"),
        takes=_FORM if request.path == AUTHORIZE_PATH else _JSON,
    )
    if found is not None:
        status, error = found
        return web.json_response({"ok": False, "error": error}, status=status)
    return await handler(request)


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """On every answer that does not say otherwise: it loads nothing from elsewhere and nobody frames it."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None

"""How a planned failure comes about over HTTP: before the work is done, or after it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from aiohttp import web

from bot.domain.ports import Clock
from bot.playground.workspace.faults import HANG_SECONDS, Fault
from bot.tasks import within

_PAGE = "<!doctype html><title>Slack</title><h1>Server Error</h1>"


async def hampered(
    fault: Fault | None,
    request: web.Request,
    work: Callable[[], web.Response],
    clock: Clock,
    is_closing: asyncio.Event,
) -> web.Response:
    """What ``work`` answers, unless the fault is in the way; ``is_closing`` ends an answer that hangs."""
    early = None if fault is None else _early(fault, request)
    if early is not None:
        return early
    response = work()
    if fault is not None and fault.kind == "odd" and isinstance(response.body, bytes):
        response.body = fault.reshape(response.body)
    if fault is not None and fault.kind in {"lost_answer", "timeout"}:
        if fault.kind == "timeout":
            with suppress(TimeoutError):
                await within(clock, HANG_SECONDS, is_closing.wait())
        _hang_up(request)
    return response


def rate_limited(retry_after: str) -> web.Response:
    """429, with what is asked for."""
    return web.json_response(
        {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": retry_after}
    )


def _early(fault: Fault, request: web.Request) -> web.Response | None:
    """The answer of a call that fails before anything is done."""
    if fault.kind == "rate_limited":
        return rate_limited(str(fault.retry_after_seconds))
    if fault.kind == "server_error":
        return web.Response(text=_PAGE, status=500, content_type="text/html")
    if fault.kind == "html":
        return web.Response(text=_PAGE, content_type="text/html")
    if fault.kind == "refused":
        return web.json_response({"ok": False, "error": fault.code})
    if fault.kind == "lost":
        _hang_up(request)
        return web.Response(status=503)
    return None


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()

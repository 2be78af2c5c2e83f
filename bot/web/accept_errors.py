"""Errors of accepting connections: asyncio logs each with a traceback, many in a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bot.domain.ports import Clock
from bot.web.limited_log import LimitedLog

_ACCEPTING = "socket.accept() out of system resource"
"""How asyncio names them (``selector_events``)."""


def limit_accept_errors(clock: Clock) -> Callable[[], None]:
    """Let the running event loop log these errors once a minute; returns what undoes it."""
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    log = LimitedLog(__name__, clock)

    def handle(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if context.get("message") == _ACCEPTING:
            log.warning("cannot accept a connection", error=str(context.get("exception")))
        elif before is not None:
            before(loop, context)
        else:
            loop.default_exception_handler(context)

    loop.set_exception_handler(handle)
    return lambda: loop.set_exception_handler(before)

"""Deadlines for requests, and a bound on connections that leaves room for the bot's own.

aiohttp waits for headers and bodies as long as the other side likes, and takes as many connections as there
are descriptors: whoever begins requests and ends none could stop the bot's calls to Slack. So each of its
connections stands behind one of ours, which knows how long the other side has kept it waiting.
"""

from __future__ import annotations

import asyncio
import math
import resource
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import cast

from aiohttp import web

from bot.domain.ports import Clock
from bot.web.limited_log import LimitedLog

HEADER_SECONDS = 10.0
BODY_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 75.0
"""How long a connection may rest between requests."""
SWEEP_SECONDS = 1.0
MAX_CONNECTIONS = 512
MAX_ACCEPTED_AT_ONCE = 128
OWN_DESCRIPTORS = 100
"""What the bot itself opens: 40 connections to Slack, 16 to Simplismart, the database, files."""

_TIMED_OUT = (
    b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"  # RFC 9110, 15.5.9
)


class Stage(Enum):
    """What a connection is at."""

    IDLE = auto()
    HEADERS = auto()
    BODY = auto()
    ANSWERING = auto()


_ALLOWED_SECONDS: Mapping[Stage, float] = {
    Stage.IDLE: KEEP_ALIVE_SECONDS,
    Stage.HEADERS: HEADER_SECONDS,
    Stage.BODY: BODY_SECONDS,
    Stage.ANSWERING: math.inf,
}


def accepted_at_once() -> int:
    """How many may be waiting to be let in, which asyncio accepts in one go: each has its descriptor then."""
    limit = _descriptors()
    return MAX_ACCEPTED_AT_ONCE if limit is None else max(1, min(MAX_ACCEPTED_AT_ONCE, limit // 16))


def most_connections() -> int:
    """As many as leave `OWN_DESCRIPTORS` of the process's limit, or half of a limit that small.

    Those that have been accepted and are still to be refused are counted too.
    """
    limit = _descriptors()
    if limit is None:
        return MAX_CONNECTIONS
    return min(MAX_CONNECTIONS, max(limit - OWN_DESCRIPTORS - accepted_at_once(), limit // 2))


def _descriptors() -> int | None:
    """The process's limit; None where there is none."""
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if limit == resource.RLIM_INFINITY else limit


class Connections:
    """Every open connection, at most ``most`` at once.

    Where one more comes, the one that has kept us waiting longest gives way; where all are being answered,
    the new one is closed.
    """

    def __init__(self, clock: Clock, most: int | None = None) -> None:
        self._clock = clock
        self._most = most_connections() if most is None else most
        self._open: set[Connection] = set()
        self._log = LimitedLog(__name__, clock)

    def wrapped(self, protocol_factory: Callable[[], asyncio.Protocol]) -> Callable[[], Connection]:
        """A factory of connections around the protocols of another factory."""
        return lambda: Connection(protocol_factory(), self)

    async def sweep(self) -> None:
        """Close whatever is past its deadline, for ever."""
        while True:
            await self._clock.sleep(SWEEP_SECONDS)
            now = self._clock.monotonic()
            for connection in tuple(self._open):
                if connection.is_late(now):
                    connection.expire()
                    self._log.warning("request not finished in time", stage=connection.stage.name.lower())

    def now(self) -> float:
        """Seconds that never go back."""
        return self._clock.monotonic()

    def admit(self, connection: Connection) -> bool:
        """Whether there is room for one more; another may have to give way."""
        if len(self._open) >= self._most:
            self._log.warning("too many connections", most=self._most)
            waiting = [each for each in self._open if each.stage is not Stage.ANSWERING]
            if not waiting:
                return False
            min(waiting, key=lambda each: each.since).abort()
        self._open.add(connection)
        return True

    def closed(self, connection: Connection) -> None:
        """Its place is free."""
        self._open.discard(connection)


class Connection(asyncio.Protocol):
    """One connection: aiohttp's protocol for it, and how long the other side has kept it waiting."""

    def __init__(self, inner: asyncio.Protocol, connections: Connections) -> None:
        self._inner = inner
        self._connections = connections
        self._transport: asyncio.Transport | None = None
        self._is_admitted = False
        self._is_expired = False
        self.stage = Stage.HEADERS
        self.since = connections.now()
        """When the stage began."""

    def enter(self, stage: Stage) -> None:
        """It is at something else from now on."""
        self.stage, self.since = stage, self._connections.now()

    def is_late(self, now: float) -> bool:
        """Whether it has been at its stage for too long."""
        return now - self.since >= _ALLOWED_SECONDS[self.stage]

    def expire(self) -> None:
        """Close it, with a word on why; at once where that was said before and is not taken."""
        if self._transport is None or self._is_expired or self.stage is Stage.IDLE:
            self.abort()
            return
        self._is_expired = True
        self._transport.write(_TIMED_OUT)
        self._transport.close()

    def abort(self) -> None:
        """Close it at once; what was not sent is dropped."""
        self._connections.closed(self)
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A new one, if there is room."""
        self._transport = cast("asyncio.Transport", transport)
        self._is_admitted = self._connections.admit(self)
        if self._is_admitted:
            self._inner.connection_made(transport)
        else:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Some of a request; the first piece after a rest begins a new one."""
        if self._is_expired or not self._is_admitted:
            return
        if self.stage is Stage.IDLE:
            self.enter(Stage.HEADERS)
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """Passed on."""
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        """Passed on."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Passed on."""
        self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Over; aiohttp knows nothing of a connection that was not let in."""
        self._connections.closed(self)
        if self._is_admitted:
            self._inner.connection_lost(exc)


def enter(request: web.Request, stage: Stage) -> None:
    """Tell a request's connection what it is at."""
    transport = request.transport
    connection = None if transport is None else transport.get_protocol()
    if isinstance(connection, Connection):
        connection.enter(stage)

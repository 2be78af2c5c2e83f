"""The event loop of the test and of its workers: each says when its process waits for others.

Who asked the database server something is at work until it answered, though the work is done elsewhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bot.tasks import readings_under_way
from tests.resting_loop import AttentiveLoop, Found, Select

READY = b"Z\x00\x00\x00\x05"
"""What PostgreSQL ends an answer with, before one byte more: it waits for the next question."""


_POLL_SECONDS = 0.005
"""Real ones."""


def _nobody() -> int:
    return 0


class ReportingLoop(AttentiveLoop):
    """A loop on the machine's time. When it waits ``on_wait`` is told the wave, and how much has happened."""

    def __init__(self) -> None:
        self.wave: Callable[[], int] = _nobody
        self.on_wait: Callable[[int, int], None] | None = None
        self.signals = -1
        """By this file other processes wake this one to look at the time: that is nothing that happens."""
        self._happened = 0
        self._asked: set[_Line] = set()
        super().__init__()

    def found(self, select: Select, timeout: float | None) -> Found:
        """What is ready. That nothing was is said of the wave that went on before it was looked for."""
        wave = self.wave()
        found = select(0)
        happened = [key for key, _ in found if key.fd != self.signals]
        if happened or timeout == 0:
            self._happened += 1
        if found or timeout == 0:
            return found
        if self.on_wait and not (self.waits_for_threads or readings_under_way() or self._asked):
            self.on_wait(wave, self._happened)
        return select(timeout)

    async def create_unix_connection(  # type: ignore[override]  (some of its arguments, by name)
        self, protocol_factory: Callable[[], asyncio.Protocol], path: str | None = None, **options: Any
    ) -> tuple[Any, asyncio.Protocol]:
        """As any loop's; a database server is at the other end."""
        _, line = await super().create_unix_connection(
            lambda: _Line(protocol_factory(), self._asked), path, **options
        )
        return line.transport, line.protocol


class _Line(asyncio.Protocol):
    """A connection: among the ``asked`` from a question to the end of its answer."""

    def __init__(self, protocol: asyncio.Protocol, asked: set[_Line]) -> None:
        self.protocol = protocol
        self.transport: _Speaking | None = None
        self.asked = asked

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = _Speaking(transport, self)
        self.protocol.connection_made(self.transport)  # type: ignore[arg-type]

    def data_received(self, data: bytes) -> None:
        if data[-6:-1] == READY:
            self.asked.discard(self)
        self.protocol.data_received(data)

    def eof_received(self) -> bool | None:
        return self.protocol.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self.asked.discard(self)
        self.protocol.connection_lost(exc)

    def pause_writing(self) -> None:
        self.protocol.pause_writing()

    def resume_writing(self) -> None:
        self.protocol.resume_writing()


class _Speaking:
    """The transport, which notices what is asked."""

    def __init__(self, transport: Any, line: _Line) -> None:
        self._transport = transport
        self._line = line

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self._line.asked.add(self._line)
        self._transport.write(data)


async def seen(is_so: Callable[[], bool]) -> None:
    """Wait until another process has done something; to look for it is nothing that happens."""
    loop = asyncio.get_running_loop()
    future = loop.create_future()

    def look() -> None:
        if future.done():
            return
        if is_so():
            future.set_result(None)
        else:
            loop.call_later(_POLL_SECONDS, look)

    look()
    await future

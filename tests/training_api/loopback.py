"""A server on loopback that says exactly what a test wants, byte by byte."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

Talk = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Loopback:
    """Answers each request by ``talk``; keeps the requests' heads and counts connections."""

    def __init__(self, talk: Talk) -> None:
        self.base_url = ""
        self.heads: list[str] = []
        self.connections = 0
        self.is_dropped = asyncio.Event()
        """Set when the other side has closed a connection."""
        self._talk = talk
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Loopback]:
        """Listen on a free port as long as the block lasts."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        self.base_url = f"http://{host}:{port}"
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._tasks.add(asyncio.create_task(self._converse(reader, writer)))

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                while not writer.is_closing():
                    self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
                    await self._talk(writer)
                    await writer.drain()
        finally:
            self.is_dropped.set()
            writer.close()


@asynccontextmanager
async def serve(answer: bytes | Talk, *, then_close: bool = False) -> AsyncIterator[Loopback]:
    """A server that gives this answer to every request."""

    async def say(writer: asyncio.StreamWriter) -> None:
        assert isinstance(answer, bytes)
        writer.write(answer)
        if then_close:
            await writer.drain()
            writer.close()

    async with Loopback(say if isinstance(answer, bytes) else answer).serving() as loopback:
        yield loopback


def http(body: bytes = b"{}", *headers: str, status: str = "200 OK") -> bytes:
    """A whole HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body

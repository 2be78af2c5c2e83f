"""A way to PostgreSQL that can be cut: TCP on loopback, passed on to the server's socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import parse_qs, urlsplit

_CHUNK_BYTES = 65_536


class Relay:
    """Passes bytes on, both ways."""

    def __init__(self, socket_path: str) -> None:
        self._socket_path = socket_path
        self._writers: set[asyncio.StreamWriter] = set()
        self._is_cut = False
        self._passes = asyncio.Event()
        self._passes.set()
        self.refused = 0
        """Connections that came while the way was cut, or nobody was at its end."""

    def cut(self) -> None:
        """Drop every connection, and take no new one."""
        self._is_cut = True
        for writer in self._writers:
            writer.transport.abort()

    def mend(self) -> None:
        """Let everybody through again."""
        self._is_cut = False

    def swallow(self) -> None:
        """Pass nothing on, and end no connection, as where a machine is gone; until `let_through`."""
        self._passes.clear()

    def let_through(self) -> None:
        """Pass on what comes, and what was held back."""
        self._passes.set()

    def lead_to(self, socket_path: str) -> None:
        """Let whoever comes from now on get somewhere else."""
        self._socket_path = socket_path

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        try:
            if self._is_cut:
                raise ConnectionRefusedError
            answers, server = await asyncio.open_unix_connection(self._socket_path)
        except OSError:
            self.refused += 1
            writer.transport.abort()
            return
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pump(reader, server))
            group.create_task(self._pump(answers, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with suppress(OSError):
            while chunk := await reader.read(_CHUNK_BYTES):
                await self._passes.wait()
                writer.write(chunk)
                await writer.drain()
        self._writers.discard(writer)
        writer.close()


@asynccontextmanager
async def relayed(database_url: str) -> AsyncIterator[tuple[Relay, str]]:
    """A relay to the database of this address, and the address by way of it."""
    parts = urlsplit(database_url)
    relay = Relay(f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.5432")
    server = await asyncio.start_server(relay.carry, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield relay, f"postgresql://{parts.username}@127.0.0.1:{port}{parts.path}?sslmode=disable"
    finally:
        server.close()
        relay.cut()

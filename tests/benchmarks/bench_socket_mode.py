"""Slash commands over Socket Mode: acks per second. The link's other end is here, the bots elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import median

from aiohttp import web

from tests.benchmarks.fakes import application, slash_envelope
from tests.benchmarks.load import slash_payload
from tests.benchmarks.ratio import Ratio
from tests.benchmarks.servers import OURS, free_port, running

ROUNDS = 5
MESSAGES, IN_FLIGHT = 4_000, 32
HELLO = ("tests.benchmarks.bolt_hello", "socket")
APP_TOKEN = {"SLACK_APP_TOKEN": "xapp-1-A0BENCH-1-benchmark"}


async def measure() -> list[Ratio]:
    """Acks per second of our bot and of Bolt's hello-world, each over a link of its own."""
    async with AsyncExitStack() as stack:
        links = []
        for arguments in (OURS, HELLO):
            port, connected = await stack.enter_async_context(_slack())
            await stack.enter_async_context(running(arguments, port, extra=APP_TOKEN))
            async with asyncio.timeout(20):
                links.append(await connected)
        figures: list[list[float]] = [[], []]
        for _ in range(ROUNDS + 1):
            for link, taken in zip(links, figures, strict=True):
                taken.append(await _acks_per_second(link))
    ours, theirs = (median(taken[1:]) for taken in figures)
    return [Ratio("Socket Mode acks", ours, theirs, "/s", ">= 3.5")]


class _Link:
    """The server's end of one Socket Mode connection."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.acked = 0
        self.awaited = 0
        self.all_acked = asyncio.Event()
        self.room = asyncio.Semaphore(IN_FLIGHT)

    async def read(self) -> None:
        async for message in self.socket:
            if "envelope_id" not in message.data:
                continue
            self.acked += 1
            self.room.release()
            if self.acked == self.awaited:
                self.all_acked.set()


@asynccontextmanager
async def _slack() -> AsyncIterator[tuple[int, asyncio.Future[_Link]]]:
    """Slack's side; the first link that stays is the future's result."""
    connected: asyncio.Future[_Link] = asyncio.get_running_loop().create_future()

    async def accept(socket: web.WebSocketResponse) -> None:
        link = _Link(socket)
        if not connected.done():
            connected.set_result(link)
        await link.read()

    port = free_port()
    runner = web.AppRunner(application(port, accept), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield port, connected
    finally:
        await runner.cleanup()


async def _acks_per_second(link: _Link) -> float:
    messages = [slash_envelope(slash_payload("help"), serial) for serial in range(MESSAGES)]
    link.acked, link.awaited = 0, MESSAGES
    link.all_acked.clear()
    started = time.perf_counter()
    async with asyncio.timeout(60):
        for message in messages:
            await link.room.acquire()
            await link.socket.send_str(message)
        await link.all_acked.wait()
    return MESSAGES / (time.perf_counter() - started)

"""How long the event loop stands still, in processor time: a busy machine makes nothing longer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass
class Stops:
    """What was seen of them."""

    longest_seconds: float = 0.0
    """The most that this process computed, in all its threads, without the loop coming round."""


@asynccontextmanager
async def watched_stops() -> AsyncIterator[Stops]:
    """Watch the running loop, which comes round as often as it can meanwhile.

    A thread that computes shares the processor with it, so that both advance; who keeps the loop from coming
    round, on it or by holding the interpreter, computes alone.
    """
    stops = Stops()

    async def come_round() -> None:
        last = time.process_time()
        while True:
            await asyncio.sleep(0)
            now = time.process_time()
            stops.longest_seconds = max(stops.longest_seconds, now - last)
            last = now

    watching = asyncio.create_task(come_round())
    await asyncio.sleep(0)
    try:
        yield stops
        await asyncio.sleep(0)  # what stopped it last is seen now
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

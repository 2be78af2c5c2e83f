"""From the start of the process to the first signed 200, and its memory when idle, beside their limits.

The database has its tables already, as at every start but the first.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import median

from bot.store.store import open_store
from tests.benchmarks.ratio import Ratio
from tests.benchmarks.servers import OURS, fakes, first_answer, running

ROUNDS = 15
SETTLED_SECONDS = 3
"""So long it is left alone before its memory is read."""
MOST_MILLISECONDS = 2_000
MOST_MEGABYTES = 120


async def measure() -> list[Ratio]:
    """Start time and idle memory."""
    starts = []
    async with fakes() as outside, _database() as extra:
        for _ in range(ROUNDS):
            async with running(OURS, outside.port, extra=extra) as server:
                starts.append(await first_answer(server, "help") * 1_000)
        async with running(OURS, outside.port, extra=extra) as server:
            await first_answer(server, "help")
            await asyncio.sleep(SETTLED_SECONDS)
            megabytes = server.resident_megabytes()
    return [
        Ratio("spawn to first signed 200, of 2 s", median(starts), MOST_MILLISECONDS, "ms", "<= 1"),
        Ratio("idle memory, of 120 MB", megabytes, MOST_MEGABYTES, "MB", "<= 1"),
    ]


@asynccontextmanager
async def _database() -> AsyncIterator[dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/jobbot.sqlite3"
        store = open_store(address)
        await store.database.migrate()
        await store.database.close()
        yield {"DATABASE_URL": address}

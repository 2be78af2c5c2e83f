"""From the start of the process to the first signed 200, and what it then holds in memory.

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
from tests.benchmarks.servers import HELLO, OURS, fakes, first_answer, running

ROUNDS = 15
SETTLED_SECONDS = 3
"""After this nothing more is loaded: what comes after the start counts as idle memory too."""


async def measure() -> list[Ratio]:
    """Start time and idle memory, ours beside Bolt's hello-world."""
    starts: dict[tuple[str, ...], list[float]] = {OURS: [], HELLO: []}
    megabytes: dict[tuple[str, ...], float] = {}
    async with fakes() as outside, _database() as extra:
        for round_number in range(ROUNDS + 1):
            for arguments, taken in starts.items():
                async with running(arguments, outside.port, extra=extra) as server:
                    taken.append(await first_answer(server, "help") * 1_000)
                    if round_number == ROUNDS:
                        await asyncio.sleep(SETTLED_SECONDS)
                        megabytes[arguments] = server.resident_megabytes()
    ours, hello = (median(taken[1:]) for taken in starts.values())
    return [
        Ratio("spawn to first signed 200", ours, hello, "ms", "<= 1.3"),
        Ratio("idle memory", megabytes[OURS], megabytes[HELLO], "MB", "<= 1.3"),
    ]


@asynccontextmanager
async def _database() -> AsyncIterator[dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/jobbot.sqlite3"
        store = open_store(address)
        await store.migrate()
        await store.close()
        yield {"DATABASE_URL": address}

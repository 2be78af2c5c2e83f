"""From the start of the process to the first signed 200, and what it then holds in memory."""

from __future__ import annotations

import asyncio
from statistics import median

from tests.benchmarks.ratio import Ratio
from tests.benchmarks.servers import HELLO, OURS, fakes, first_answer, running

ROUNDS = 5


async def measure() -> list[Ratio]:
    """Start time and idle memory, ours beside Bolt's hello-world."""
    taken: dict[tuple[str, ...], list[tuple[float, float]]] = {OURS: [], HELLO: []}
    async with fakes() as outside:
        for _ in range(ROUNDS + 1):
            for arguments, figures in taken.items():
                async with running(arguments, outside.port) as server:
                    milliseconds = await first_answer(server, "help") * 1_000
                    await asyncio.sleep(0.3)
                    figures.append((milliseconds, server.resident_megabytes()))
    (ours_ms, ours_mb), (hello_ms, hello_mb) = (
        (median(column) for column in zip(*figures[1:], strict=True)) for figures in taken.values()
    )
    return [
        Ratio("spawn to first signed 200", ours_ms, hello_ms, "ms", "<= 1.3"),
        Ratio("idle memory", ours_mb, hello_mb, "MB", "<= 1.3"),
    ]

"""Claiming the 50 jobs that are due, of a thousand, a hundred thousand, a million: both databases."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from statistics import median

from bot.store.store import DatabaseStore, open_store
from tests.benchmarks.ratio import Ratio, table
from tests.benchmarks.watched_rows import (
    DUE_IN_A_SECOND,
    ORG,
    add_to_postgresql,
    add_to_sqlite,
    at,
    postgresql,
    sqlite_file,
)

SIZES = (1_000, 100_000, 1_000_000)
ROUNDS = 15
LEASE_SECONDS = 1_000_000.0
"""What was claimed is not due again in here."""


async def measure() -> list[Ratio]:
    """The median claim of each size, against that of the smallest."""
    ratios = []
    async with sqlite_file() as path:

        async def add(first: int, end: int) -> None:
            await asyncio.to_thread(add_to_sqlite, path, first, end)

        ratios += await _ratios("SQLite", f"sqlite:///{path}", add)
    with postgresql() as address:
        await open_store(address).database.migrate()
        ratios += await _ratios("PostgreSQL", address, lambda *rows: add_to_postgresql(address, *rows))
    return ratios


async def _ratios(name: str, address: str, add: Callable[[int, int], Awaitable[None]]) -> list[Ratio]:
    store = open_store(address)
    medians: list[float] = []
    first = 0
    for size in SIZES:
        await add(first, size)
        medians.append(await _claim_ms(store, size, first / DUE_IN_A_SECOND))
        first = size
    await store.database.close()
    return [
        Ratio(
            f"{name}: claiming {DUE_IN_A_SECOND} of {size:,}, against 1,000", ours, medians[0], "ms", "<= 3"
        )
        for size, ours in zip(SIZES[1:], medians[1:], strict=True)
    ]


async def _claim_ms(store: DatabaseStore, size: int, begin_seconds: float) -> float:
    """One second's jobs at a time: more are not due. The first claims are for warming up."""
    taken = []
    for number in range(ROUNDS):
        now = at(begin_seconds + number + 1 - 0.5 / DUE_IN_A_SECOND)
        started = time.perf_counter()
        claimed = await store.watches.claim_jobs(ORG, now, LEASE_SECONDS, DUE_IN_A_SECOND)
        taken.append((time.perf_counter() - started) * 1_000)
        assert len(claimed) == DUE_IN_A_SECOND, (size, len(claimed))
    return median(taken[3:])


def main() -> None:
    """Print the ratios."""
    print(table(asyncio.run(measure())))


if __name__ == "__main__":
    main()

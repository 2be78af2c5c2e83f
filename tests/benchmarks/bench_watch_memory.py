"""What 100,000 watched jobs cost a process in memory: it does every kind of work over them, and over none."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

from bot.domain.ports import Look
from bot.store.store import open_store
from tests.benchmarks.ratio import Ratio, print_ratio
from tests.benchmarks.watched_rows import ORG, add_to_sqlite, at, sqlite_file

JOBS = 100_000
ALLOWED_MEGABYTES = 100.0
BATCH = 500
BATCHES = 20


async def measure() -> list[Ratio]:
    """The most that the process ever held, with the jobs and without, against what it may take more."""
    async with sqlite_file() as path:
        none = await asyncio.to_thread(_megabytes, path)
        await asyncio.to_thread(add_to_sqlite, path, 0, JOBS)
        many = await asyncio.to_thread(_megabytes, path)
    name = f"memory for {JOBS:,} watched jobs, of what it may be"
    return [Ratio(name, many - none, ALLOWED_MEGABYTES, "MB", "<= 1")]


def _megabytes(path: Path) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.bench_watch_memory", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  (this file)
    return float(done.stdout)


async def _watch(path: str) -> None:
    """As the watcher does: the plan, what the list said of every job, and batches of looks."""
    store = open_store(f"sqlite:///{path}")
    await store.watches.plan(ORG)
    known = await store.watches.fingerprints(ORG)
    now = at(JOBS)
    for _ in range(BATCHES):
        claims = await store.watches.claim_jobs(ORG, now, 60, BATCH)
        looks = [Look(each, each.state, at(2 * JOBS), fingerprint=7) for each in claims]
        assert await store.watches.finish_looks(looks, now) == len(looks) == min(BATCH, len(known))
    await store.database.close()


def _most_megabytes() -> float:
    """The peak of this program; what `getrusage` says may be that of the one that started it."""
    status = Path("/proc/self/status").read_text("ascii")
    return float(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    """Print the ratio, or, with a database's path, what a process takes that works over it."""
    if len(sys.argv) > 1:
        asyncio.run(_watch(sys.argv[1]))
        print(_most_megabytes())
        return
    for ratio in asyncio.run(measure()):
        print_ratio(ratio)


if __name__ == "__main__":
    main()

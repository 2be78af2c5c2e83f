"""What 1,000 workspaces with 10,000 watched jobs cost one process: memory at most, and its share of a core.

On both databases; what the server of PostgreSQL takes is not counted. All jobs run and move on at the pace of
jobs of 2 to 20 hours; their cards are edited. ``SECONDS=300`` in the environment measures for longer.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path

import aiohttp

from bot.store.store import open_store
from tests.benchmarks.many_tenants import JOBS, WORKSPACES, fill
from tests.benchmarks.ratio import Ratio, print_ratio
from tests.benchmarks.servers import free_port
from tests.databases import KINDS, empty_database

ALLOWED_MEGABYTES, ALLOWED_SHARE = 256.0, 0.5
WARM_SECONDS = 60.0
"""After the start every organization is looked at once."""
SECONDS = float(os.environ.get("SECONDS", "90"))
_COMMAND = (sys.executable, "-m", "tests.benchmarks.many_tenants")


async def measure() -> list[Ratio]:
    """Both on each database, against what the smallest dyno has."""
    with tempfile.TemporaryDirectory() as folder:
        addresses = [await asyncio.to_thread(empty_database, kind, Path(folder)) for kind in KINDS]
        return [ratio for address in addresses for ratio in await _on(address)]


async def _on(address: str) -> list[Ratio]:
    port = free_port()
    await fill(open_store(address))
    fakes = await asyncio.create_subprocess_exec(*_COMMAND, "fakes", str(port))
    try:
        times = (str(WARM_SECONDS), str(SECONDS))
        bot = await asyncio.create_subprocess_exec(
            *_COMMAND, address, str(port), *times, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await bot.communicate()
        async with aiohttp.ClientSession() as session:
            asked = await (await session.get(f"http://127.0.0.1:{port}/counts")).json()
    finally:
        fakes.terminate()
        await fakes.wait()
    found = json.loads(said.splitlines()[-1])
    print(f"asked in {WARM_SECONDS + SECONDS:.0f} s: {asked}", end=" ", flush=True)
    database = "SQLite" if address.startswith("sqlite") else "PostgreSQL"
    name = f"{WORKSPACES:,} workspaces, {WORKSPACES * JOBS:,} watched jobs, {database}"
    return [
        Ratio(f"{name}: memory, of what it may be", found["megabytes"], ALLOWED_MEGABYTES, "MB", "<= 1"),
        Ratio(f"{name}: of a core, of what it may be", found["share"], ALLOWED_SHARE, "cores", "<= 1"),
    ]


def main() -> None:
    """Print both."""
    for ratio in asyncio.run(measure()):
        print_ratio(ratio)


if __name__ == "__main__":
    main()

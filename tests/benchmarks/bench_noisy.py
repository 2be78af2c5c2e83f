"""How late quiet organizations hear of their jobs beside one with 10,000 jobs and one whose API is dead.

From a milestone that a job of a quiet organization comes to, until Slack has the message: the mean with the
noisy ones in the same process and without them, one after the other. ``SECONDS=300`` measures for longer.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from statistics import mean, quantiles

import aiohttp

from bot.store.store import open_store
from tests.benchmarks.many_tenants import fill
from tests.benchmarks.noisy import HUGE_JOBS, QUIET, document, jobs
from tests.benchmarks.ratio import Ratio
from tests.benchmarks.servers import free_port
from tests.databases import KINDS, empty_database

WARM_SECONDS = 30.0
"""After the start every organization is looked at once."""
SECONDS = float(os.environ.get("SECONDS", "90"))
_PATIENCE_SECONDS = 120
_COMMAND = (sys.executable, "-m", "tests.benchmarks.noisy")


async def measure() -> list[Ratio]:
    """On each database."""
    with tempfile.TemporaryDirectory() as folder:
        return [ratio for kind in KINDS for ratio in await _on(kind, Path(folder))]


async def _on(kind: str, folder: Path) -> list[Ratio]:
    alone, beside = [await _delays(kind, folder, is_noisy=each) for each in (False, True)]
    name = f"milestone to message, {QUIET} organizations beside one of {HUGE_JOBS:,} jobs | alone, {kind}"
    late = [quantiles(each, n=20)[-1] for each in (beside, alone)]
    return [
        Ratio(f"{name}: mean", mean(beside), mean(alone), "s", "<= 1.2"),
        Ratio(f"{name}: p95", *late, "s", "<= 1.2"),
    ]


async def _delays(kind: str, folder: Path, *, is_noisy: bool) -> list[float]:
    address = await asyncio.to_thread(empty_database, kind, folder)
    await fill(open_store(address), jobs(is_noisy=is_noisy), document)
    ports, fakes = list[int](), list[asyncio.subprocess.Process]()
    try:
        how = (str(WARM_SECONDS + SECONDS), "noisy" if is_noisy else "quiet")
        async with aiohttp.ClientSession() as session:
            for _ in range(2):
                ports.append(free_port())
                fakes.append(await asyncio.create_subprocess_exec(*_COMMAND, "fakes", str(ports[-1])))
                await _listens(session, ports[-1])
            bot = await asyncio.create_subprocess_exec(
                *_COMMAND, address, *map(str, ports), *how, stdout=asyncio.subprocess.PIPE
            )
            await asyncio.sleep(WARM_SECONDS)
            await _taken(session, ports[0])
            said, _ = await bot.communicate()
            found = await _taken(session, ports[0])
    finally:
        for each in fakes:
            each.terminate()
            await each.wait()
    share = json.loads(said.splitlines()[-1])["share"]
    print(f"{kind}, {how[1]}: {len(found)} messages, {share:.2f} of a core", end="; ", flush=True)
    return found


async def _listens(session: aiohttp.ClientSession, port: int) -> None:
    for _ in range(_PATIENCE_SECONDS * 10):
        with suppress(aiohttp.ClientConnectorError):
            await _taken(session, port)
            return
        await asyncio.sleep(0.1)


async def _taken(session: aiohttp.ClientSession, port: int) -> list[float]:
    async with session.get(f"http://127.0.0.1:{port}/delays") as answer:
        found: list[float] = await answer.json()
        return found

"""1,000 identical look-ups at once against one, where the training suite takes 50 ms."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from bot.clock import SystemClock
from bot.training_api.build import build_training_api
from bot.training_api.cache import CachedTrainingApi
from tests.benchmarks.ratio import Ratio, table
from tests.benchmarks.upstream_server import upstream

AT_ONCE = 1_000
DELAY_SECONDS = 0.05
ROUNDS = 5


async def measure() -> list[Ratio]:
    """Measure upstream calls and wall time; medians over the rounds, each with a job nobody has asked for."""
    with upstream(DELAY_SECONDS) as base_url:
        async with _api(base_url) as api:
            await _wall_ms(api, "warm-up", 1)
            before = await _calls(base_url)
            many = [await _wall_ms(api, f"many-{number}", AT_ONCE) for number in range(ROUNDS)]
            calls = (await _calls(base_url) - before) / ROUNDS
            one = [await _wall_ms(api, f"one-{number}", 1) for number in range(ROUNDS)]
    name = "1,000 identical look-ups at once, against one"
    return [
        Ratio(f"{name}: upstream calls", calls, 1, "calls", "<= 1"),
        Ratio(f"{name}: wall", statistics.median(many), statistics.median(one), "ms", "<= 2"),
    ]


@asynccontextmanager
async def _api(base_url: str) -> AsyncIterator[CachedTrainingApi]:
    api = build_training_api(base_url=base_url, org_id="org", token="made-up", clock=SystemClock())
    try:
        yield api
    finally:
        await api.aclose()


async def _wall_ms(api: CachedTrainingApi, request_id: str, at_once: int) -> float:
    started = time.perf_counter()
    await asyncio.gather(*(api.job(request_id) for _ in range(at_once)))
    return (time.perf_counter() - started) * 1000


async def _calls(base_url: str) -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        return int((await client.get(f"{base_url}/calls")).json())


def main() -> None:
    """Print both ratios."""
    print(table(asyncio.run(measure())))


if __name__ == "__main__":
    main()

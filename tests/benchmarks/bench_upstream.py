"""Requests per second to the training suite, 32 at once: the client's transport against httpx's own."""

from __future__ import annotations

import asyncio
import time

import httpx

from bot.training_api.transport import AiohttpTransport
from tests.benchmarks.ratio import Ratio, print_ratio
from tests.benchmarks.upstream_server import upstream

AT_ONCE = 32
REQUESTS = 1_500
ROUNDS = 3
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "Authorization": "Bearer made-up"}


async def measure() -> list[Ratio]:
    """Measure both in turns against the same server; the best round of each counts."""
    ours, theirs = 0.0, 0.0
    with upstream() as base_url:
        for _ in range(ROUNDS):
            theirs = max(theirs, await _gets_per_second(base_url, None))
            ours = max(ours, await _gets_per_second(base_url, AiohttpTransport(connections=AT_ONCE)))
    return [Ratio("upstream GET/s, 32 at once, against plain httpx", ours, theirs, "GET/s", ">= 3")]


async def _gets_per_second(base_url: str, transport: httpx.AsyncBaseTransport | None) -> float:
    async with httpx.AsyncClient(transport=transport, trust_env=False, headers=HEADERS) as client:
        await _ask(client, base_url, AT_ONCE)
        started = time.perf_counter()
        await _ask(client, base_url, REQUESTS)
        return REQUESTS / (time.perf_counter() - started)


async def _ask(client: httpx.AsyncClient, base_url: str, requests: int) -> None:
    left = iter(range(requests))

    async def worker() -> None:
        for number in left:
            params = {"org_id": "org", "request_id": f"job-{number}"}
            async with client.stream("GET", f"{base_url}/job/get/", params=params) as response:
                assert len(await response.aread()) > 2_000

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


def main() -> None:
    """Print the ratio."""
    for ratio in asyncio.run(measure()):
        print_ratio(ratio)


if __name__ == "__main__":
    main()

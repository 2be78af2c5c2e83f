"""Commands that change something, on SQLite: how soon each is acknowledged, as it is written down before."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from statistics import median, quantiles

from tests.benchmarks.load import drive, signed_request
from tests.benchmarks.ratio import Ratio, table
from tests.benchmarks.servers import OURS, REQUEST_ID, fakes, first_answer, running

REQUESTS = 200
WANTED_MILLISECONDS = 10.0
_PAUSE_SECONDS = 0.1
"""Between two of them, as people are no load test: what the last one asked for goes on meanwhile."""
_OPENED_SECONDS = 4.0
"""By then the database is open, as it is for all but the first."""


async def measure() -> list[Ratio]:
    """The ack's p95, against what it may be, and its p50."""
    async with AsyncExitStack() as stack:
        outside = await stack.enter_async_context(fakes())
        server = await stack.enter_async_context(running(OURS, outside.port))
        await first_answer(server, REQUEST_ID)
        await asyncio.sleep(_OPENED_SECONDS)
        response_url = f"http://127.0.0.1:{server.fakes_port}/api/response"
        taken = []
        for number in range(REQUESTS):
            words = f"{'unwatch' if number % 2 else 'watch'} {REQUEST_ID}"
            outcome = await drive(server.port, [signed_request(words, response_url)])
            taken += [1_000 * each for each in outcome.latencies]
            await asyncio.sleep(_PAUSE_SECONDS)
    return [
        Ratio(
            "written down before the ack, p95", quantiles(taken, n=20)[-1], WANTED_MILLISECONDS, "ms", "<= 1"
        ),
        Ratio("the same, p50", median(taken), WANTED_MILLISECONDS, "ms", "<= 1"),
    ]


def main() -> None:
    """Print both ratios."""
    print(table(asyncio.run(measure())))


if __name__ == "__main__":
    main()

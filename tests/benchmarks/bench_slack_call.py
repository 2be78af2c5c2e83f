"""The CPU that one ``chat.postMessage`` costs: through our gateway, and through the SDK as it comes."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from statistics import median

from slack_sdk.web.async_client import AsyncWebClient

from bot.cards.jobs.job import job_card
from bot.clock import SystemClock
from bot.slack.gateway import SlackWebGateway, open_session
from tests.benchmarks.bench_card import JOB_SEEN, NOW, REQUEST_ID
from tests.benchmarks.ratio import Ratio
from tests.benchmarks.servers import fakes

ROUNDS, CALLS = 15, 100
TOKEN = "xoxb-benchmark-token"


async def measure() -> list[Ratio]:
    """CPU microseconds of this process for each call; the server is another process."""
    message = job_card(JOB_SEEN, request_id=REQUEST_ID, now=NOW).message()
    async with fakes() as slack, open_session() as session:
        address = f"http://localhost:{slack.port}/api/"
        gateway = SlackWebGateway(session, address, TOKEN, SystemClock())
        default = AsyncWebClient(TOKEN, base_url=address)

        async def ours() -> None:
            await gateway.post_message("C0BENCH", message)

        async def theirs() -> None:
            await default.chat_postMessage(channel="C0BENCH", **message)

        taken: dict[Callable[[], Awaitable[None]], list[float]] = {ours: [], theirs: []}
        for _ in range(ROUNDS + 1):
            for call, figures in taken.items():
                figures.append(await _cpu_microseconds(call))
    return [Ratio("CPU of a Slack call", median(taken[ours][1:]), median(taken[theirs][1:]), "us", "<= 0.25")]


async def _cpu_microseconds(call: Callable[[], Awaitable[None]]) -> float:
    started = time.process_time()
    for _ in range(CALLS):
        await call()
    return (time.process_time() - started) / CALLS * 1_000_000

"""Signed slash commands over HTTP: how soon, how many, and what more commands cost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from statistics import median

from tests.benchmarks.load import Outcome, drive, signed_request
from tests.benchmarks.ratio import Ratio
from tests.benchmarks.servers import (
    HELLO,
    OURS,
    REQUEST_ID,
    START_SECONDS,
    Server,
    fakes,
    first_answer,
    running,
)

ROUNDS = 11
UNLOADED, LOADED, AT_ONCE = 40, 2_000, 64
MANY = ("tests.benchmarks.many_commands",)


async def measure() -> list[Ratio]:
    """Ack p50, cached cards per second, and the cost of 30 commands."""
    async with AsyncExitStack() as stack:
        outside = await stack.enter_async_context(fakes())
        hello, ours, many = [
            await stack.enter_async_context(running(arguments, outside.port))
            for arguments in (HELLO, OURS, MANY)
        ]
        for server in (hello, ours, many):
            await first_answer(server, REQUEST_ID)
        for server in (ours, many):
            await card_on_the_ack(server)
        ours_p50, hello_p50 = await _alternating(_p50_milliseconds, ours, hello)
        ours_rate, hello_rate = await _alternating(_per_second, ours, hello)
        many_cost, ours_cost = await _alternating(_microseconds_each, many, ours)
    return [
        Ratio("ack of a slash command, p50", ours_p50, hello_p50, "ms", "<= 0.05"),
        Ratio(f"cached cards, {AT_ONCE} at once", ours_rate, hello_rate, "/s", ">= 1.0"),
        Ratio("30 commands against the few there are", many_cost, ours_cost, "us", "<= 1.1"),
    ]


async def card_on_the_ack(server: Server) -> None:
    """Return once the job and who follows it are known, so that its card rides on the ack."""
    async with asyncio.timeout(START_SECONDS):
        while REQUEST_ID.encode() not in (await _unloaded(server)).body:  # noqa: ASYNC110  (a server tells nobody)
            await asyncio.sleep(0.1)


async def _alternating(
    measured: Callable[[Server], Awaitable[float]], first: Server, second: Server
) -> tuple[float, float]:
    """The medians of rounds that take turns, after one of each to warm up."""
    figures: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS + 1):
        for server, taken in zip((first, second), figures, strict=True):
            taken.append(await measured(server))
    return median(figures[0][1:]), median(figures[1][1:])


async def _unloaded(server: Server) -> Outcome:
    return await drive(server.port, _requests(server, UNLOADED))


async def _p50_milliseconds(server: Server) -> float:
    return median((await _unloaded(server)).latencies) * 1_000


async def _per_second(server: Server) -> float:
    return LOADED / (await drive(server.port, _requests(server, LOADED), AT_ONCE)).seconds


def _requests(server: Server, many: int) -> list[bytes]:
    """Signed commands; what does not ride on the ack goes to the fakes."""
    response_url = f"http://127.0.0.1:{server.fakes_port}/api/response"
    return [signed_request(REQUEST_ID, response_url) for _ in range(many)]


async def _microseconds_each(server: Server) -> float:
    return 1_000_000 / await _per_second(server)

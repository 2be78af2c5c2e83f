"""What measuring costs an ack: the same bot with its metrics on and without any, in turns."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles

from tests.benchmarks.bench_http import card_on_the_ack
from tests.benchmarks.load import drive, signed_request
from tests.benchmarks.ratio import Ratio
from tests.benchmarks.servers import REQUEST_ID, Server, fakes, first_answer, free_port, running

PAIRS, ACKS = 800, 40


async def measure() -> list[Ratio]:
    """CPU time of an ack that carries a card: the whole request, HTTP included.

    Wall time would say more of the machine's other work. The two of a pair are measured back to back, in an
    order that turns round; what counts is the median of the pairs' ratios.
    """
    async with AsyncExitStack() as stack:
        outside = await stack.enter_async_context(fakes())
        port, metrics = free_port(), {"METRICS_PORT": str(free_port())}
        process = "tests.benchmarks.measured_and_not", str(port)
        measured = await stack.enter_async_context(running(process, outside.port, extra=metrics))
        unmeasured = replace(measured, port=port)
        for server in (measured, unmeasured):
            await first_answer(server, REQUEST_ID)
            await card_on_the_ack(server)
            await _microseconds_each(server)
        pairs = [await _pair(measured, unmeasured, turn) for turn in range(PAIRS)]
    low, middle, high = quantiles([ours / without for ours, without in pairs], n=4)
    print(f"measured / not, by pairs: {middle:.3f}, quartiles {low:.3f} and {high:.3f};", end=" ")
    without = median(without for _, without in pairs)
    return [Ratio("CPU of an ack with metrics", middle * without, without, "us", "<= 1.03")]


async def _pair(measured: Server, unmeasured: Server, turn: int) -> tuple[float, float]:
    if turn % 2:
        without = await _microseconds_each(unmeasured)
        return await _microseconds_each(measured), without
    return await _microseconds_each(measured), await _microseconds_each(unmeasured)


async def _microseconds_each(server: Server) -> float:
    """CPU time of the server's event loop for each ack."""
    requests = [signed_request(REQUEST_ID) for _ in range(ACKS)]
    before = _cpu_nanoseconds(server.pid)
    await drive(server.port, requests)
    return (_cpu_nanoseconds(server.pid) - before) / 1_000 / ACKS


def _cpu_nanoseconds(pid: int) -> int:
    """That of the first thread, where the loop runs."""
    return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text("utf-8").split()[0])

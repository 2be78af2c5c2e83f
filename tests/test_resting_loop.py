"""On the loop of tests time passes while everybody waits, and only then."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from bot.tasks import aside, beside
from tests.resting_loop import at_rest, threads_stuck

SHORT_SECONDS = 0.001
_SLOW_SECONDS = 0.02
"""Real ones, which a thread takes: more than the deadline."""


async def test_a_deadline_is_over_at_once_where_nobody_works() -> None:
    """An hour of it takes nothing, and the earlier one comes first."""
    ended: list[str] = []

    async def wait(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        ended.append(name)

    await asyncio.gather(wait("later", 3_600.0), wait("sooner", 3_599.0))
    assert ended == ["sooner", "later"]
    assert asyncio.get_running_loop().time() == pytest.approx(3_600.0)


async def test_no_deadline_is_over_while_a_thread_works() -> None:
    """However long it takes: the executor's, and the one that reads."""
    async with asyncio.timeout(SHORT_SECONDS):
        await asyncio.to_thread(time.sleep, _SLOW_SECONDS)
        await aside(time.sleep, _SLOW_SECONDS)


async def test_no_deadline_is_over_while_something_is_on_its_way() -> None:
    """Both sides of a connection are here; the other one computes meanwhile."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readline()
        await asyncio.to_thread(time.sleep, _SLOW_SECONDS)
        writer.write(asked)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        async with asyncio.timeout(SHORT_SECONDS):
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"question\n")
            assert await reader.read() == b"question\n"
        writer.close()


async def test_a_deadline_is_over_while_a_thread_waits_for_the_test() -> None:
    """Which says so."""
    lock = threading.Lock()
    with lock, threads_stuck():
        waiting = asyncio.create_task(asyncio.to_thread(lock.acquire))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(SHORT_SECONDS):
                await asyncio.shield(waiting)
    assert await waiting


async def test_a_task_that_makes_the_loop_come_round_stops_no_time() -> None:
    """Whoever measures how often it does."""

    async def come_round() -> None:
        while True:  # noqa: ASYNC110  (there is nothing it waits for)
            await asyncio.sleep(0)

    async with beside(come_round()):
        await asyncio.sleep(1.0)


async def test_at_rest_everything_is_done_that_can_be() -> None:
    """By however many turns of the loop."""
    done: list[int] = []

    async def work() -> None:
        for number in range(50):
            await asyncio.sleep(0)
            done.append(number)
        await asyncio.Event().wait()

    async with beside(work()):
        await at_rest()
        assert len(done) == 50

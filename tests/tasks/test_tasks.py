"""What goes on in the background: begun anew when it fails, seen while it does, ended when told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from bot.playground.clock import ManualClock
from bot.tasks import Errands, OnRound, Supervisor, beside, first_of
from bot.tasks.supervisor import HEALTHY_SECONDS, MOST_FAILURES, PAUSES_SECONDS, SILENT_SECONDS


async def _settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


class Flaky:
    """Work that fails as often as it is told to, then runs until it is stopped."""

    def __init__(self, failures: int, error: Callable[[], BaseException] = ZeroDivisionError) -> None:
        self.failures = failures
        self.begun = 0
        self._error = error

    async def endless(self) -> None:
        """Fail, or run on."""
        await self.once()
        await asyncio.Event().wait()

    async def once(self) -> None:
        """Fail, or be done."""
        self.begun += 1
        if self.begun <= self.failures:
            raise self._error()


@pytest.mark.parametrize("error", [ZeroDivisionError, asyncio.CancelledError, MemoryError, RecursionError])
async def test_what_fails_is_begun_anew_with_growing_pauses(error: type[BaseException]) -> None:
    """Also where something that it waited for was cancelled: that would end a bare task without a word."""
    clock, flaky = ManualClock(), Flaky(len(PAUSES_SECONDS) + 1, error)
    supervisor = Supervisor(clock)
    supervisor.keep("watcher", flaky.endless)
    await _settle()
    for number, pause in enumerate((*PAUSES_SECONDS, PAUSES_SECONDS[-1]), start=1):
        assert flaky.begun == number
        assert "begun anew" in str(supervisor.problems()["watcher"])
        clock.advance(pause)
        await _settle()
    assert flaky.begun == flaky.failures + 1
    assert clock.slept == [*PAUSES_SECONDS, PAUSES_SECONDS[-1]]
    await supervisor.stop()


async def test_it_is_seen_while_it_fails() -> None:
    """In the log with its traceback; in what is told to strangers by the kind of failure alone."""
    clock, flaky = ManualClock(), Flaky(1, lambda: ValueError("the secret plan"))
    supervisor = Supervisor(clock)
    with capture_logs() as lines:
        supervisor.keep("watcher", flaky.endless)
        await _settle()
    assert [(line["log_level"], line["task"]) for line in lines] == [
        ("error", "watcher"),
        ("warning", "watcher"),
    ]
    assert lines[0]["exc_info"]
    assert supervisor.problems() == {"watcher": "failed (ValueError) and is begun anew"}
    clock.advance(PAUSES_SECONDS[0])
    await _settle()
    assert supervisor.problems() == {"watcher": None}
    await supervisor.stop()


async def test_what_should_never_end_is_begun_anew_when_it_does() -> None:
    """A loop that returns does its work no more."""
    clock, flaky = ManualClock(), Flaky(0)
    supervisor = Supervisor(clock)
    supervisor.keep("watcher", flaky.once)
    await _settle()
    assert "ended by itself" in str(supervisor.problems()["watcher"])
    clock.advance(PAUSES_SECONDS[0])
    await _settle()
    assert flaky.begun == 2
    await supervisor.stop()


async def test_what_ran_long_begins_its_pauses_anew() -> None:
    """Two failures a day apart are none in a row."""
    clock, begun = ManualClock(), list[float]()
    supervisor = Supervisor(clock)

    async def fails_after_an_hour() -> None:
        begun.append(clock.monotonic())
        await clock.sleep(HEALTHY_SECONDS)
        raise ZeroDivisionError

    supervisor.keep("watcher", fails_after_an_hour)
    for _ in range(3):
        await _settle()
        clock.advance(HEALTHY_SECONDS)
        await _settle()
        clock.advance(PAUSES_SECONDS[0])
    await _settle()
    assert len(begun) == 4
    await supervisor.stop()


async def test_what_should_succeed_once_is_tried_until_then() -> None:
    """And not again."""
    clock, flaky = ManualClock(), Flaky(1)
    supervisor = Supervisor(clock)
    supervisor.finish("preparation", flaky.once)
    await _settle()
    assert "ZeroDivisionError" in str(supervisor.problems()["preparation"])
    clock.advance(PAUSES_SECONDS[0])
    await _settle()
    assert supervisor.problems() == {"preparation": None}
    clock.advance(3600)
    await _settle()
    assert flaky.begun == 2


async def test_rounds_tell_when_they_ended_and_when_they_fail() -> None:
    """One that fails is no news; some in a row are, and so is silence."""
    clock, told = ManualClock(), list[OnRound]()
    supervisor = Supervisor(clock)

    async def rounds(on_round: OnRound) -> None:
        told.append(on_round)
        await asyncio.Event().wait()

    supervisor.keep_rounds("watcher", rounds)
    await _settle()
    (on_round,) = told
    assert supervisor.last_rounds() == {"watcher": None}
    on_round(None)
    first = clock.now()
    for _ in range(MOST_FAILURES - 1):
        on_round(ZeroDivisionError("secret"))
    assert supervisor.problems() == {"watcher": None}
    on_round(ZeroDivisionError("secret"))
    assert supervisor.problems() == {"watcher": "its rounds fail (ZeroDivisionError)"}
    assert supervisor.last_rounds() == {"watcher": first}
    clock.advance(5)
    on_round(None)
    assert supervisor.problems() == {"watcher": None}
    assert supervisor.last_rounds() == {"watcher": clock.now()}
    clock.advance(SILENT_SECONDS)
    assert supervisor.problems() == {"watcher": "no round has ended for 10 minutes"}
    await supervisor.stop()


async def test_what_is_stopped_is_over_when_that_returns() -> None:
    """Also what has something left to do at its end, and what waits to be begun anew."""
    clock, ended = ManualClock(), list[str]()
    supervisor = Supervisor(clock)

    async def tidy() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("tidied")

    supervisor.keep("delivery", tidy)
    flaky = Flaky(1)
    supervisor.keep("watcher", flaky.endless)
    await _settle()
    await supervisor.stop()
    assert ended == ["tidied"]
    clock.advance(60)
    await _settle()
    assert flaky.begun == 1


async def test_an_errand_that_nobody_waits_for_is_not_silent() -> None:
    """Asyncio tells of it when the garbage collector comes by, if ever."""
    errands = Errands("an answer")
    with capture_logs() as lines:
        errands.start(Flaky(1).once())
        assert await errands.wait(1)
    assert [(line["task"], type(line["exc_info"])) for line in lines] == [("an answer", ZeroDivisionError)]
    assert len(errands) == 0


async def test_an_errand_that_is_awaited_is_told_to_who_waits() -> None:
    """Once is enough."""
    errands = Errands("asking", are_awaited=True)
    with capture_logs() as lines, pytest.raises(ZeroDivisionError):
        await errands.start(Flaky(1).once())
    assert lines == []


async def test_errands_are_given_time_to_end() -> None:
    """Then they are cancelled, and over when that returns."""
    errands, gate = Errands("an answer"), asyncio.Event()

    async def waits() -> None:
        await gate.wait()

    errands.start(waits())
    errands.start(asyncio.sleep(3600))
    closing = asyncio.create_task(errands.aclose(0.01))
    gate.set()
    assert await closing == 1
    assert len(errands) == 0


async def test_what_runs_beside_a_block_ends_with_it() -> None:
    """Whether it was awaited or not, and whatever it failed with."""
    async with beside(asyncio.sleep(3600), Flaky(1).once()) as tasks:
        await asyncio.sleep(0)
    assert all(task.done() for task in tasks)


async def test_the_first_of_two_ends_both() -> None:
    """What it raised is raised."""
    gate = asyncio.Event()
    gate.set()
    await first_of(gate.wait(), asyncio.sleep(3600))
    with pytest.raises(ZeroDivisionError):
        await first_of(Flaky(1).once(), asyncio.sleep(3600))

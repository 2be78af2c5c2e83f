"""How much is asked at once and per second, and who goes first."""

from __future__ import annotations

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import RateLimitedError
from bot.playground.clock import InstantClock, ManualClock
from bot.training_api.rate_limiter import Priority, RateLimiter, Slot
from tests.training_api.upstream import settle

LONG_SECONDS = 1_000.0


class Queue:
    """Turns taken by name; each holds its place until `finish`."""

    def __init__(self, rate_limiter: RateLimiter) -> None:
        self.rate_limiter = rate_limiter
        self.started: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.done: dict[str, asyncio.Event] = {}

    async def join(self, *names: str, priority: Priority = Priority.PERSON, turn: Slot | None = None) -> None:
        """Each waits for a turn, in this order."""
        for name in names:
            self.done[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._hold(name, turn or Slot(priority)))
        await settle()

    async def finish(self, *names: str) -> None:
        """They give their places back."""
        for name in names:
            self.done[name].set()
        await settle()

    async def cancel(self, *names: str) -> None:
        """They go away, whatever they do."""
        for name in names:
            self.tasks[name].cancel()
        await settle()

    async def _hold(self, name: str, turn: Slot) -> None:
        async with self.rate_limiter.turn(turn, LONG_SECONDS):
            self.started.append(name)
            await self.done[name].wait()


def numbered(count: int) -> list[str]:
    """Names for so many."""
    return [str(number) for number in range(count)]


async def test_eight_are_in_flight_and_the_next_takes_the_place_of_one_that_ends() -> None:
    """The ninth waits for a place, not for the clock."""
    queue = Queue(RateLimiter(ManualClock()))
    await queue.join(*numbered(10))
    assert queue.started == numbered(8)
    await queue.finish("3")
    assert queue.started == numbered(9)


async def test_twenty_start_at_once_and_then_five_a_second() -> None:
    """The burst first; then one each 0.2 s; an idle time saves up no more than a burst again."""
    clock = ManualClock()
    queue = Queue(RateLimiter(clock, in_flight=1_000))
    await queue.join(*numbered(50))
    assert len(queue.started) == 20
    clock.advance(0.2)
    await settle()
    assert len(queue.started) == 21
    for _ in range(5):
        clock.advance(0.2)
        await settle()
    assert len(queue.started) == 26
    clock.advance(600)
    await settle()
    assert len(queue.started) == 46


async def test_people_go_first_and_each_kind_in_its_order() -> None:
    """Who came earlier does not matter between a person and the background."""
    queue = Queue(RateLimiter(ManualClock(), in_flight=1))
    await queue.join("running")
    await queue.join("b1", "b2", priority=Priority.BACKGROUND)
    await queue.join("p1", "p2")
    for name in ("running", "p1", "p2", "b1", "b2"):
        await queue.finish(name)
    assert queue.started == ["running", "p1", "p2", "b1", "b2"]


async def test_a_background_turn_that_a_person_waits_for_is_promoted() -> None:
    """It goes behind the people who wait, before the rest; promoting it again changes nothing."""
    rate_limiter = RateLimiter(ManualClock(), in_flight=1)
    queue, turn = Queue(rate_limiter), Slot(Priority.BACKGROUND)
    await queue.join("running")
    await queue.join("b1", priority=Priority.BACKGROUND)
    await queue.join("b2", turn=turn)
    await queue.join("p1")
    rate_limiter.promote(turn)
    rate_limiter.promote(turn)
    for name in ("running", "p1", "b2", "b1"):
        await queue.finish(name)
    assert queue.started == ["running", "p1", "b2", "b1"]


async def test_a_cancelled_waiter_leaves_the_queue() -> None:
    """The next one takes its turn, and no place is lost."""
    queue = Queue(RateLimiter(ManualClock(), in_flight=1))
    await queue.join("running", "gone", "next")
    await queue.cancel("gone")
    await queue.finish("running")
    assert queue.started == ["running", "next"]


async def test_a_place_granted_to_someone_just_cancelled_goes_to_the_next() -> None:
    """Also when the grant and the cancellation come in the same turn of the loop."""
    queue = Queue(RateLimiter(ManualClock(), in_flight=1))
    await queue.join("running", "gone", "next")
    queue.done["running"].set()
    await asyncio.sleep(0)
    queue.tasks["gone"].cancel()
    await settle()
    assert queue.started == ["running", "next"]
    await queue.finish("next")
    await queue.join("last")
    assert queue.started[-1] == "last"


async def test_a_person_who_would_wait_too_long_is_told_at_once() -> None:
    """No place in the queue is taken, and the error says how long it would have been."""
    clock = ManualClock()
    queue = Queue(RateLimiter(clock, in_flight=1_000))
    await queue.join(*numbered(60))
    with pytest.raises(RateLimitedError) as caught:
        async with queue.rate_limiter.turn(Slot(), 8.0):
            pass
    assert caught.value.retry_after_seconds == pytest.approx(8.2)
    assert caught.value.status is None


async def test_background_questions_do_not_count_before_a_person() -> None:
    """However many of them wait, a person's wait is short."""
    clock = ManualClock()
    queue = Queue(RateLimiter(clock, in_flight=1_000))
    await queue.join(*numbered(100), priority=Priority.BACKGROUND)
    await queue.join("person")
    clock.advance(0.2)
    await settle()
    assert queue.started[-1] == "person"


async def test_nobody_waits_longer_than_they_may_for_a_place() -> None:
    """Where all places stay taken, the wait ends by itself, and the queue goes on."""
    queue = Queue(RateLimiter(ManualClock(), in_flight=1))
    await queue.join("running")
    with pytest.raises(RateLimitedError):
        async with queue.rate_limiter.turn(Slot(), 0.01):
            pass
    await queue.finish("running")
    await queue.join("next")
    assert queue.started == ["running", "next"]


async def test_a_failure_inside_gives_the_place_back() -> None:
    """The place is free again whatever ends the request."""
    rate_limiter = RateLimiter(ManualClock(), in_flight=1)
    with pytest.raises(KeyError):
        async with rate_limiter.turn(Slot(), LONG_SECONDS):
            raise KeyError
    async with rate_limiter.turn(Slot(), LONG_SECONDS):
        pass


@given(seed=st.integers(0, 2**32), callers=st.integers(1, 40))
@settings(max_examples=30)
def test_no_place_is_ever_lost_or_used_twice(seed: int, callers: int) -> None:
    """Callers of both kinds, cancelled at any moment: never over the limit, and all places come back."""
    asyncio.run(_storm(random.Random(seed), callers))  # noqa: S311  (a test's storm, not a secret)


async def _storm(chance: random.Random, callers: int) -> None:
    clock = InstantClock()
    rate_limiter = RateLimiter(clock, in_flight=3)
    inside, most = 0, 0

    async def caller() -> None:
        nonlocal inside, most
        async with rate_limiter.turn(Slot(chance.choice(list(Priority))), LONG_SECONDS):
            inside += 1
            most = max(most, inside)
            try:
                for _ in range(chance.randrange(4)):
                    await asyncio.sleep(0)
            finally:
                inside -= 1

    tasks = [asyncio.create_task(caller()) for _ in range(callers)]
    for _ in range(chance.randrange(60)):
        await asyncio.sleep(0)
        if chance.random() < 0.5:
            chance.choice(tasks).cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    clock.advance(60)
    assert most <= 3
    assert inside == 0
    async with rate_limiter.turn(Slot(), 0), rate_limiter.turn(Slot(), 0), rate_limiter.turn(Slot(), 0):
        pass


async def test_closing_leaves_nothing_running() -> None:
    """A timer for a start that nobody may have any more ends too."""
    queue = Queue(RateLimiter(ManualClock(), burst=1))
    await queue.join("a", "b")
    await queue.cancel("a", "b")
    await queue.join("c")
    queue.rate_limiter.close()
    await queue.cancel("c")
    assert asyncio.all_tasks() == {asyncio.current_task()}

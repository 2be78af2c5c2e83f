"""The cache by itself: what each of its rules changes, and what happens while a question is under way."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.playground.clock import InstantClock
from bot.tasks import Lasting, Rules, SingleFlight


class Upstream:
    """Answers with the number of the question, or fails, once its gate is open."""

    def __init__(self, **rules: Any) -> None:
        self.clock, self.gate = InstantClock(), asyncio.Event()
        self.gate.set()
        self.fails: Exception | None = None
        self.asked: list[tuple[str, str]] = []
        self.joined: list[tuple[str, str]] = []
        lasting: dict[str, Any] = {"value": lambda _: Lasting(10, 100), "failure": lambda _: Lasting(0, 0)}
        self.cache: SingleFlight[str, str, int, LookupError] = SingleFlight(
            "asking",
            self._ask,
            Rules(errors=LookupError, **lasting | rules),
            self.clock,
            joined=lambda *questions: self.joined.append(questions),
        )

    async def _ask(self, key: str, question: str) -> int:
        self.asked.append((key, question))
        number = len(self.asked)
        await self.gate.wait()
        if self.fails is not None:
            raise self.fails
        return number

    async def get(self, key: str = "a", question: str = "?") -> int | None:
        """What the cache says."""
        return (await self.cache.get(key, question)).value

    async def begin(self) -> asyncio.Task[int | None]:
        """Ask, and let that be under way."""
        self.gate.clear()
        task = asyncio.create_task(self.get())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return task


async def test_an_answer_is_fresh_and_kept_by_what_it_is() -> None:
    """The first one for two seconds and four, the others for twenty and forty."""
    upstream = Upstream(value=lambda number: Lasting(2, 4) if number == 1 else Lasting(20, 40))
    cache, clock = upstream.cache, upstream.clock
    assert cache.known("a") is None
    for fresh, kept in [(2, 4), (20, 40)]:
        number = await upstream.get()
        clock.advance(fresh - 0.1)
        assert await upstream.get() == number
        clock.advance(0.1)
        assert cache.fresh("a") is None
        clock.advance(kept - fresh - 0.1)
        known = cache.known("a")
        assert known is not None
        assert known.value == number
        clock.advance(0.1)
        assert cache.known("a") is None
    assert len(upstream.asked) == 2


@pytest.mark.parametrize(
    ("failure", "stand_in", "asked", "value"),
    [
        (Lasting(0, 0), None, 3, 1),
        (Lasting(5, 5), None, 2, 1),
        (Lasting(5, 5), lambda value, _: value + 100, 2, 101),
        (Lasting(5, 5), lambda *_: None, 2, None),
        (Lasting(0, 0), lambda *_: None, 3, None),
    ],
)
async def test_what_a_failure_leaves(failure: Lasting, stand_in: Any, asked: int, value: int | None) -> None:
    """Believed or not, over an earlier answer or not: the reason stands beside it, and is never raised."""
    upstream = Upstream(failure=lambda _: failure, **{"stand_in": stand_in} if stand_in else {})
    await upstream.get()
    upstream.clock.advance(10)
    upstream.fails = LookupError("gone")
    first, second = await upstream.cache.get("a", "?"), await upstream.cache.get("a", "?")
    assert (first.value, second.value, len(upstream.asked)) == (value, value, asked)
    assert isinstance(first.failure, LookupError)
    assert first.failure.__traceback__ is None


async def test_a_failure_does_not_make_an_earlier_answer_older_or_younger() -> None:
    """It is kept for as long as it would have been; longer where the rule keeps failures longer."""
    for kept, is_known in [(0, False), (50, True)]:
        upstream = Upstream(failure=lambda _, kept=kept: Lasting(0, kept))
        await upstream.get()
        upstream.clock.advance(99)
        upstream.fails = LookupError()
        assert await upstream.get() == 1
        upstream.clock.advance(1)
        assert (upstream.cache.known("a") is not None) is is_known


async def test_anything_else_than_the_expected_failure_is_raised_to_who_waits() -> None:
    """And not remembered."""
    upstream = Upstream()
    upstream.fails = ValueError("a bug")
    with pytest.raises(ValueError, match="a bug"):
        await upstream.get()
    upstream.fails = None
    assert await upstream.get() == 2


async def test_who_asks_meanwhile_shares_the_question_and_may_hurry_it() -> None:
    """The first who asked goes away; the question does not."""
    upstream = Upstream()
    first = await upstream.begin()
    second = asyncio.create_task(upstream.get("a", "hurry"))
    await asyncio.sleep(0)
    first.cancel()
    assert await upstream.cache.soon("a", "not long", 0) is None
    upstream.gate.set()
    assert await second == 1
    assert upstream.asked == [("a", "?")]
    assert upstream.joined == [("?", "hurry"), ("?", "not long")]


@pytest.mark.parametrize("forgets_all", [True, False])
@pytest.mark.parametrize("fails", [True, False])
async def test_what_is_forgotten_is_not_brought_back_by_a_question_under_way(
    *, forgets_all: bool, fails: bool
) -> None:
    """Who asked before is told what was so then; who asks after it asks anew, and only that is remembered."""
    upstream = Upstream(failure=lambda _: Lasting(10, 10))
    early = await upstream.begin()
    if forgets_all:
        upstream.cache.forget_all()
    else:
        upstream.cache.forget("a")
    if fails:
        upstream.fails = LookupError()
        upstream.gate.set()
        assert await early is None
        upstream.fails = None
    late = asyncio.create_task(upstream.get())
    await asyncio.sleep(0)
    upstream.gate.set()
    assert (await late, await upstream.get()) == (2, 2)
    if not fails:
        assert await early == 1
    assert await upstream.get() == 2


async def test_forgetting_one_key_leaves_the_questions_about_others() -> None:
    """What they bring is remembered."""
    upstream = Upstream()
    early = await upstream.begin()
    upstream.cache.forget("b")
    upstream.gate.set()
    await early
    assert await upstream.get() == 1


async def test_what_is_outdated_is_known_but_not_fresh() -> None:
    """And what was never known stays so."""
    upstream = Upstream()
    await upstream.get()
    upstream.cache.outdate("a")
    upstream.cache.outdate("b")
    known = upstream.cache.known("a")
    assert known is not None
    assert known.value == 1
    assert (upstream.cache.fresh("a"), upstream.cache.known("b")) == (None, None)


async def test_an_answer_that_is_too_heavy_is_kept_all_the_same() -> None:
    """It takes the place of all others."""
    upstream = Upstream(most=2, weigh=lambda _: 5)
    await upstream.get("a")
    kept = await upstream.cache.get("b", "?")
    assert upstream.cache.fresh("b") is kept
    assert upstream.cache.known("a") is None


@pytest.mark.parametrize("answers", [True, False])
async def test_the_end_waits_as_long_as_it_is_told(*, answers: bool) -> None:
    """What is answered meanwhile is remembered; the rest is given up."""
    upstream = Upstream()
    task = await upstream.begin()
    closing = asyncio.create_task(upstream.cache.aclose(5 if answers else 0.01))
    await asyncio.sleep(0)
    if answers:
        upstream.gate.set()
    await closing
    await asyncio.wait([task])
    assert task.cancelled() is not answers
    assert (upstream.cache.known("a") is not None) is answers

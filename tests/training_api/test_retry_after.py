"""A server that asks for a pause gets it, from everybody."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import RateLimitedError
from bot.playground.clock import InstantClock, ManualClock
from bot.training_api.rate_limiter import Priority, RateLimiter, Slot
from tests.training_api.upstream import Upstream, failing, job, make_client, settle


async def enter(rate_limiter: RateLimiter, starts: list[float], turn: Slot, patience: float) -> None:
    """Take a turn and note when it came."""
    async with rate_limiter.turn(turn, patience):
        starts.append(rate_limiter._clock.monotonic())  # noqa: SLF001  (the test's own clock)


@pytest.mark.parametrize("priority", list(Priority))
async def test_nothing_starts_before_the_pause_is_over(priority: Priority) -> None:
    """Then one by one: no burst was saved up meanwhile."""
    clock = InstantClock()
    rate_limiter, starts = RateLimiter(clock), list[float]()
    rate_limiter.hold(30)
    await asyncio.gather(*(enter(rate_limiter, starts, Slot(priority), 60) for _ in range(3)))
    assert starts == pytest.approx([30.2, 30.4, 30.6])


async def test_a_longer_pause_counts_and_a_shorter_one_does_not_end_it() -> None:
    """The latest end of all pauses."""
    clock = InstantClock()
    rate_limiter, starts = RateLimiter(clock), list[float]()
    for seconds in (30, 10):
        rate_limiter.hold(seconds)
    await enter(rate_limiter, starts, Slot(), 60)
    assert starts == pytest.approx([30.2])


async def test_who_may_not_wait_that_long_is_refused_at_once() -> None:
    """Those who come, and those who wait already; the others keep their place."""
    clock = ManualClock()
    rate_limiter, starts = RateLimiter(clock, burst=1), list[float]()
    await enter(rate_limiter, starts, Slot(), 1)
    waiting = [asyncio.create_task(enter(rate_limiter, starts, Slot(), patience)) for patience in (8, 60)]
    await settle()
    rate_limiter.hold(30)
    await settle()
    with pytest.raises(RateLimitedError) as caught:
        await waiting[0]
    assert caught.value.retry_after_seconds == 30
    with pytest.raises(RateLimitedError):
        await enter(rate_limiter, starts, Slot(), 8)
    clock.advance(30.3)
    await settle()
    await waiting[1]
    assert len(starts) == 2


async def test_one_answer_holds_back_every_question_of_the_organisation() -> None:
    """The one that got it, a person's and the background's; a second later all of them are answered."""
    clock = InstantClock()
    upstream = Upstream(failing(429, retry_after="2"), job())
    client = make_client(upstream, clock)
    background = client.job("b", turn=Slot(Priority.BACKGROUND))
    await asyncio.gather(client.job("a"), client.job("p"), background)
    assert upstream.asked[0] == "a"
    assert len(upstream.asked) == 4
    assert clock.monotonic() >= 2


async def test_a_pause_longer_than_a_question_may_take_refuses_it_without_asking() -> None:
    """Until it is over; whoever asks then is answered."""
    clock = InstantClock()
    upstream = Upstream(failing(429, retry_after="600"), job())
    client = make_client(upstream, clock)
    for _ in range(3):
        with pytest.raises(RateLimitedError) as caught:
            await client.job("a")
    assert caught.value.retry_after_seconds == pytest.approx(600.2)
    assert len(upstream.requests) == 1
    clock.advance(600)
    await client.job("a")
    assert len(upstream.requests) == 2


@pytest.mark.parametrize("said", ["1e12", "inf", "9" * 40])
async def test_a_senseless_pause_is_cut_and_told(said: str) -> None:
    """To a quarter of an hour; the log has a line of it."""
    clock = InstantClock()
    upstream = Upstream(failing(429, retry_after=said), job())
    client = make_client(upstream, clock)
    with capture_logs() as logs, pytest.raises(RateLimitedError) as caught:
        await client.job("a")
    assert caught.value.retry_after_seconds == 900
    assert [line["retry_after_seconds"] for line in logs] == [900]
    clock.advance(900.1)
    await client.job("a")


async def test_other_failures_hold_nobody_back() -> None:
    """A 429 without a wait, and a 503 of one gateway among many."""
    clock = InstantClock()
    upstream = Upstream(failing(500, retry_after="600"), failing(500), job())
    client = make_client(upstream, clock)
    for _ in range(2):
        with pytest.raises(Exception, match="made up"):
            await client.job("a")
    await client.job("a")
    assert clock.monotonic() == 0

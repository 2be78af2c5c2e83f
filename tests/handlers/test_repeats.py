"""The first look for what was delivered before: to this process, a moment ago."""

from __future__ import annotations

from bot.handlers.deliveries.repeats import REMEMBERED, REMEMBERED_SECONDS, Repeats
from bot.playground.clock import ManualClock


def test_the_second_time_is_a_repeat() -> None:
    """Until it is so old that Slack would not send it any more."""
    clock = ManualClock()
    repeats = Repeats(clock)
    assert [repeats.is_repeat(key) for key in ("a", "b", "a")] == [False, False, True]
    clock.advance(REMEMBERED_SECONDS + 1)
    assert not repeats.is_repeat("a")


def test_what_has_no_key_is_never_a_repeat() -> None:
    """Better answered twice than not at all."""
    repeats = Repeats(ManualClock())
    assert [repeats.is_repeat(None), repeats.is_repeat(None)] == [False, False]


def test_what_says_more_is_none() -> None:
    """And what says less after it is one."""
    repeats = Repeats(ManualClock())
    assert [repeats.is_repeat("a", rank) for rank in (0, 1, 0, 1)] == [False, False, True, True]


def test_memory_is_bounded_and_the_newest_stay() -> None:
    """A flood costs the oldest their place."""
    repeats = Repeats(ManualClock())
    for number in range(REMEMBERED + 10):
        repeats.is_repeat(f"Ev{number}")
    assert repeats.is_repeat(f"Ev{REMEMBERED + 9}")
    assert not repeats.is_repeat("Ev0")

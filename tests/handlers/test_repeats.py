"""Deliveries seen before are known by what Slack says is unique of each."""

from __future__ import annotations

from typing import Any

import pytest

from bot.handlers.repeats import REMEMBERED, REMEMBERED_SECONDS, Repeats
from bot.playground.clock import ManualClock


@pytest.mark.parametrize("name", ["event_id", "trigger_id"])
def test_the_second_time_is_a_repeat(name: str) -> None:
    """Until it is so old that Slack would not send it any more."""
    clock = ManualClock()
    repeats = Repeats(clock)
    assert [repeats.is_repeat({name: key}) for key in ("a", "b", "a")] == [False, False, True]
    clock.advance(REMEMBERED_SECONDS + 1)
    assert not repeats.is_repeat({name: "a"})


@pytest.mark.parametrize("body", [{}, {"event_id": None}, {"trigger_id": 5}, {"event_id": ["a"]}])
def test_what_has_no_mark_is_never_a_repeat(body: dict[str, Any]) -> None:
    """Better answered twice than not at all."""
    repeats = Repeats(ManualClock())
    assert not repeats.is_repeat(body)
    assert not repeats.is_repeat(body)


def test_memory_is_bounded_and_the_newest_stay() -> None:
    """A flood costs the oldest their place."""
    repeats = Repeats(ManualClock())
    for number in range(REMEMBERED + 10):
        repeats.is_repeat({"event_id": f"Ev{number}"})
    assert repeats.is_repeat({"event_id": f"Ev{REMEMBERED + 9}"})
    assert not repeats.is_repeat({"event_id": "Ev0"})

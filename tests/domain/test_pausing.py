"""Until when somebody pauses: as people type it, in their time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import NotUnderstoodError
from bot.domain.pausing import read_pause

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 4, 22, 30, tzinfo=BERLIN)
"""A Wednesday evening."""


def _at(*numbers: int) -> datetime:
    year, month, day, hour, minute = (*numbers, 0)[:5]
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("until 9am", _at(2026, 3, 5, 9)),
        ("until 23:15", _at(2026, 3, 4, 23, 15)),
        ("until tomorrow", _at(2026, 3, 5, 9)),
        ("until tomorrow at 9 am", _at(2026, 3, 5, 9)),
        ("till tomorrow noon", _at(2026, 3, 5, 12)),
        ("me until Monday", _at(2026, 3, 9, 9)),
        ("until next wednesday", _at(2026, 3, 11, 9)),
        ("until friday 14:00, please", _at(2026, 3, 6, 14)),
        ("2h", _at(2026, 3, 5, 0, 30)),
        ("for 90 minutes", _at(2026, 3, 5, 0, 0)),
        ("my updates for an hour", _at(2026, 3, 4, 23, 30)),
        ("7d", _at(2026, 3, 11, 22, 30)),
        ("until 8", _at(2026, 3, 5, 8)),
        ("until 11", _at(2026, 3, 4, 23)),
        ("until tomorrow 8", _at(2026, 3, 5, 8)),
    ],
)
def test_a_pause_ends_when_it_was_said(typed: str, until: datetime) -> None:
    """The next such time; a day alone means its morning."""
    assert read_pause(typed.split(), NOW) == until


def test_the_hands_of_the_clock_count_where_the_clocks_change() -> None:
    """9 o'clock is 9 o'clock, though the night has an hour less; two hours are two hours."""
    night = datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN)
    assert read_pause(["until", "9am"], night) == datetime(2026, 3, 29, 7, tzinfo=UTC)
    assert read_pause(["2h"], night) - night.astimezone(UTC) == timedelta(hours=2)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "takes a time"),
        ("tone-dpo-v3", "I can't stop jobs"),
        ("2h tone-dpo-v3", "takes a time"),
        ("until 25:00", "takes a time"),
        ("until monday tomorrow", "takes a time"),
        ("8d", "at most 7 days"),
        ("2 weeks", "at most 7 days"),
        ("9999w", "at most 7 days"),
    ],
)
def test_anything_else_is_refused(typed: str, reason: str) -> None:
    """With a line that works."""
    with pytest.raises(NotUnderstoodError) as caught:
        read_pause(typed.split(), NOW)
    assert reason in caught.value.reason
    assert read_pause((caught.value.suggestion or "").split()[1:], NOW)

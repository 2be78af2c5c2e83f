"""Moments that people name, and when they began where they are."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.commands.query import Query
from bot.domain.commands.times.moments import MOMENTS, Moment, start_of, time_at
from bot.domain.job import JobSummary

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 4, 9, 30, tzinfo=BERLIN)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("moment", "day", "hour"),
    [
        ("today", 4, 0),
        ("yesterday", 3, 0),
        ("overnight", 3, 18),
        ("week", 2, 0),
        ("month", 1, 0),
        ("wednesday", 4, 0),
        ("thursday", 26, 0),
        ("monday", 2, 0),
        ("weekend", 28, 0),
        ("last-week", 23, 0),
    ],
)
def test_a_moment_began_in_the_readers_time_zone(moment: str, day: int, hour: int) -> None:
    """At midnight there; a weekday is the last one, today included."""
    began = start_of(moment, NOW)
    assert (began.day, began.hour, began.tzinfo) == (day, hour, BERLIN)
    assert began <= NOW


def test_a_day_with_a_change_of_clocks_begins_at_midnight_too() -> None:
    """Which is 23 hours before the next."""
    began = start_of("today", datetime(2026, 3, 29, 12, tzinfo=BERLIN))
    assert began.astimezone(UTC) == datetime(2026, 3, 28, 23, tzinfo=UTC)


def test_last_month_is_that_of_last_year_in_january() -> None:
    """Months have many lengths."""
    assert start_of("last-month", datetime(2026, 1, 31, tzinfo=UTC)) == datetime(2025, 12, 1, tzinfo=UTC)


def test_every_moment_has_begun() -> None:
    """Whenever it is asked for."""
    assert all(start_of(moment, NOW) <= NOW for moment in MOMENTS)


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("today", Moment("today", "", 1)),
        ("since monday", Moment("monday", "", 2)),
        ("since mon", Moment("monday", "", 2)),
        ("sun", Moment()),
        ("yesterday", Moment("yesterday", "today", 1)),
        ("since yesterday", Moment("yesterday", "", 2)),
        ("from last week", Moment("last-week", "", 3)),
        ("last week", Moment("last-week", "", 2)),
        ("in the last week", Moment("1w", "", 4)),
        ("past week", Moment("1w", "", 2)),
        ("in the last 2 days", Moment("2d", "", 5)),
        ("over night", Moment("overnight", "", 2)),
        ("last night", Moment("overnight", "", 2)),
        ("night", Moment()),
    ],
)
def test_moments_are_read_where_they_stand(words: str, moment: Moment) -> None:
    """With what stands before them."""
    said = words.split()
    assert time_at(lambda at: said[at] if 0 <= at < len(said) else "", 0) == moment


def test_a_query_of_yesterday_leaves_today_out() -> None:
    """By the clock of who asks."""
    query = Query(since="yesterday", until="today")
    hours = {
        hour: JobSummary("a", updated_at=datetime(2026, 3, 3, hour, 30, tzinfo=UTC)) for hour in (0, 22, 23)
    }
    assert {hour for hour, job in hours.items() if query.fits(job, NOW)} == {0, 22}
    assert not query.fits(JobSummary("a"), NOW)
    assert query.text == "since:yesterday until:today"

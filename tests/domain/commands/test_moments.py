"""Moments that people name, and when they began where they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.commands.query import Query
from bot.domain.commands.times.moments import MOMENTS, Moment, is_moment, start_of, time_at
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
        ("in november", Moment("november", "end-of-november", 2)),
        ("since november", Moment("november", "", 2)),
        ("last november", Moment("november", "end-of-november", 2)),
        ("may", Moment()),
        ("november", Moment()),
        ("1 nov", Moment("november-1", "end-of-november-1", 2)),
        ("since nov 1st", Moment("november-1", "", 3)),
        ("on the 3rd", Moment()),
        ("31 february", Moment()),
        ("on 2026-02-28", Moment("2026-02-28", "end-of-2026-02-28", 2)),
        ("on friday", Moment("friday", "end-of-friday", 2)),
        ("between monday and wednesday", Moment("monday", "end-of-wednesday", 4)),
        ("between yesterday and today", Moment("yesterday", "", 4)),
        ("from 1 nov to 3 nov", Moment("november-1", "end-of-november-3", 6)),
        ("between 10 and 15 november", Moment("november-10", "end-of-november-15", 5)),
        ("between 10 and 15", Moment()),
        ("before yesterday", Moment("", "yesterday", 2)),
        ("older than 7 days", Moment("", "7d", 4)),
        ("more than a week ago", Moment("", "1w", 5)),
        ("in the last couple of hours", Moment("2h", "", 6)),
    ],
)
def test_moments_are_read_where_they_stand(words: str, moment: Moment) -> None:
    """With what stands before them."""
    said = words.split()
    assert time_at(lambda at: said[at] if 0 <= at < len(said) else "", 0) == moment


@pytest.mark.parametrize(
    ("moment", "began"),
    [
        ("november", (2025, 11, 1)),
        ("end-of-november", (2025, 12, 1)),
        ("march", (2026, 3, 1)),
        ("march-4", (2026, 3, 4)),
        ("march-5", (2025, 3, 5)),
        ("february-29", (2024, 2, 29)),
        ("end-of-february-29", (2024, 3, 1)),
        ("2026-01-31", (2026, 1, 31)),
        ("end-of-tuesday", (2026, 3, 4)),
        ("end-of-wednesday", (2026, 3, 5)),
    ],
)
def test_months_and_days_are_the_last_ones(moment: str, began: tuple[int, int, int]) -> None:
    """A year is seldom said; what was is over after its last day."""
    assert start_of(moment, NOW) == datetime(*began, tzinfo=BERLIN)


@pytest.mark.parametrize(
    "text", ["november-31", "end-of-today", "2026-02-30", "0001-01-01", "end-of-", "soon"]
)
def test_what_is_no_day_is_no_moment(text: str) -> None:
    """A filter refuses it."""
    assert not is_moment(text)


def test_a_query_has_an_end_of_its_own() -> None:
    """What is older than a week, or was before a day."""
    week_old, new = (JobSummary("a", updated_at=NOW - timedelta(days=days)) for days in (10, 1))
    for until in ("7d", "last-week", "february-26"):
        assert [Query(until=until).fits(job, NOW) for job in (week_old, new)] == [True, False]


def test_a_query_of_yesterday_leaves_today_out() -> None:
    """By the clock of who asks."""
    query = Query(since="yesterday", until="today")
    hours = {
        hour: JobSummary("a", updated_at=datetime(2026, 3, 3, hour, 30, tzinfo=UTC)) for hour in (0, 22, 23)
    }
    assert {hour for hour, job in hours.items() if query.fits(job, NOW)} == {0, 22}
    assert not query.fits(JobSummary("a"), NOW)
    assert query.text == "since:yesterday until:today"

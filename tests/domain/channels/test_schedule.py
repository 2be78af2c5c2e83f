"""When a digest is due: by the local clock, in every time zone, once a day or once a week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.channels.digest import Period
from bot.domain.channels.schedule import next_time, read_time_of_day
from tests.tables import each_row

BERLIN, APIA = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia")
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")]
    + [ZoneInfo(name) for name in ("Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca")]
)


@each_row(
    "text, minutes",
    [
        ("09:00", 540),
        ("9:05", 545),
        ("17.30", 1050),
        ("17h30", 1050),
        ("9am", 540),
        ("9 am", 540),
        ("9:30pm", 1290),
        ("12am", 0),
        ("12pm", 720),
        ("00:00", 0),
        ("23:59", 1439),
        ("24:00", None),
        ("9:60", None),
        ("13pm", None),
        ("0am", None),
        ("9", None),
        ("17 h 30", 1050),
        ("1730h", 1050),
        ("12 noon", 720),
        ("Midnight", 0),
        ("9 o'clock", 540),
        ("0960", None),
        ("2400", None),
        ("24h", None),
        ("9h5", None),
        ("nine", None),
        ("", None),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(text: str, minutes: int | None) -> None:
    """And nothing else is taken for one."""
    assert read_time_of_day(text) == minutes


@each_row(
    "after, period, at, expected",
    [
        ("2026-03-02T07:59Z", Period.DAILY, "09:00", "2026-03-02T08:00Z"),
        ("2026-03-02T08:00Z", Period.DAILY, "09:00", "2026-03-03T08:00Z"),
        ("2026-03-28T08:00Z", Period.DAILY, "09:00", "2026-03-29T07:00Z"),  # the clocks go forward
        ("2026-03-28T12:00Z", Period.DAILY, "02:30", "2026-03-29T01:30Z"),  # there is no such time
        ("2026-03-29T01:30Z", Period.DAILY, "02:30", "2026-03-30T00:30Z"),
        ("2026-10-24T12:00Z", Period.DAILY, "02:30", "2026-10-25T00:30Z"),  # it comes twice
        ("2026-10-25T00:30Z", Period.DAILY, "02:30", "2026-10-26T01:30Z"),
        ("2026-03-02T07:59Z", Period.WEEKLY, "09:00", "2026-03-02T08:00Z"),  # a Monday
        ("2026-03-02T08:00Z", Period.WEEKLY, "09:00", "2026-03-09T08:00Z"),
        ("2026-03-01T23:30Z", Period.WEEKLY, "00:15", "2026-03-08T23:15Z"),
    ],
)
def test_the_local_clock_counts(after: str, period: Period, at: str, expected: str) -> None:
    """In Berlin, where the clocks are changed in March and October."""
    found = next_time(period, read_time_of_day(at) or 0, BERLIN, datetime.fromisoformat(after))
    assert found == datetime.fromisoformat(expected)


def test_a_day_that_a_country_leaves_out_does_no_harm() -> None:
    """Samoa had no 30 December 2011."""
    first = next_time(Period.DAILY, 540, APIA, datetime(2011, 12, 29, 12, tzinfo=UTC))
    second = next_time(Period.DAILY, 540, APIA, first)
    assert timedelta(0) < second - first <= timedelta(hours=48)


@settings(max_examples=60, deadline=None)
@given(
    ZONES,
    st.sampled_from(Period),
    st.integers(0, 1439),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001  (aware below)
)
def test_times_follow_each_other_a_period_apart(
    zone: ZoneInfo, period: Period, at_minutes: int, after: datetime
) -> None:
    """Give or take the hours by which clocks are changed; none is left out, none comes twice."""
    days = 1 if period is Period.DAILY else 7
    moment = after.replace(tzinfo=UTC)
    first = next_time(period, at_minutes, zone, moment)
    assert timedelta(0) < first - moment <= timedelta(days=days, hours=2)
    second = next_time(period, at_minutes, zone, first)
    assert abs(second - first - timedelta(days=days)) <= timedelta(hours=2)
    assert period is Period.DAILY or first.astimezone(zone).weekday() == 0
    if zone is BERLIN and at_minutes >= 240:
        local = first.astimezone(zone)
        assert local.hour * 60 + local.minute == at_minutes

"""What ``Retry-After`` means, whoever writes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.retry_after import LONGEST_SECONDS, RetryAfter, read_retry_after
from tests.tables import each_row

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def _date(seconds: float) -> str:
    return format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0), ("120", 120), (" 2.5 ", 2.5), ("900", 900), (_date(90), 90), (_date(-90), 0)],
)
def test_it_is_seconds_or_a_date(value: str, seconds: float) -> None:
    """Both forms of HTTP are read."""
    assert read_retry_after(value, NOW) == RetryAfter(seconds)


@each_row("value", ["901", "1e12", "1E+400", "9" * 60, "9" * 500, "inf", "Infinity", _date(86_400 * 900)])
def test_it_is_cut_at_a_quarter_of_an_hour(value: str) -> None:
    """And it is known that more was asked for."""
    assert read_retry_after(value, NOW) == RetryAfter(LONGEST_SECONDS, is_cut=True)


@each_row("value", ["", "-5", "-inf", "soon", "NaN", "٣", "1_0", "0x10", "Mon, 99 Foo 20260 99:99:99 GMT"])
def test_nonsense_says_nothing(value: str) -> None:
    """Whoever asked decides then."""
    assert read_retry_after(value, NOW) is None


@given(st.text(max_size=80) | st.from_regex(r"\w{3}, \d+ \w{3} \d+ \d+:\d+:\d+ ?[-+\w]*", fullmatch=True))
@example("Fri, 31 Dec 9999 23:59:59 -2359")
@settings(max_examples=200)
def test_any_is_survived(value: str) -> None:
    """Whatever a server writes there, the wait is none or between zero and a quarter of an hour."""
    pause = read_retry_after(value, NOW)
    assert pause is None or 0 <= pause.seconds <= LONGEST_SECONDS

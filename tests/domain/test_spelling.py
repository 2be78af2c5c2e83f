"""Numbers, durations and lines as people read them."""

from __future__ import annotations

import pytest

from bot.domain.spelling import duration_text, one_line, spelled, typed_duration
from tests.tables import each_row


@each_row(
    "value, shown",
    [
        (0, "0"),
        (3, "3"),
        (3.0, "3"),
        (0.1, "0.1"),
        (0.05, "0.05"),
        (0.001, "0.001"),
        (0.0001, "1e-4"),
        (float("nan"), "not a number"),
        (0.00025, "2.5e-4"),
        (2e-5, "2e-5"),
        (-5e-6, "-5e-6"),
        (1234567.5, "1.23457e6"),
        (10**15, "1e15"),
        (10**400, "a very large number"),
    ],
)
def test_numbers_are_written_as_people_write_them(value: float, shown: str) -> None:
    """Learning rates among them: small numbers by their power of ten."""
    assert spelled(value) == shown


@each_row(
    "seconds, text",
    [
        (0, "0 s"),
        (0.9, "0 s"),
        (-5, "0 s"),
        (45, "45 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (303, "5 min 3 s"),
        (7_500, "2 h 5 min"),
        (7_259, "2 h"),
        (86_399, "23 h 59 min"),
        (273_600, "3 d 4 h"),
        (86_400 * 400, "400 d"),
    ],
)
def test_durations_have_at_most_two_units(seconds: float, text: str) -> None:
    """Rounded down, without a second unit of zero."""
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(45, "45s"), (1_800, "30m"), (5_400, "1h30m"), (90_061, "1d1h1m1s"), (86_400, "1d")]
)
def test_a_typed_duration_is_exact(seconds: float, text: str) -> None:
    """It is what a person would type, and is read back."""
    assert typed_duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1.23456, "1.235"), (123456.0, "123500"), (3.2e8, "320000000"), (2.54321e-5, "2.543e-5")],
)
def test_a_number_is_rounded_to_the_digits_that_count(value: float, shown: str) -> None:
    """Whole numbers stay in full."""
    assert spelled(value, 4) == shown


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  one\n two\t", "one two"),
        ("0123456789", "0123456789"),
        ("01234567890", "012345678…"),
        ("01234567 9a", "01234567…"),
    ],
)
def test_a_line_is_folded_and_cut(text: str, line: str) -> None:
    """No blank before the sign that something is missing."""
    assert one_line(text, 10) == line

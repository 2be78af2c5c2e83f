"""When a week is reported."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.domain.health.incidents import Week, due_week


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 11, 30, 7, 59, 59, tzinfo=UTC), None),
        (datetime(2026, 11, 30, 8, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 12, 6, 23, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2027, 1, 1, tzinfo=UTC), date(2026, 12, 21)),
    ],
)
def test_the_last_week_is_due_from_monday_morning_on(now: datetime, monday: date | None) -> None:
    """Until the next one is; by UTC, across the end of a year too."""
    assert due_week(now) == monday


def test_a_week_in_which_nothing_happened_is_quiet() -> None:
    """Anything at all makes it one to report."""
    monday = date(2026, 11, 23)
    assert Week("org", monday).is_quiet
    assert not any(Week("org", monday, **{what: 1}).is_quiet for what in ("parked", "limited", "late"))

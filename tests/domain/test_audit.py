"""Times as an operator types them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.audit import read_since
from tests.tables import each_row

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@each_row(
    "typed, meant",
    [
        ("30d", NOW - timedelta(days=30)),
        ("0d", NOW),
        ("2026-02-01", datetime(2026, 2, 1, tzinfo=UTC)),
        ("2026-02-01T10:30Z", datetime(2026, 2, 1, 10, 30, tzinfo=UTC)),
        ("2026-02-01T10:30+02:00", datetime(2026, 2, 1, 8, 30, tzinfo=UTC)),
    ],
)
def test_a_time(typed: str, meant: datetime) -> None:
    """A number of days, a date, a time in UTC or with its zone."""
    assert read_since(typed, NOW) == meant


@each_row("typed", ["", "yesterday", "-3d", "30", "99999d", "2026-02-30"])
def test_no_time(typed: str) -> None:
    """Anything else."""
    with pytest.raises(ValueError, match=r"."):
        read_since(typed, NOW)

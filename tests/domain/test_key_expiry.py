"""Until when the API key is good, as it says itself, and when that is told."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.key_expiry import due_notice, expires_at, expiry_warning, next_notice_at
from bot.playground.training_suite import DEFAULT_TOKEN, key_until
from tests.tables import each_row

END = datetime(2026, 3, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def _key(claims: object) -> str:
    return f"e30.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.c2ln"


@each_row(
    "key, moment",
    [
        (key_until(END), END),
        (f" {key_until(END, iat=1, sub='x')}\n", END),
        (_key({"exp": END.timestamp()}), END),
        (_key({"exp": str(int(END.timestamp()))}), END),
        (DEFAULT_TOKEN, None),
        (key_until(None), None),
        (_key({"exp": None}), None),
        (_key({"exp": True}), None),
        (_key({"exp": [1]}), None),
        (_key({"exp": 0}), None),
        (_key({"exp": 1e300}), None),
        (_key({"exp": -(10**30)}), None),
        (_key([]), None),
        (_key("exp"), None),
        ("no-jwt-at-all", None),
        ("a.b.c", None),
        ("..", None),
        ("a.!!!.c", None),
        (f"a.{'A' * 100_000}.c", None),
        (f"{key_until(END)}.more", None),
    ],
)
def test_when_a_key_expires(key: str, moment: datetime | None) -> None:
    """A JWT's own word; whatever else the key is, it is no reason to fail."""
    assert expires_at(key) == moment


@given(st.text(max_size=60) | st.builds(".".join, st.lists(st.text(max_size=20), min_size=3, max_size=3)))
def test_any_key_is_read(key: str) -> None:
    """Nothing is raised."""
    expires_at(key)


@each_row(
    "left, days",
    [
        (8 * DAY, None),
        (7 * DAY + timedelta(seconds=1), None),
        (7 * DAY, 7),
        (3 * DAY, 7),
        (DAY + timedelta(seconds=1), 7),
        (DAY, 1),
        (timedelta(seconds=1), 1),
        (timedelta(), None),
        (-DAY, None),
    ],
)
def test_which_message_is_due(left: timedelta, days: int | None) -> None:
    """Seven days before and one; a bot that was away tells the one that is due now."""
    notice = due_notice("org", END, END - left)
    assert (notice.days if notice else None) == days


def test_when_the_next_one_is_due() -> None:
    """And none after the last."""
    assert next_notice_at(END, END - 30 * DAY) == END - 7 * DAY
    assert next_notice_at(END, END - 7 * DAY) == END - DAY
    assert next_notice_at(END, END - DAY) is None


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (8 * DAY, None),
        (7 * DAY, "in 7 days"),
        (2 * DAY - timedelta(hours=1), "in 1 day,"),
        (timedelta(hours=3), "in less than a day"),
        (timedelta(), "expired on 2026-03-10 00:00 UTC"),
        (-100 * DAY, "expired on"),
    ],
)
def test_what_the_operator_is_told(left: timedelta, said: str | None) -> None:
    """What, when, and what to do."""
    warning = expiry_warning(END, END - left)
    assert (warning is None) == (said is None)
    if warning is not None and said is not None:
        assert said in warning
        assert "SIMPLISMART_API_TOKEN" in warning
    assert expiry_warning(None, END) is None

"""Numbers as people write them."""

from __future__ import annotations

import pytest

from bot.domain.spelling import spelled


@pytest.mark.parametrize(
    ("value", "shown"),
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

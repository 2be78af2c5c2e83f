"""A test over a table: every row is tried, and those that fail are named."""

from __future__ import annotations

import pytest

from tests.tables import each_row


def test_every_row_is_tried_and_those_that_fail_are_named() -> None:
    """Also where ``pytest.raises`` is what fails."""
    tried = []

    @each_row("one, other", [(1, 1), (2, 3), (4, 5)])
    def compared(one: int, other: int, fixture: str) -> None:
        tried.append(one)
        assert fixture == "given"
        assert one == other

    @each_row("one", ["a", "b"], str.upper)
    async def raised(one: str) -> None:
        assert one
        with pytest.raises(ValueError, match="never"):
            pass

    with pytest.raises(ExceptionGroup, match="2 of 3 rows fail") as caught:
        compared(fixture="given")
    assert tried == [1, 2, 4]
    assert [each.__notes__ for each in caught.value.exceptions] == [
        ["in the row (2, 3)"],
        ["in the row (4, 5)"],
    ]
    with pytest.raises(BaseExceptionGroup, match="2 of 2") as failed:
        raised().send(None)
    assert [each.__notes__ for each in failed.value.exceptions] == [["in the row A"], ["in the row B"]]


@each_row("one", [1, 2])
@each_row("other", "ab")
def test_tables_are_crossed_and_fixtures_come_as_usual(one: int, other: str, tmp_path: object) -> None:
    """As with ``pytest.mark.parametrize``."""
    assert one in {1, 2}
    assert other in {"a", "b"}
    assert tmp_path

"""Reading a list piece by piece: what comes out never depends on where it was cut."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.training_api.lists.rows import ROW_CHARACTERS, RowScanner
from tests.tables import each_row

ROWS = [{"request_id": "é", "name": 'a "b" ]}', "n": [1.5, {"x": None}]}, {}, {"request_id": "2"}]
WHOLE = json.dumps({"total_count": 12, "jobs": ROWS, "next": None}, ensure_ascii=False).encode()


def scan(pieces: Iterator[bytes] | list[bytes]) -> list[Mapping[str, Any]]:
    """The rows; raises what `finish` raises."""
    rows: list[Mapping[str, Any]] = []
    scanner = RowScanner(rows.append)
    for piece in pieces:
        if not scanner.feed(piece):
            break
    scanner.finish()
    return rows


@given(st.lists(st.integers(0, len(WHOLE))))
def test_the_rows_are_the_same_however_the_body_is_cut(cuts: list[int]) -> None:
    """Also within a character, a number or a word."""
    edges = [0, *sorted(cuts), len(WHOLE)]
    assert scan([WHOLE[start:end] for start, end in pairwise(edges)]) == ROWS


@each_row(
    "body, rows",
    [
        (b'\xef\xbb\xbf \n{"jobs":[ ]}\n', []),
        (b'{"jobs": [{"a": NaN}, 7, null, "x", [{}]], "more": {"jobs": [{"b": 1}]}} rest', [{"a": None}]),
        (b'{"jobs": [{"a": %s}]}' % (b"9" * 5_000), [{"a": None}]),
        (b'{"jobs": [{"a": "\xff\n"}]}', [{"a": "\ufffd\n"}]),
        (b'{"jobs": null, "jobs": [{}]}', [{}]),
        (b'{"jobs": null}', []),
        (b'{"total_count": 1, "training_jobs": [{"a": 1}]}', [{"a": 1}]),
        (b'{"training_jobs": null}', []),
        (b' [{"a": 1}, {"b": [2]}] ', [{"a": 1}, {"b": [2]}]),
        (b"[]", []),
    ],
)
def test_odd_lists_are_read_as_far_as_can_be(body: bytes, rows: list[Mapping[str, Any]]) -> None:
    """A mark at the start, NaN, no row, endless numbers, stray bytes, other names, one that comes twice."""
    found = [{name: value if value == value else None for name, value in row.items()} for row in scan([body])]  # noqa: PLR0124  (NaN)
    assert found == rows


@each_row(
    "body",
    [
        b"",
        b"<html><body>502</body></html>",
        b"{}",
        b"null",
        b"[",
        b'[{"a": 1}',
        b'{"jobs": {}}',
        b'{"jobs": [{"a": 1}',
        b'{"jobs": [{"a": 1}]',
        b'{"jobs": [{"a" 1}]}',
        b'{"jobs": [{} {}]}',
        b'{"jobs" []}',
        b'{"detail": "no"}',
        b'{"jobs": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}",
        b'{"jobs": ["' + b"x" * (ROW_CHARACTERS + 100) + b'"',
    ],
)
def test_what_is_no_whole_list_is_refused(body: bytes) -> None:
    """A list that was cut short would make jobs look as if they were gone."""
    with pytest.raises(ValueError, match="no whole list"):
        scan([body, b""])


def test_reading_stops_where_it_makes_no_sense() -> None:
    """Nothing more of such a body is taken, and nothing of it held."""
    scanner = RowScanner(lambda _row: None)
    assert scanner.feed(b'{"jobs": [')
    assert not scanner.feed(b"{} {}")
    endless = RowScanner(lambda _row: None)
    fed = 0
    while endless.feed(b'{"jobs": [{"a": "' if not fed else b"x" * 65_536):
        fed += 1
    assert fed <= ROW_CHARACTERS // 65_536 + 2

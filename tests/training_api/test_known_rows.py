"""A row that is the same byte for byte as in the last list is not read again, and nobody can tell."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import UnreadableError
from bot.domain.job import read_summary
from bot.domain.listing import ListChanges
from bot.training_api.lists.changes import reading_changes
from bot.training_api.lists.known_rows import KnownRows
from tests.training_api.upstream import Scripted, Upstream, document, make_client

EARLY, LATE = "2026-03-02T09:00:00Z", "2026-03-02T09:05:00Z"
SINCE = datetime(2026, 3, 2, 9, 2, tzinfo=UTC)


def row(request_id: str, **fields: Any) -> dict[str, Any]:
    """A row of the list."""
    return {"request_id": request_id, "status": "RUNNING", "progress": 10, "updated_at": EARLY, **fields}


def listed(*rows: Any) -> Scripted:
    """The list with these rows."""
    return document({"jobs": rows})


@contextmanager
def rows_read() -> Iterator[list[object]]:
    """The IDs of the rows that are read, in turn."""
    read: list[object] = []

    def called(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code is read_summary.__code__:
            read.append(frame.f_locals["entry"].get("request_id"))

    sys.setprofile(called)
    try:
        yield read
    finally:
        sys.setprofile(None)


def marks(changes: ListChanges) -> dict[str, int]:
    """The fingerprints as the watcher stores them."""
    return {request_id: mark for request_id, (mark, _) in changes.changed.items()}


@pytest.mark.parametrize("statuses", [None, {"a": "RUNNING", "b": "RUNNING", "c": "RUNNING"}])
async def test_only_the_rows_that_changed_are_read(statuses: dict[str, str] | None) -> None:
    """Whether the statuses are compared, too, or not; a row is news once it differs in one byte."""
    rows = [row(each) for each in "abc"]
    client = make_client(upstream := Upstream(listed(*rows)))
    known = marks(await client.changes(dict.fromkeys("abc", 0), statuses))
    rows[1]["progress"] = 11
    upstream.then(listed(*rows))
    with rows_read() as read:
        found = await client.changes(known, statuses)
    assert (read, set(found.changed)) == (["b"], {"b"})
    assert not found.moved
    assert not found.missing


async def test_what_was_not_written_down_is_told_again() -> None:
    """Whoever asks may have died before that: the row is as before, and news all the same."""
    client = make_client(Upstream(listed(row("a"))))
    first, second = [await client.changes({"a": 0}) for _ in range(2)]
    assert first.changed == second.changed != {}


async def test_a_list_that_broke_off_is_not_remembered() -> None:
    """Nothing is, but what a whole list said before."""
    whole = listed(row("a"), row("b"))
    client = make_client(upstream := Upstream(whole))
    known = marks(await client.changes({"a": 0, "b": 0}))
    upstream.then(Scripted(200, (b'{"jobs": [', json.dumps(row("a", progress=11)).encode())), whole)
    with pytest.raises(UnreadableError):
        await client.changes(known)
    with rows_read() as read:
        assert not (await client.changes(known)).changed
    assert read == []


async def test_who_asks_about_all_jobs_beside_forgets_nothing() -> None:
    """As for a new feed."""
    client = make_client(Upstream(listed(row("a"))))
    known = marks(await client.changes({"a": 0}))
    await client.changes({}, {})
    with rows_read() as read:
        await client.changes(known)
    assert read == []


def test_no_more_rows_are_kept_than_may_be_and_none_that_is_gone() -> None:
    """Those of jobs that nobody watches are not kept at all; the others are read each time."""
    rows = KnownRows(2)

    def read(*names: str) -> ListChanges:
        reading = reading_changes({"a": 0, "b": 0, "c": 0}, {}, rows=rows)
        assert reading.sink is not None
        reading.sink.feed(json.dumps({"jobs": [row(each) for each in names]}).encode())
        return reading.read(b"")

    found = read("stranger", "a", "b", "c")
    assert (len(rows), set(found.changed)) == (2, {"a", "b", "c"})
    read("c")
    assert len(rows) == 1
    read()
    assert len(rows) == 0


_ROWS = st.builds(
    row,
    st.sampled_from(["a", "b", "c", "d", "x" * 501, "", 7]),
    status=st.sampled_from(["RUNNING", "running", "FAILED", "COMPLETED", None, "odd \x07"]),
    progress=st.sampled_from([10, 10.0, "10%", None, float("nan")]),
    updated_at=st.sampled_from([EARLY, LATE, None]),
)
_WATCHED = st.sets(st.sampled_from(["a", "b", "c", "7"]))
_LISTS = st.lists(st.lists(_ROWS, max_size=6), min_size=2, max_size=4)
_STATUSES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["RUNNING", "FAILED", "running"]))


@given(lists=_LISTS, data=st.data())
@settings(max_examples=200)
def test_what_is_remembered_changes_nothing(lists: Sequence[Sequence[Any]], data: st.DataObject) -> None:
    """List after list says the same as to somebody who never saw one: duplicates, older rows, odd ones."""
    rows, stored = KnownRows(3), dict[str, int]()
    repeated = [each for each in lists for _ in range(2)]
    for each in repeated:
        watched = data.draw(_WATCHED)
        statuses = data.draw(st.none() | _STATUSES)
        since = data.draw(st.sampled_from([None, SINCE]))
        body = json.dumps({"jobs": each}).encode()
        known = {request_id: stored.get(request_id, 0) for request_id in watched}
        found, fresh = [
            _read(body, reading_changes(known, statuses, since, rows=kept, most=2))
            for kept in (rows, KnownRows(0))
        ]
        assert found == fresh
        if data.draw(st.booleans()):
            stored |= marks(found)


def _read(body: bytes, reading: Any) -> ListChanges:
    reading.sink.feed(body)
    changes: ListChanges = reading.read(b"")
    return changes

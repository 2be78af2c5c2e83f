"""Which rows of a list are news."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.job import JobStatus, JobSummary
from bot.domain.job.changes import Changes, fingerprint, status_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROW = JobSummary("a", "run 7", JobStatus.RUNNING, "RUNNING", NOW, NOW, "llm", "base", "lora", 40.0)


def changes_in(
    rows: Iterable[JobSummary], known: Mapping[str, int]
) -> tuple[Mapping[str, tuple[int, JobSummary]], frozenset[str]]:
    """What is new, and whose row is missing."""
    changes = Changes(known, most=10_000)
    for row in rows:
        changes.take(row)
    assert not changes.is_cut
    return changes.changed, changes.missing()


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    """It is stored, in a column of 63 bits; 0 stands for no row yet."""
    assert fingerprint(ROW) == fingerprint(replace(ROW)) == 2978088588968286853
    rows = [replace(ROW, progress=float(percent)) for percent in range(100)]
    assert all(0 < fingerprint(row) < 2**63 for row in rows)
    assert len({fingerprint(row) for row in rows}) == 100


@pytest.mark.parametrize(
    "other",
    [
        replace(ROW, status=JobStatus.FAILED, status_text="FAILED"),
        replace(ROW, status=JobStatus.UNKNOWN, status_text="PAUSED"),
        replace(ROW, progress=40.1),
        replace(ROW, progress=None),
        replace(ROW, updated_at=NOW + timedelta(milliseconds=1)),
        replace(ROW, updated_at=None),
        replace(ROW, experiment_name="run 8"),
    ],
)
def test_what_matters_changes_the_fingerprint(other: JobSummary) -> None:
    """Status, progress, time and name."""
    assert fingerprint(other) != fingerprint(ROW)
    assert changes_in([other], {"a": fingerprint(ROW)}) == ({"a": (fingerprint(other), other)}, frozenset())


def test_an_unchanged_row_is_no_news_and_one_that_is_not_there_is_missing() -> None:
    """Rows of jobs nobody watches are neither."""
    rows = [replace(ROW, request_id="stranger"), ROW]
    assert changes_in(rows, {"a": fingerprint(ROW), "b": 5}) == ({}, frozenset({"b"}))
    assert changes_in(rows, {}) == ({}, frozenset())
    assert changes_in([], {"a": 0}) == ({}, frozenset({"a"}))


def test_a_row_seen_for_the_first_time_is_news() -> None:
    """0 stands for none."""
    assert changes_in([ROW], {"a": 0})[0] == {"a": (fingerprint(ROW), ROW)}


@pytest.mark.parametrize("reverse", [False, True])
def test_of_duplicate_rows_the_one_updated_last_counts(reverse: bool) -> None:  # noqa: FBT001  (a parameter)
    """In whatever order they come; also where that is the one that is known."""
    older = replace(ROW, updated_at=NOW - timedelta(seconds=1), progress=39.0)
    timeless = replace(ROW, updated_at=None, progress=1.0)
    rows = [older, ROW, timeless][:: -1 if reverse else 1]
    assert changes_in(rows, {"a": 1})[0] == {"a": (fingerprint(ROW), ROW)}
    assert changes_in(rows, {"a": fingerprint(ROW)})[0] == {}
    assert changes_in(rows, {"a": fingerprint(older)})[0] == {"a": (fingerprint(ROW), ROW)}


def test_of_rows_updated_at_once_the_later_counts() -> None:
    """Also where none says when."""
    for updated_at in (NOW, None):
        one, other = (replace(ROW, updated_at=updated_at, progress=progress) for progress in (1.0, 2.0))
        assert changes_in([one, other], {"a": 0})[0]["a"][1] is other
        assert changes_in([other, one], {"a": 0})[0]["a"][1] is one


def test_a_list_of_ten_thousand_keeps_only_what_is_news() -> None:
    """Rows are taken one at a time, in any order, each twice."""
    numbers = [*range(10_000)] * 2
    random.Random(7).shuffle(numbers)  # noqa: S311  (an order, not a secret)

    def rows() -> Iterator[JobSummary]:
        for number in numbers:
            yield replace(ROW, request_id=f"job-{number}", progress=float(number % 100))

    known = {
        f"job-{number}": fingerprint(replace(ROW, progress=float(number % 100)))
        for number in range(0, 9_990, 3)
    }
    known |= {"job-3": 1, "job-6": 1, "job-99999": 1}
    changed, missing = changes_in(rows(), known)
    assert changed.keys() == {"job-3", "job-6"}
    assert missing == {"job-99999"}


def test_more_changes_than_fit_are_told_the_next_time() -> None:
    """Memory stays bounded, and no job that was seen counts as missing."""
    changes = Changes({f"job-{number}": 0 for number in range(5)}, most=3)
    for number in range(5):
        changes.take(replace(ROW, request_id=f"job-{number}"))
    assert changes.is_cut
    assert len(changes.changed) == 3
    assert changes.missing() == frozenset()


def moved_in(rows: Iterable[JobSummary], statuses: Mapping[str, str], most: int = 10) -> Changes:
    """What became of these rows where the last status of every job is known."""
    changes = Changes({}, most, statuses)
    for row in rows:
        changes.take(row)
    return changes


def test_a_job_has_moved_when_its_status_is_another_one_or_new() -> None:
    """Whether anybody watches it or not, whatever else its row says; without a status it is empty."""
    silent = replace(ROW, request_id="d", status=JobStatus.UNKNOWN, status_text=None)
    rows = [ROW, replace(ROW, request_id="b", progress=99.0), replace(ROW, request_id="c"), silent]
    known = {"a": "QUEUED", "b": "RUNNING", "d": "", "gone": "RUNNING"}
    assert moved_in(rows, known).moved == {"a": rows[0], "c": rows[2]}
    assert moved_in(rows, {**known, "d": "RUNNING"}).moved.keys() == {"a", "c", "d"}
    assert Changes({}, 10).moved == {}


def test_finished_jobs_that_were_updated_lately_are_told() -> None:
    """Where their status is as it was: there may be more to know of them. And those that have no row."""
    statuses = {"a": "FAILED", "b": "FAILED", "c": "RUNNING", "d": "COMPLETED", "gone": "FAILED"}
    changes = Changes({}, 2, statuses, ended_since=NOW)
    for request_id, status, at in (
        ("a", "FAILED", 0),
        ("a", "FAILED", 10),
        ("b", "FAILED", -1),
        ("c", "RUNNING", 10),
        ("d", "FAILED", 10),
    ):
        updated_at = NOW + timedelta(seconds=at)
        changes.take(JobSummary(request_id, None, JobStatus(status), status, NOW, updated_at))
    assert [each.updated_at for each in changes.ended.values()] == [NOW + timedelta(seconds=10)]
    assert changes.ended.keys() == {"a"}
    assert (changes.unlisted(), Changes({}, 2).unlisted()) == ({"gone"}, set())


def test_what_cannot_be_stored_is_left_out() -> None:
    """Ids that are none, and what is odd in a status, which is then the same at every list."""
    rows = [replace(ROW, request_id=odd) for odd in ("a\0", "\ud800", "x" * 1000)]
    assert moved_in(rows, {}).moved == {}
    odd = replace(ROW, status=JobStatus.UNKNOWN, status_text="PAU\0SED\ud800" + "!" * 500)
    assert status_of(odd) == "PAUSED" + "!" * 94
    assert moved_in([odd], {"a": status_of(odd)}).moved == {}


@pytest.mark.parametrize("order", [1, -1])
def test_an_older_row_moves_no_job(order: int) -> None:
    """In whichever order the two come: the one updated last says where the job is."""
    older = replace(ROW, updated_at=NOW - timedelta(seconds=1), status_text="QUEUED")
    rows = [older, ROW][::order]
    assert moved_in(rows, {"a": "RUNNING"}).moved == {}
    assert moved_in(rows, {"a": "QUEUED"}).moved == {"a": ROW}


def test_more_moves_than_fit_are_told_the_next_time() -> None:
    """Memory stays bounded; and watched jobs are told of beside them."""
    rows = [replace(ROW, request_id=f"job-{number}") for number in range(5)]
    changes = moved_in(rows, {}, most=3)
    assert (len(changes.moved), changes.is_cut) == (3, True)
    rest = moved_in(rows, dict.fromkeys(changes.moved, "RUNNING"), most=3)
    assert (len(rest.moved), rest.is_cut) == (2, False)
    both = Changes({"job-1": 0}, 3, {})
    both.take(rows[1])
    assert (both.changed.keys(), both.moved.keys()) == ({"job-1"}, {"job-1"})

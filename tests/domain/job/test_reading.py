"""One value at a time."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from bot.domain.job.reading import (
    JobStatus,
    meant_status,
    read_count,
    read_flag,
    read_number,
    read_percent,
    read_status,
    read_text,
    read_texts,
    read_time,
)
from tests.tables import each_row

MOMENT = datetime(2023, 11, 7, 5, 31, 56, tzinfo=UTC)
EPOCH = 1_699_335_116


@each_row(
    "value, moment",
    [
        ("2023-11-07T05:31:56Z", MOMENT),
        ("2023-11-07T05:31:56", MOMENT),
        ("2023-11-07 05:31:56 UTC", MOMENT),
        (" 2023-11-07T07:31:56+02:00 ", MOMENT),
        ("2023-11-07T05:31:56.123456789Z", MOMENT.replace(microsecond=123456)),
        ("2023-11-07t05:31:56z", MOMENT),
        ("2023-11-07 05:31:56.5 +0000 UTC", MOMENT.replace(microsecond=500000)),
        ("2023-11-07 07:31:56 +02:00", MOMENT),
        ("Tue, 07 Nov 2023 05:31:56 GMT", MOMENT),
        ("tue, 7 nov 2023 05:31:56 gmt", MOMENT),
        ("Tuesday, 07-Nov-23 05:31:56 GMT", MOMENT),
        ("07 Nov 2023 07:31:56 +0200", MOMENT),
        ("07 Nov 2023 05:31:56", MOMENT),
        ("2199-12-31T23:59:59.999999Z", datetime(2199, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("2023-11-07", MOMENT.replace(hour=0, minute=0, second=0)),
        (EPOCH, MOMENT),
        (float(EPOCH), MOMENT),
        (str(EPOCH), MOMENT),
        (EPOCH * 1_000, MOMENT),
        (EPOCH * 1_000_000, MOMENT),
        (EPOCH * 1_000_000_000, MOMENT),
        ("", None),
        ("<string>", None),
        ("yesterday", None),
        ("2023-13-07T05:31:56Z", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("0001-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:00Z", None),
        ("1999-12-31T23:59:59Z", None),
        (0, None),
        ("Tue, 32 Nov 2023 05:31:56 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
        ("9999-12-31T23:59:59.999999Z", None),
        ("2200-01-01T00:00:00Z", None),
        (253_402_300_799_999, None),
        ("9999-12-31T23:59:59-23:59", None),
        ("2" * 1_000, None),
        (True, None),
        (math.nan, None),
        (math.inf, None),
        (-1e300, None),
        (1e300, None),
        (1e20, None),
        (10**400, None),
        (["2023-11-07"], None),
    ],
)
def test_times(value: object, moment: datetime | None) -> None:
    """ISO 8601 with any zone or none, epochs in any unit; the result is UTC. A zero time is none."""
    assert read_time(value) == moment


@each_row(
    "value, text",
    [
        ("a", "a"),
        (" a ", " a "),
        ("", None),
        (" \n\u00a0", None),
        (0, "0"),
        (1.5, "1.5"),
        (True, "true"),
        (False, "false"),
        (math.nan, None),
        (10**400, None),
        ("\ud800é", "?é"),
        ([], None),
        ({}, None),
        (None, None),
    ],
)
def test_texts(value: object, text: str | None) -> None:
    """Numbers and flags become words; blank is absent; what cannot be encoded is replaced."""
    assert read_text(value) == text


@each_row(
    "value, number",
    [
        (1, 1),
        ("1.5", 1.5),
        (" 2e-5 ", 2e-5),
        ("1e999", None),
        ("x", None),
        (True, None),
        (10**400, None),
        ("9" * 1_000, None),
    ],
)
def test_numbers(value: object, number: float | None) -> None:
    """Finite ones, also as text."""
    assert read_number(value) == number


@pytest.mark.parametrize(
    ("value", "count"), [(2, 2), ("8", 8), (2.9, 2), (-1, -1), (1e16, None), (False, None), ("x", None)]
)
def test_counts(value: object, count: int | None) -> None:
    """Whole numbers; ones that are too large to mean anything are none."""
    assert read_count(value) == count


@each_row(
    "value, percent",
    [(45, 45), ("45%", 45), (" 45.5 % ", 45.5), (-5, 0), (250, 100), ("x", None), ("", None), ([1], None)],
)
def test_percentages(value: object, percent: float | None) -> None:
    """Clamped to 0 to 100."""
    assert read_percent(value) == percent


@pytest.mark.parametrize(
    ("value", "flag"),
    [(True, True), ("false", False), (" True ", True), (1, None), ("x", None), (None, None)],
)
def test_flags(value: object, flag: bool | None) -> None:  # noqa: FBT001  (a table's column)
    """Flags and their words; numbers are none."""
    assert read_flag(value) is flag


@pytest.mark.parametrize(
    ("value", "texts"),
    [(["a", None, "", 1, ["b"]], ("a", "1")), ("a", ("a",)), (None, ()), ({"a": 1}, ()), ([], ())],
)
def test_lists_of_texts(value: object, texts: tuple[str, ...]) -> None:
    """What cannot be read is passed over; one alone is a list of one."""
    assert read_texts(value) == texts


@each_row(
    "word, status",
    [
        ("pending", JobStatus.QUEUED),
        ("Queued", JobStatus.QUEUED),
        (" running ", JobStatus.RUNNING),
        ("in-progress", JobStatus.RUNNING),
        ("Succeeded", JobStatus.COMPLETED),
        ("completed", JobStatus.COMPLETED),
        ("Error", JobStatus.FAILED),
        ("aborted", JobStatus.FAILED),
        ("canceled", JobStatus.CANCELLED),
        ("Cancelled", JobStatus.CANCELLED),
        ("preempted", JobStatus.UNKNOWN),
        ("ended", JobStatus.UNKNOWN),
        ("unknown", JobStatus.UNKNOWN),
        ("", JobStatus.UNKNOWN),
        (None, JobStatus.UNKNOWN),
        (404, JobStatus.UNKNOWN),
    ],
)
def test_statuses(word: object, status: JobStatus) -> None:
    """In any case, in either spelling, and as older documents have them; what says less is unknown."""
    assert read_status(word) is status


@each_row(
    "word, status",
    [
        ("preempted", JobStatus.FAILED),
        ("PRE-EMPTED", JobStatus.FAILED),
        ("Timed Out", JobStatus.FAILED),
        ("timeout", JobStatus.FAILED),
        ("EVICTED", JobStatus.FAILED),
        ("oom_killed", JobStatus.FAILED),
        ("OUT_OF_MEMORY", JobStatus.FAILED),
        ("NODE_FAIL", JobStatus.FAILED),
        ("completed_with_errors", JobStatus.FAILED),
        ("incomplete", JobStatus.FAILED),
        ("stopped", JobStatus.CANCELLED),
        ("user_cancelled", JobStatus.CANCELLED),
        ("Finished", JobStatus.COMPLETED),
        ("archived", JobStatus.ENDED),
        ("終了", JobStatus.ENDED),
        ("RUNNING", JobStatus.RUNNING),
        (None, JobStatus.ENDED),
        ("  ", JobStatus.ENDED),
        ({"state": "FAILED"}, JobStatus.ENDED),
    ],
)
def test_a_word_that_nobody_documented_is_an_end_where_there_is_one(word: object, status: JobStatus) -> None:
    """What it means decides who is told; what is under way is so, whatever is said of an end."""
    assert meant_status(word, MOMENT) is status

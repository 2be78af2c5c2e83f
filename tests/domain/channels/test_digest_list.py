"""The buttons of a digest: what they carry, and which jobs they list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.channels.digest_list import Since
from bot.domain.commands.search import query_of_text
from bot.domain.job import JobStatus
from tests.tables import each_row

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECONDS = int(AT.timestamp())


@each_row(
    "value",
    ["", "FAILED", "FAILED x", "NONE 17", f"FAILED {'9' * 12}", "FAILED \N{SUPERSCRIPT TWO}", "FAILED -5"],
)
def test_what_is_none_of_ours_is_not_read(value: str) -> None:
    """Whatever an older or a newer version, or anybody else, sends."""
    assert Since.read(value) is None


@each_row(
    "status, after, listed",
    [
        (JobStatus.FAILED, timedelta(0), "status:failed since:1h"),
        (JobStatus.FAILED, timedelta(hours=49, seconds=1), "status:failed since:50h"),
        (JobStatus.COMPLETED, timedelta(days=4_000), "status:completed since:9999h"),
        (JobStatus.COMPLETED, timedelta(days=-1), "status:completed since:1h"),
        (JobStatus.RUNNING, timedelta(hours=49), "status:running"),
    ],
)
def test_the_list_reaches_back_to_the_digest(status: JobStatus, after: timedelta, listed: str) -> None:
    """However long ago that was; what is running runs now."""
    asked = Since.read(Since(status, SECONDS).value())
    assert asked == Since(status, SECONDS)
    assert asked.query(AT + after).text == listed
    assert query_of_text(listed) == asked.query(AT + after)

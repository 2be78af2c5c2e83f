"""What is news to a channel's feed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.channels.feed import Feed, read_feed_query
from bot.domain.commands.query import Query
from bot.domain.errors import NotUnderstoodError
from bot.domain.job import JobStatus, JobSummary, TrainingJob, read_summary

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
FEED = Feed("T1", "C1", "org", "U1", Query(), BEGAN)
LONG_AGO, SINCE = BEGAN - timedelta(days=2), BEGAN + timedelta(hours=1)


@pytest.mark.parametrize(
    ("status", "completed_at", "updated_at", "is_news"),
    [
        ("FAILED", LONG_AGO, LONG_AGO, False),
        ("FAILED", LONG_AGO, None, False),
        ("FAILED", None, None, True),
        ("FAILED", SINCE, LONG_AGO, True),
        ("FAILED", None, SINCE, True),
        # It ran again, and its old end was left in the document.
        ("FAILED", LONG_AGO, SINCE, True),
        ("RUNNING", LONG_AGO, SINCE, True),
    ],
)
def test_what_moved_after_the_feed_began_is_news(
    status: str, completed_at: datetime | None, updated_at: datetime | None, *, is_news: bool
) -> None:
    """By the latest that its document says, which may leave out either time."""
    times = {"completed_at": completed_at, "updated_at": updated_at}
    told = {name: moment.isoformat() for name, moment in times.items() if moment}
    job = TrainingJob.model_validate({"status": status, **told})
    assert FEED.is_news(job) is is_news


@pytest.mark.parametrize(
    ("word", "wanted"), [("preempted", True), ("succeeded", True), ("archived", False), (None, False)]
)
def test_a_word_that_nobody_documented_may_be_an_end_that_is_wanted(
    word: str | None, *, wanted: bool
) -> None:
    """Its row does not say; the document does, and without an end in it nothing is believed."""
    feed = Feed("T1", "C1", "org", "U1", read_feed_query(()), BEGAN)
    row = read_summary({"request_id": "a", "status": word})
    assert row is not None
    assert feed.wants(row, SINCE) is wanted
    ended = TrainingJob.model_validate({"status": word, "completed_at": SINCE.isoformat()})
    assert feed.believes(ended) is wanted
    assert not feed.believes(TrainingJob.model_validate({"status": "preempted"}))


def test_a_feed_of_unknown_statuses_has_ends_that_do_not_say_how() -> None:
    """People know of no other word for them."""
    feed = Feed("T1", "C1", "org", "U1", read_feed_query(("status:unknown",)), BEGAN)
    ended = {"status": "archived", "completed_at": SINCE.isoformat()}
    row = read_summary({"request_id": "a", "status": "archived"})
    assert row is not None
    assert feed.wants(row, SINCE)
    assert feed.believes(TrainingJob.model_validate(ended))


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("failed jobs please", "status:failed"),
        ("state:failed|completed", "status:completed,failed"),
        ("all failed runs with model llama", "status:failed model:llama"),
        ("jobs", "status:completed,failed"),
        ('name: "since:7d" failed', "status:failed name:since:7d"),
    ],
)
def test_filters_of_a_feed_are_read_among_other_words(line: str, text: str) -> None:
    """As those of a list are."""
    assert read_feed_query(tuple(line.split())).text == text


@pytest.mark.parametrize("line", ["all", "all jobs", "last 7 days", "7d failed", "not failed"])
def test_what_a_feed_cannot_do_is_said(line: str) -> None:
    """Rather than posting something else."""
    with pytest.raises(NotUnderstoodError):
        read_feed_query(tuple(line.split()))


@pytest.mark.parametrize(("updated_at", "wants"), [(LONG_AGO, False), (SINCE, True), (None, True)])
def test_nobody_asks_about_a_row_that_is_long_past(updated_at: datetime | None, *, wants: bool) -> None:
    """A list that was empty for a moment shows every old job as new."""
    row = JobSummary("a", status=JobStatus.FAILED, updated_at=updated_at)
    assert FEED.wants(row, SINCE) is wants

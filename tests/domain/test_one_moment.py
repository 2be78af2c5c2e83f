"""Two sources of one page agree on every job that both tell of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.job import JobStatus, JobSummary
from bot.domain.job.reading import meant_status, read_status
from bot.domain.listing import JobListing
from bot.domain.one_moment import as_one
from bot.domain.subscriptions.subscription import Seen, SubscribedJob, Subscription

T0 = datetime(2026, 1, 2, 12, tzinfo=UTC)
LATER, EARLIER = T0 + timedelta(seconds=9), T0 - timedelta(seconds=9)
STATUSES = st.none() | st.sampled_from(["RUNNING", "FAILED", "COMPLETED", "PAUSED:now", "cancelled"])
TIMES = st.none() | st.sampled_from([EARLIER, T0, LATER])
PROGRESS = st.none() | st.floats(0, 100)
JOBS = st.sampled_from(["a", "b", "c"])


def _followed(
    request_id: str, status: str | None, progress: float | None, seen: Seen | None
) -> SubscribedJob:
    subscription = Subscription("s", "T1", "C1", "org", request_id, T0)
    return SubscribedJob(subscription, "run", status, progress, seen=seen)


FOLLOWED = st.builds(
    _followed, JOBS, STATUSES, PROGRESS, st.none() | st.builds(Seen, TIMES.filter(bool), TIMES)
)
ROWS = st.builds(
    lambda request_id, status, progress, updated_at: JobSummary(
        request_id, "run", read_status(status), status, updated_at=updated_at, progress=progress
    ),
    JOBS,
    STATUSES,
    PROGRESS,
    TIMES,
)


@given(st.lists(FOLLOWED, max_size=4), st.lists(ROWS, max_size=3, unique_by=lambda row: row.request_id))
def test_whatever_they_say_the_page_says_it_once(
    followed: list[SubscribedJob], rows: list[JobSummary]
) -> None:
    """Nothing is lost, nothing changes its place; what a row does not say stays."""
    lines, listing = as_one(followed, JobListing(tuple(rows), T0), "org")
    assert [line.subscription for line in lines] == [each.subscription for each in followed]
    assert [row.request_id for row in listing.jobs] == [row.request_id for row in rows]
    told = {row.request_id: row for row in listing.jobs}
    for line in lines:
        row = told.get(line.subscription.request_id)
        if row is None:
            assert line in followed
        elif len({each.subscription.request_id for each in followed}) == len(followed):
            agreed = (row.status_text or line.status_text, line.progress)
            assert (line.status_text, row.progress if row.progress is not None else line.progress) == agreed


@pytest.mark.parametrize(
    ("seen", "row_updated_at", "progress"),
    [
        pytest.param(Seen(LATER), None, 49.0, id="the later look"),
        pytest.param(Seen(EARLIER), None, 42.0, id="the list was asked later"),
        pytest.param(Seen(LATER, EARLIER), T0, 42.0, id="the job's own time counts first"),
        pytest.param(Seen(EARLIER, LATER), T0, 49.0, id="the list lags behind the documents"),
        pytest.param(Seen(LATER, T0), T0, 49.0, id="the same time, and a later look"),
        pytest.param(None, None, 42.0, id="nothing is remembered"),
    ],
)
def test_the_newer_one_counts(seen: Seen | None, row_updated_at: datetime | None, progress: float) -> None:
    """For both."""
    followed = _followed("a", "RUNNING", 49.0, seen)
    row = JobSummary("a", "run", JobStatus.RUNNING, "RUNNING", updated_at=row_updated_at, progress=42.0)
    (line,), listing = as_one([followed], JobListing((row,), T0), "org")
    assert (line.progress, listing.jobs[0].progress) == (progress, progress)


def test_a_status_that_nobody_documented_means_the_same_in_both() -> None:
    """It is an end where the job has one; such a row is no longer among those that run."""
    followed = SubscribedJob(
        Subscription("s", "T1", "C1", "org", "a", T0),
        "run",
        "ERRORED",
        3.0,
        completed_at=T0,
        seen=Seen(LATER),
    )
    (line,), listing = as_one(
        [followed], JobListing((JobSummary("a", "run", JobStatus.RUNNING, "RUNNING"),), T0), "org"
    )
    assert listing.jobs[0].status is meant_status(line.status_text, line.completed_at)
    assert listing.jobs[0].status is not JobStatus.RUNNING


def test_another_organizations_job_of_the_same_id_is_another_job() -> None:
    """What is listed says nothing about it, whichever is newer."""
    row = JobSummary("a", "listed", JobStatus.RUNNING, "RUNNING", progress=10.0, updated_at=LATER)
    for seen in (EARLIER, LATER):
        followed = _followed("a", "FAILED", 3.0, Seen(seen))
        (line,), listing = as_one([followed], JobListing((row,), T0), "another")
        assert line == followed
        assert listing.jobs == (row,)

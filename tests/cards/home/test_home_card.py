"""The Home tab: what is in it, and that Slack takes it whatever the jobs are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.home.home import home_view
from bot.domain.job import JobStatus, JobSummary
from bot.domain.listing import JobListing
from bot.domain.subscriptions.subscription import SubscribedJob, Subscription
from bot.playground.block_kit import view_problems
from tests.cards.shown import NOW, live_markup, words

ANY = st.none() | st.text(max_size=300)
MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))
JOBS = st.builds(
    JobSummary,
    request_id=st.text(min_size=1, max_size=300),
    experiment_name=ANY,
    status=st.sampled_from([JobStatus.RUNNING, JobStatus.FAILED]),
    status_text=ANY,
    created_at=MOMENTS,
    updated_at=st.none(),
    base_model=ANY,
    progress=st.none() | st.floats(0, 100),
)
SUBSCRIPTION = Subscription("s1", "T1", "C0123ABC", "o", "run-7", NOW, subscribers=("U01",))


def _view(followed: Any = (), jobs: Any = ()) -> dict[str, Any]:
    return home_view(followed, JobListing(tuple(jobs), NOW), now=NOW, slash_command="/job")


def test_only_what_failed_within_a_week_is_told() -> None:
    """By its last change; what is unknown is shown rather than missed."""

    def failed(name: str, changed: datetime | None) -> JobSummary:
        return JobSummary(f"id-{name}", name, JobStatus.FAILED, updated_at=changed)

    jobs = [
        failed("lately", NOW - timedelta(days=6)),
        failed("long-ago", NOW - timedelta(days=8)),
        failed("some-time", None),
        JobSummary("id-done", "done", JobStatus.COMPLETED, updated_at=NOW),
    ]
    shown = words(_view(jobs=jobs))
    assert [name for name in ("lately", "long-ago", "some-time", "done") if name in shown] == [
        "lately",
        "some-time",
    ]
    assert "Running now\nNone." in shown


def test_more_than_fits_is_counted() -> None:
    """Of each kind the first twenty are shown."""
    jobs = [
        JobSummary(f"{status}-{n}", f"{status}-{n}", status)
        for status in (JobStatus.RUNNING, JobStatus.FAILED)
        for n in range(30)
    ]
    view = _view([SubscribedJob(SUBSCRIPTION, "run", "RUNNING", 5.0, is_mine=True)] * 30, jobs)
    assert view_problems(view) == []
    assert words(view).count("and 10 more") == 3


@settings(max_examples=60, deadline=None)
@given(st.lists(JOBS, max_size=4), ANY, st.text(min_size=1, max_size=300))
def test_slack_takes_it_whatever_jobs_are_called(
    jobs: list[JobSummary], name: str | None, request_id: str
) -> None:
    """No name, id, model or time breaks a limit or an escape."""
    followed = SubscribedJob(replace(SUBSCRIPTION, request_id=request_id), name, name, 5.0, is_mine=True)
    view = _view([followed], jobs)
    assert view_problems(view) == []
    assert live_markup(view) == []


def test_a_job_stands_there_once_and_trouble_first() -> None:
    """A job that failed, with or without a subscription, then the subscriptions, then what else runs."""
    jobs = [
        JobSummary("run-7", "mine-failed", JobStatus.FAILED, updated_at=NOW),
        JobSummary("run-8", "other-failed", JobStatus.FAILED, updated_at=NOW),
        JobSummary("run-9", "mine-running", JobStatus.RUNNING, updated_at=NOW),
        JobSummary("run-0", "other-running", JobStatus.RUNNING, updated_at=NOW),
    ]
    followed = [
        SubscribedJob(
            replace(SUBSCRIPTION, id=f"s-{job.request_id}", request_id=job.request_id), job.experiment_name
        )
        for job in (jobs[2], jobs[0])
    ]
    shown = words(_view(followed, jobs))
    places = [shown.index(each) for each in ("Needs attention", "mine-failed", "other-failed")]
    places += [
        shown.index(each) for each in ("Your subscriptions", "mine-running", "Running now", "other-running")
    ]
    assert places == sorted(places)
    assert [shown.count(str(job.experiment_name)) for job in jobs] == [1, 1, 1, 1]

"""The Home tab: what is in it, and that Slack takes it whatever the jobs are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.home.home import home_view, shown_jobs
from bot.cards.jobs.job_row import RowFacts
from bot.cards.kit import actions
from bot.cards.kit.card_settings import CardSettings
from bot.domain.curves.run_doctor import Finding, FindingClass
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


FINDING = Finding(FindingClass.DIVERGING, "0.91 (step 226) to 7.4", "Try a lower learning rate.")


def _view(followed: Any = (), jobs: Any = (), **known: Any) -> dict[str, Any]:
    listing = JobListing(tuple(jobs), NOW)
    return home_view(followed, listing, now=NOW, slash_command="/job", org_id="o", **known)


def _choices(view: dict[str, Any], name: str) -> list[str]:
    """What the menu beside this job offers."""
    (row,) = (each for each in view["blocks"] if name in str(each.get("text")))
    return [option["text"]["text"] for option in row["accessory"]["options"]]


def test_only_what_failed_within_a_week_is_told() -> None:
    """By its last change; what is unknown is shown rather than missed."""

    def failed(name: str, changed: datetime | None) -> JobSummary:
        return JobSummary(f"id-{name}", name, JobStatus.FAILED, updated_at=changed)

    jobs = [
        failed("lately", NOW - timedelta(days=6)),
        failed("long-ago", NOW - timedelta(days=8)),
        failed("some-time", None),
        JobSummary("id-done", "done", JobStatus.CANCELLED, updated_at=NOW),
    ]
    shown = words(_view(jobs=jobs))
    assert [name for name in ("lately", "long-ago", "some-time", "done") if name in shown] == [
        "lately",
        "some-time",
    ]


def test_more_than_fits_is_counted() -> None:
    """Of each kind the first twenty are shown."""
    jobs = [
        JobSummary(f"{status}-{n}", f"{status}-{n}", status)
        for status in (JobStatus.RUNNING, JobStatus.FAILED)
        for n in range(30)
    ]
    view = _view([SubscribedJob(SUBSCRIPTION, "run", "COMPLETED", is_mine=True)] * 30, jobs)
    assert view_problems(view) == []
    assert words(view).count("and 10 more; find them with the search above") == 2


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
    view = _view(followed, jobs)
    shown = words(view)
    places = [shown.index(each) for each in ("Needs attention", "mine-failed", "other-failed")]
    places += [shown.index(each) for each in ("Running and queued", "mine-running", "other-running")]
    assert places == sorted(places)
    assert [shown.count(str(job.experiment_name)) for job in jobs] == [1, 1, 1, 1]
    assert _choices(view, "mine-failed") == ["Details", "Full error", "Unsubscribe"]
    assert _choices(view, "mine-running") == ["Details", "Unsubscribe"]
    assert _choices(view, "other-running") == ["Details", "Subscribe"]


def test_what_was_found_needs_attention_and_can_be_hidden() -> None:
    """Of a job that runs, or completed within a day; its name is linked, and its cause stands below."""
    jobs = [
        JobSummary("run-8", "failed", JobStatus.FAILED, updated_at=NOW),
        JobSummary("run-9", "fine", JobStatus.COMPLETED, updated_at=NOW - timedelta(hours=23)),
        JobSummary("run-0", "odd", JobStatus.RUNNING, updated_at=NOW, progress=61.0),
        JobSummary("run-1", "old", JobStatus.COMPLETED, updated_at=NOW - timedelta(hours=25)),
        JobSummary("run-2", "cancelled", JobStatus.CANCELLED, updated_at=NOW),
        JobSummary("run-3", "waits", JobStatus.QUEUED, created_at=NOW - timedelta(minutes=12)),
    ]
    facts = {
        "run-8": RowFacts("CUDA out of memory", cause="CUDA out of memory"),
        "run-9": RowFacts("eval 1.09"),
        "run-0": RowFacts(finding=FINDING),
        "run-1": RowFacts(finding=FINDING),
    }
    known = CardSettings("https://console.example/jobs/{request_id}")
    view = _view((), jobs, settings=known, facts=facts)
    assert view_problems(view) == []
    shown = words(view).replace("\xa0", " ")
    lines = [
        "Needs attention",
        "❌ *<https://console.example/jobs/run-8|failed>* · failed\nCUDA out of memory",
        "⚠️ *<https://console.example/jobs/run-0|odd>* · running 61%\nLoss is diverging: 0.91",
        "Running and queued",
        "⏳ *<https://console.example/jobs/run-3|waits>* · queued 12 min",
        "Recently ended",
        "✅ *<https://console.example/jobs/run-9|fine>* · completed, eval 1.09",
    ]
    places = [shown.find(each) for each in lines]
    assert -1 not in places
    assert places == sorted(places)
    assert "cancelled" not in shown
    assert "|old>" not in shown
    assert _choices(view, "|odd>") == ["Details", "Subscribe", "Hide this warning"]
    assert {job.request_id for job in shown_jobs((), JobListing(tuple(jobs), NOW), NOW, "o")} >= set(
        facts
    ) - {"run-1"}


def test_a_job_followed_in_several_places_stands_there_once() -> None:
    """One choice ends all of the subscriptions."""
    job = JobSummary("run-7", "tickets", JobStatus.RUNNING, updated_at=NOW)
    followed = [
        SubscribedJob(replace(SUBSCRIPTION, id=each), "tickets", "RUNNING", is_mine=True)
        for each in ("s1", "s2")
    ]
    view = _view(followed, [job])
    assert words(view).count("tickets") == 1
    (row,) = (each for each in view["blocks"] if "tickets" in str(each.get("text")))
    assert row["accessory"]["options"][-1]["value"] == f"{actions.STOP} s1 s2"


def test_another_organizations_job_of_the_same_id_stands_there_too() -> None:
    """With no choice that would ask about the one that is listed, and nothing that is known of that."""
    job = JobSummary("run-7", "listed", JobStatus.RUNNING, updated_at=NOW)
    theirs = SubscribedJob(replace(SUBSCRIPTION, org_id="another"), "theirs", "RUNNING", is_mine=True)
    ours = SubscribedJob(replace(SUBSCRIPTION, id="s2"), "listed", "RUNNING", is_mine=True)
    view = _view([theirs, ours], [job], facts={"run-7": RowFacts(finding=FINDING)})
    assert _choices(view, "theirs") == ["Unsubscribe"]
    assert _choices(view, "listed") == ["Details", "Unsubscribe", "Hide this warning"]
    assert "diverging" not in next(str(each) for each in view["blocks"] if "theirs" in str(each.get("text")))

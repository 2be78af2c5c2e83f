"""Samples of the Home tab for the gallery."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from bot.cards.gallery import documents
from bot.cards.gallery.documents import REQUEST_ID, SETTINGS
from bot.cards.home.health import health_card, not_the_admin_card
from bot.cards.home.home import home_view
from bot.cards.jobs.job_row import RowFacts
from bot.cards.kit.card import Card
from bot.cards.kit.error import error_card
from bot.domain.curves.run_doctor import Finding, FindingClass
from bot.domain.errors import StoreError, UnreachableError
from bot.domain.health.readiness import Readiness
from bot.domain.health.report import HealthReport
from bot.domain.job import JobStatus, JobSummary
from bot.domain.listing import JobListing
from bot.domain.subscriptions.subscription import Mode, SubscribedJob, Subscription

_NOW: Final = datetime(2025, 11, 3, 13, 16, tzinfo=UTC)
_SLASH: Final = "/job"
_MANY: Final = 30
_SUBSCRIPTION: Final = Subscription(
    id="6f0d7c1e", team_id="T1", channel_id="C0123ABC", org_id="o", request_id=REQUEST_ID, created_at=_NOW,
    mode=Mode.MILESTONES, is_quiet=False, subscribers=("U0123ABC",),
)  # fmt: skip
_FOLLOWED: Final = SubscribedJob(_SUBSCRIPTION, "support-tone-llama-8b", "RUNNING", 42.0, is_mine=True)


class HomeSample(NamedTuple):
    """One entry: ``name`` and ``title`` as in `bot.cards.gallery.gallery.Sample`."""

    name: str
    title: str
    view: dict[str, Any]


def _job(number: int, name: str, status: JobStatus, days: float) -> JobSummary:
    begun = _NOW - timedelta(days=days)
    ended = begun + timedelta(hours=3) if status.is_finished else _NOW
    request_id = f"{number:08x}-8b1f-4c5e-9a70-6d2f1e0b7a94"
    return JobSummary(
        request_id, name, status, None, begun, ended, base_model="Qwen/Qwen2.5-14B", progress=42.0
    )


_JOBS: Final = (
    _job(1, "shelf-photos-vlm", JobStatus.RUNNING, 0.1),
    _job(2, "search-ranker-14b", JobStatus.RUNNING, 0.2),
    _job(3, "reviews-full-3b", JobStatus.RUNNING, 0.4),
    _job(4, "legal-full-8b", JobStatus.FAILED, 1),
    _job(5, "an older failure", JobStatus.FAILED, 8),
    _job(6, "invoice-reader", JobStatus.COMPLETED, 1),
)


_DIVERGED: Final = Finding(FindingClass.DIVERGING, "0.91 (step 226) to 7.4", "Try a lower learning rate.")
_FACTS: Final = {
    _JOBS[2].request_id: RowFacts(finding=_DIVERGED),
    _JOBS[3].request_id: RowFacts("CUDA out of memory", cause="CUDA out of memory\u00a0· try batch 4"),
    _JOBS[5].request_id: RowFacts("eval\u00a01.09"),
}


def home_samples() -> tuple[HomeSample, ...]:
    """All of them, the same at every call."""

    def view(followed: Any, listing: Any, paused_until: datetime | None = None) -> dict[str, Any]:
        return home_view(
            followed,
            listing,
            now=_NOW,
            slash_command=_SLASH,
            org_id="o",
            paused_until=paused_until,
            settings=SETTINGS,
            facts=_FACTS,
        )

    hostile = str(documents.HOSTILE["experiment_name"])
    many = tuple(
        _job(n, f"{hostile} {n}", status, 0.5)
        for status in (JobStatus.RUNNING, JobStatus.FAILED)
        for n in range(_MANY)
    )
    stale = JobListing(_JOBS[:1], _NOW - timedelta(minutes=12), UnreachableError())
    store, api = (
        error_card(error, reference="ab12cd34", slash_command=_SLASH)
        for error in (StoreError(), UnreachableError())
    )
    return (
        HomeSample("home", "Home", view([_FOLLOWED], JobListing(_JOBS, _NOW))),
        HomeSample(
            "home-paused",
            "Home, during a pause",
            view([_FOLLOWED], JobListing(_JOBS, _NOW), _NOW + timedelta(hours=8)),
        ),
        HomeSample("home-nothing", "Home, nothing to show", view((), JobListing((), _NOW))),
        HomeSample("home-many", "Home, more than fits", view([_FOLLOWED] * _MANY, JobListing(many, _NOW))),
        HomeSample("home-stale", "Home, an earlier list", view([_FOLLOWED], stale)),
        HomeSample("home-failure", "Home, nothing answers", view(store, api)),
    )


def health_samples() -> tuple[tuple[str, str, Card], ...]:
    """What the admin is told: all well, and not."""
    checks = ("settings", "slack", "store", "deliveries", "watcher", "delivery", "answering")
    rounds = {
        "watcher": _NOW - timedelta(minutes=2),
        "delivery": _NOW - timedelta(minutes=1),
        "answering": None,
    }
    well = Readiness(dict.fromkeys(checks), rounds)
    ill = Readiness(
        dict.fromkeys(checks) | {"watcher": "its rounds fail (StoreError)", "slack": "<!here> *`_&"},
        rounds,
        ["the Simplismart API key expires in 6 days, on 2025-11-10 00:00 UTC", "Simplismart doesn't answer"],
        {"workspaces": 12, "workspaces_refused": 1},
    )
    late = HealthReport(ill, _NOW, _NOW - timedelta(minutes=12), 3)
    return (
        ("health-well", "All is well", health_card(HealthReport(well, _NOW, None, 0))),
        ("health-ill", "Some things aren't", health_card(late)),
        ("health-stranger", "Somebody else asks", not_the_admin_card(is_admin_set=True)),
        ("health-nobody", "No admin is set", not_the_admin_card(is_admin_set=False)),
    )

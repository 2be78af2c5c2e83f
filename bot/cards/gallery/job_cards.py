"""Samples of a job's card: in every state, at its best and at its worst; and below a link to its page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.cards.gallery import documents
from bot.cards.gallery.documents import REQUEST_ID, SETTINGS
from bot.cards.gallery.metrics import points
from bot.cards.gallery.updates import UpdateSample
from bot.cards.jobs.job import job_card
from bot.cards.jobs.job_lines import JobFacts
from bot.cards.jobs.job_row import unfurl_blocks
from bot.cards.kit.card import Card
from bot.cards.subscriptions.card_subscription import CardSubscription
from bot.domain import errors
from bot.domain.curves.metrics_facts import loss_facts
from bot.domain.curves.run_doctor import Finding, FindingClass
from bot.domain.errors import TrainingApiError
from bot.domain.history import Earlier
from bot.domain.job import TrainingJob
from bot.domain.listing import MetricsSnapshot
from bot.domain.ports import Snapshot
from bot.domain.subscriptions.subscription import Ending

_NOW: Final = datetime(2025, 11, 3, 13, 16, tzinfo=UTC)


def snapshot(
    document: Mapping[str, Any],
    *,
    seconds_ago: float = 0,
    from_cache: bool = False,
    failure: TrainingApiError | None = None,
) -> Snapshot:
    """A job as it was seen some time before the gallery's present moment."""
    job = TrainingJob.from_json(json.dumps(document).encode())
    return Snapshot(job, _NOW - timedelta(seconds=seconds_ago), from_cache=from_cache, failure=failure)


def _job(name: str, title: str, seen: Snapshot, **more: Any) -> UpdateSample:
    card = job_card(seen, request_id=REQUEST_ID, now=_NOW, settings=SETTINGS, **more)
    return UpdateSample(name, title, card)


def _unlinked(name: str, title: str, document: Mapping[str, Any]) -> UpdateSample:
    """A card of an operator who set nothing that cards show."""
    return UpdateSample(name, title, job_card(snapshot(document), request_id=REQUEST_ID, now=_NOW))


_JOBS: Final[tuple[tuple[str, str, Mapping[str, Any]], ...]] = (
    ("job-queued", "Queued", documents.QUEUED),
    ("job-starting", "Running, too early to tell how long", documents.STARTING),
    ("job-full-fine-tuning", "Running, full fine-tuning", documents.FULL_FINE_TUNING),
    ("job-failed", "Failed", documents.FAILED),
    ("job-failed-unknown", "Failed with an error nobody knows", documents.FAILED_UNKNOWN),
    ("job-failed-silently", "Failed without a reason", documents.FAILED_SILENTLY),
    ("job-failed-at-length", "Failed with a 100 kB error", documents.FAILED_AT_LENGTH),
    ("job-unknown-status", "A status nobody documented", documents.PAUSED),
    ("job-vendor-example", "The vendor's example, as printed", documents.EXAMPLE),
    ("job-empty", "An empty document", documents.EMPTY),
    ("job-nulls", "Every field null", documents.NULLS),
    ("job-hostile", "Markup and nonsense in every field", documents.HOSTILE),
    ("job-right-to-left", "Right-to-left names", documents.RIGHT_TO_LEFT),
)

_FOLLOWED: Final = (
    ("job-followed", "Subscribers, for all to see", CardSubscription(2)),
    ("job-followed-by-me", "Subscribers, for one of them", CardSubscription(1, is_mine=True)),
    ("job-followed-by-others", "Subscribers, for someone else", CardSubscription(2, is_mine=False)),
    ("job-fed", "Posted by the channel's feed", CardSubscription(0, is_fed=True)),
    ("job-left", "Subscription ended", CardSubscription(0, ended=Ending.EXPIRED, at=_NOW)),
)


_FINDING: Final = Finding(
    FindingClass.DIVERGING,
    "train_loss rose from 0.91 (step 226) to about 7.4 (step 400)",
    "Try a lower learning rate, a longer warm-up or gradient clipping.",
)
_SEEN_BEFORE: Final = JobFacts(
    earlier=Earlier(
        request_id="c97a6bb8-5f4c-4569-a623-2ca35bd0f50e",
        name="legal-full-7b",
        at=_NOW - timedelta(days=3),
    )
)


def job_samples() -> tuple[UpdateSample, ...]:
    """All cards, the same at every call."""
    cached = snapshot(documents.RUNNING, seconds_ago=6, from_cache=True)
    stale = snapshot(documents.RUNNING_BEFORE, seconds_ago=740, failure=errors.UpstreamTimeoutError())
    logged = JobFacts(losses=loss_facts(MetricsSnapshot(tuple(points()), _NOW)))
    doubtful = replace(logged, finding=_FINDING)
    return (
        *(
            _job(name, title, snapshot(document), facts=facts)
            for name, title, document, facts in (
                ("job-running", "Running", documents.RUNNING, logged),
                ("job-running-warning", "Running, with a finding", documents.RUNNING, doubtful),
                ("job-completed", "Completed", documents.COMPLETED, logged),
                ("job-completed-diverged", "Completed, with a finding", documents.DIVERGED, doubtful),
                ("job-cancelled", "Cancelled", documents.CANCELLED, logged),
                ("job-failed-before", "Failed the way another one did", documents.FAILED, _SEEN_BEFORE),
            )
        ),
        *(_job(name, title, snapshot(document)) for name, title, document in _JOBS),
        _job("job-cached", "From the cache, can be shared", cached, shareable=True),
        _job("job-stale", "An earlier answer, as the API is down", stale),
        _job("job-shared", "Shared by someone", snapshot(documents.COMPLETED), shared_by="U0123ABC"),
        *(
            _job(name, title, snapshot(documents.RUNNING), facts=JobFacts(following=known))
            for name, title, known in _FOLLOWED
        ),
        _unlinked("job-unlinked", "Nothing set, and a name with marks", documents.MARKED),
        _job("job-many-ids", "The last of too many ids", snapshot(documents.QUEUED), left_out=2),
    )


def _unfurl(name: str, title: str, seen: Snapshot) -> UpdateSample:
    blocks = unfurl_blocks(seen, request_id=REQUEST_ID, now=_NOW, settings=SETTINGS)
    return UpdateSample(name, title, Card(title, blocks))


def unfurl_samples() -> tuple[UpdateSample, ...]:
    """What stands below links, the same at every call."""
    stale = snapshot(documents.RUNNING, seconds_ago=740, failure=errors.UpstreamTimeoutError())
    return (
        _unfurl("unfurl", "Below a link to a job's page", snapshot(documents.RUNNING)),
        _unfurl("unfurl-failed", "Below a link, failed", snapshot(documents.FAILED)),
        _unfurl("unfurl-hostile", "Below a link, hostile", snapshot(documents.HOSTILE)),
        _unfurl("unfurl-stale", "Below a link, an earlier answer", stale),
    )

"""A sample of every card and window: the playground shows them, golden files keep them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from bot.cards.gallery import documents
from bot.cards.gallery.digest import digest_samples
from bot.cards.gallery.documents import REQUEST_ID
from bot.cards.gallery.feed import feed_samples
from bot.cards.gallery.home import home_samples
from bot.cards.gallery.metrics import metrics_samples
from bot.cards.gallery.search import search_samples
from bot.cards.gallery.updates import update_samples
from bot.cards.home.help import CommandHelp, help_card
from bot.cards.jobs.job import job_card
from bot.cards.jobs.picker import picker_view
from bot.cards.jobs.unfurl import unfurl_blocks
from bot.cards.jobs.views import details_view, error_view, failure_view, loading_view
from bot.cards.jobs.which_one import nothing_named_card
from bot.cards.kit.card import Card
from bot.cards.kit.error import error_card, internal_error_card
from bot.cards.kit.misdirected import other_command_card, other_version_card
from bot.cards.kit.stranger import not_ready_card, stranger_card
from bot.cards.subscriptions.card_subscription import Following
from bot.domain import errors
from bot.domain.errors import JobBotError, TrainingApiError
from bot.domain.job import TrainingJob
from bot.domain.ports import Snapshot
from bot.domain.subscriptions.subscription import Ending

_NOW: Final = datetime(2025, 11, 3, 13, 16, tzinfo=UTC)
_REFERENCE: Final = "ab12cd34"
_SLASH: Final = "/job"


@dataclass(frozen=True, slots=True)
class Sample:
    """One entry of the gallery."""

    name: str
    """For file names and addresses: lower case and hyphens."""
    title: str
    """For people."""
    kind: Literal["message", "modal", "home"]
    body: dict[str, Any]
    """``{"text", "blocks"}``, or a view."""


def _snapshot(
    document: Mapping[str, Any],
    *,
    seconds_ago: float = 0,
    from_cache: bool = False,
    failure: TrainingApiError | None = None,
) -> Snapshot:
    job = TrainingJob.from_json(json.dumps(document).encode())
    return Snapshot(job, _NOW - timedelta(seconds=seconds_ago), from_cache=from_cache, failure=failure)


def _job(name: str, title: str, snapshot: Snapshot, **more: Any) -> Sample:
    card = job_card(snapshot, request_id=REQUEST_ID, now=_NOW, **more)
    return Sample(name, title, "message", card.message())


def _message(name: str, title: str, card: Card) -> Sample:
    return Sample(name, title, "message", {"text": card.text, "blocks": list(card.blocks)})


def _error(name: str, title: str, error: JobBotError, request_id: str | None = REQUEST_ID) -> Sample:
    card = error_card(error, reference=_REFERENCE, slash_command=_SLASH, request_id=request_id)
    return _message(name, title, card)


def _modal(name: str, title: str, view: dict[str, Any]) -> Sample:
    return Sample(name, title, "modal", view)


_JOBS: Final[tuple[tuple[str, str, Mapping[str, Any]], ...]] = (
    ("job-queued", "Queued", documents.QUEUED),
    ("job-starting", "Running, too early to tell how long", documents.STARTING),
    ("job-running", "Running", documents.RUNNING),
    ("job-full-fine-tuning", "Running, full fine-tuning", documents.FULL_FINE_TUNING),
    ("job-completed", "Completed", documents.COMPLETED),
    ("job-failed", "Failed", documents.FAILED),
    ("job-failed-silently", "Failed without a reason", documents.FAILED_SILENTLY),
    ("job-failed-at-length", "Failed with a 100 kB error", documents.FAILED_AT_LENGTH),
    ("job-cancelled", "Cancelled", documents.CANCELLED),
    ("job-unknown-status", "A status nobody documented", documents.PAUSED),
    ("job-vendor-example", "The vendor's example, as printed", documents.EXAMPLE),
    ("job-empty", "An empty document", documents.EMPTY),
    ("job-nulls", "Every field null", documents.NULLS),
    ("job-hostile", "Markup and nonsense in every field", documents.HOSTILE),
    ("job-right-to-left", "Right-to-left names", documents.RIGHT_TO_LEFT),
)

_FAILURES: Final[tuple[tuple[str, str, JobBotError], ...]] = (
    ("error-not-found", "No such job (404)", errors.JobNotFoundError(status=404)),
    ("error-invalid-id", "Wrong kind of id (400)", errors.InvalidIdError(status=400)),
    ("error-key-rejected", "Key refused (401, 403)", errors.KeyRejectedError(status=401)),
    ("error-rate-limited", "Rate limited (429)", errors.RateLimitedError(retry_after_seconds=30)),
    ("error-upstream", "Simplismart fails (5xx)", errors.UpstreamFailedError(status=503)),
    ("error-timeout", "No answer in time", errors.UpstreamTimeoutError()),
    ("error-unreachable", "No connection", errors.UnreachableError()),
    ("error-unreadable", "An answer that is no job", errors.UnreadableError()),
    ("error-store", "No database", errors.StoreError()),
    ("error-schema", "Another version's database", errors.SchemaError()),
    ("error-slack-permanent", "Slack says no", errors.SlackPermanentError(slack_code="not_in_channel")),
    (
        "error-slack-permission",
        "A scope is missing",
        errors.SlackPermissionError(slack_code="missing_scope", needed="chat:write"),
    ),
    ("error-slack-person", "No messages to them", errors.SlackPersonError(slack_code="user_not_found")),
    ("error-slack-revoked", "Uninstalled", errors.SlackRevokedError(slack_code="account_inactive")),
    ("error-slack-gone", "Too late for a button", errors.SlackGoneError(slack_code="expired_trigger_id")),
    ("error-settings", "Incomplete settings", errors.SettingsError(["SLACK_BOT_TOKEN is missing"])),
)

_FOLLOWED: Final = (
    ("job-followed", "Subscribers, for all to see", Following(2)),
    ("job-followed-by-me", "Subscribers, for one of them", Following(1, is_mine=True)),
    ("job-followed-by-others", "Subscribers, for someone else", Following(2, is_mine=False)),
    ("job-fed", "Posted by the channel's feed", Following(0, is_fed=True)),
    ("job-left", "Subscription ended", Following(0, ended=Ending.EXPIRED, at=_NOW)),
)


def _job_samples() -> tuple[Sample, ...]:
    cached = _snapshot(documents.RUNNING, seconds_ago=6, from_cache=True)
    stale = _snapshot(documents.RUNNING, seconds_ago=740, failure=errors.UpstreamTimeoutError())
    return (
        *(_job(name, title, _snapshot(document)) for name, title, document in _JOBS),
        _job("job-cached", "From the cache, can be shared", cached, shareable=True),
        _job("job-stale", "An earlier answer, as the API is down", stale),
        _job("job-shared", "Shared by someone", _snapshot(documents.COMPLETED), shared_by="U0123ABC"),
        *(
            _job(name, title, _snapshot(documents.RUNNING), following=known)
            for name, title, known in _FOLLOWED
        ),
        _job("job-many-ids", "The last of too many ids", _snapshot(documents.QUEUED), left_out=2),
    )


def _message_samples(commands: Sequence[CommandHelp]) -> tuple[Sample, ...]:
    words, reason = "statsu <!here> 3fe92c25", "There is no command `statsu`."
    suggested = errors.NotUnderstoodError(words, reason, f"status {REQUEST_ID}")
    unclear = errors.NotUnderstoodError("how is my job doing", "There is no request id in it.")
    return (
        *(_error(*failure) for failure in _FAILURES),
        _message("error-internal", "A fault in the bot", internal_error_card(reference=_REFERENCE)),
        _error("not-understood", "Not understood", unclear, None),
        _error("not-understood-suggestion", "Not understood, with a suggestion", suggested, None),
        _message("stranger", "Somebody of another company asks", stranger_card()),
        _message("not-ready", "Too early to know who asks", not_ready_card()),
        _message("other-command", "Another command", other_command_card("/train", slash_command=_SLASH)),
        _message("other-version", "Another button", other_version_card("button", slash_command=_SLASH)),
        _message("nothing-named", "A message that names no job", nothing_named_card(slash_command=_SLASH)),
        *(_message(*sample) for sample in search_samples()),
        _message("help", "Help", help_card(commands, slash_command=_SLASH)),
    )


def _modal_samples() -> tuple[Sample, ...]:
    failed, long, hostile = (
        _snapshot(document) for document in (documents.FAILED, documents.FAILED_AT_LENGTH, documents.HOSTILE)
    )
    down = error_card(
        errors.UnreachableError(), reference=_REFERENCE, slash_command=_SLASH, request_id=REQUEST_ID
    )
    running = _snapshot(documents.RUNNING, seconds_ago=6, from_cache=True)
    return (
        _modal("details", "Details", details_view(running, request_id=REQUEST_ID, now=_NOW)),
        _modal("details-hostile", "Details, hostile", details_view(hostile, request_id=REQUEST_ID, now=_NOW)),
        _modal("full-error", "Full error", error_view(failed, request_id=REQUEST_ID)),
        _modal("full-error-long", "Full error, 100 kB", error_view(long, request_id=REQUEST_ID)),
        _modal("loading", "Waiting for the answer", loading_view(REQUEST_ID)),
        _modal("picker", "Find a job", picker_view(private_metadata="")),
        _modal("modal-failure", "A failure in a window", failure_view(down)),
    )


def _unfurl(name: str, title: str, snapshot: Snapshot) -> Sample:
    blocks = unfurl_blocks(snapshot, request_id=REQUEST_ID, now=_NOW)
    return Sample(name, title, "message", {"text": title, "blocks": blocks})


def _unfurl_samples() -> tuple[Sample, ...]:
    stale = _snapshot(documents.RUNNING, seconds_ago=740, failure=errors.UpstreamTimeoutError())
    return (
        _unfurl("unfurl", "Below a link to a job's page", _snapshot(documents.RUNNING)),
        _unfurl("unfurl-failed", "Below a link, failed", _snapshot(documents.FAILED)),
        _unfurl("unfurl-hostile", "Below a link, hostile", _snapshot(documents.HOSTILE)),
        _unfurl("unfurl-stale", "Below a link, an earlier answer", stale),
    )


def _home_samples() -> tuple[Sample, ...]:
    return tuple(Sample(name, title, "home", view) for name, title, view in home_samples())


def samples(commands: Sequence[CommandHelp]) -> tuple[Sample, ...]:
    """The whole gallery, the same at every call; ``commands`` are what help lists."""
    updates = (
        _message(*sample)
        for sample in (*metrics_samples(), *update_samples(), *feed_samples(), *digest_samples())
    )
    return (
        *_job_samples(),
        *updates,
        *_message_samples(commands),
        *_unfurl_samples(),
        *_modal_samples(),
        *_home_samples(),
    )

"""A sample of every card and window: the playground shows them, golden files keep them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from bot.cards.gallery import documents
from bot.cards.gallery.answers import answer_samples
from bot.cards.gallery.digest import digest_samples
from bot.cards.gallery.documents import REQUEST_ID, SETTINGS
from bot.cards.gallery.feed import feed_samples
from bot.cards.gallery.groups import group_samples
from bot.cards.gallery.home import health_samples, home_samples
from bot.cards.gallery.job_cards import job_samples, snapshot, unfurl_samples
from bot.cards.gallery.metrics import metrics_samples
from bot.cards.gallery.search import search_samples
from bot.cards.gallery.setup import setup_messages, setup_windows
from bot.cards.gallery.updates import update_samples
from bot.cards.home.help import CommandHelp, help_card
from bot.cards.jobs.picker import picker_view
from bot.cards.jobs.views import details_view, error_view, failure_view, loading_view
from bot.cards.jobs.which_one import nothing_named_card
from bot.cards.kit.card import Card
from bot.cards.kit.card_settings import job_name
from bot.cards.kit.error import error_card, internal_error_card
from bot.cards.kit.misdirected import other_command_card, other_version_card
from bot.cards.kit.stranger import not_ready_card, stranger_card
from bot.cards.subscriptions.subscribe_dialog import Origin, subscribe_dialog
from bot.domain import errors
from bot.domain.errors import JobBotError
from bot.domain.permissions.administration import Admission, SetupOffer

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


def _message(name: str, title: str, card: Card) -> Sample:
    return Sample(name, title, "message", {"text": card.text, "blocks": list(card.blocks)})


def _error(name: str, title: str, error: JobBotError, request_id: str | None = REQUEST_ID) -> Sample:
    card = error_card(error, reference=_REFERENCE, slash_command=_SLASH, request_id=request_id)
    return _message(name, title, card)


def _modal(name: str, title: str, view: dict[str, Any]) -> Sample:
    return Sample(name, title, "modal", view)


_FAILURES: Final[tuple[tuple[str, str, JobBotError], ...]] = (
    ("error-not-found", "No such job (404)", errors.JobNotFoundError(status=404)),
    ("error-invalid-id", "Wrong kind of id (400)", errors.InvalidIdError(status=400)),
    ("error-entered-key", "Key refused that an admin entered", errors.EnteredKeyRejectedError(status=401)),
    ("error-channel-key", "A channel's own key refused", errors.ChannelKeyRejectedError(status=401)),
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


def _message_samples(commands: Sequence[CommandHelp]) -> tuple[Sample, ...]:
    words, reason = "statsu <!here> 3fe92c25", "There is no command `statsu`."
    suggested = errors.NotUnderstoodError(words, reason, f"status {REQUEST_ID}")
    unclear = errors.NotUnderstoodError("how is my job doing", "Give me a name or an ID.")
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
        *(_message(*sample) for sample in (*search_samples(), *answer_samples(), *group_samples())),
        *(_message(*sample) for sample in (*health_samples(), *setup_messages())),
        _message("help", "Help, every command", help_card(commands, slash_command=_SLASH)),
        _message(
            "help-no-admin",
            "The same, for whoever can't set it up",
            help_card(commands, slash_command=_SLASH, offer=SetupOffer(Admission.ADMINS_ONLY, "U0123ABC")),
        ),
    )


_TITLE: Final = f"🔵 *Running* · {job_name('support-assistant-v3', REQUEST_ID, SETTINGS, is_bold=True)}"
_ORIGIN: Final = Origin(REQUEST_ID, "C0123ABC", "training", None, "", is_on_card=True)


def _modal_samples() -> tuple[Sample, ...]:
    failed, long, hostile = (
        snapshot(document) for document in (documents.FAILED, documents.FAILED_AT_LENGTH, documents.HOSTILE)
    )
    down = error_card(
        errors.UnreachableError(), reference=_REFERENCE, slash_command=_SLASH, request_id=REQUEST_ID
    )
    running = snapshot(documents.RUNNING, seconds_ago=6, from_cache=True)
    return (
        _modal("details", "Details", details_view(running, request_id=REQUEST_ID, now=_NOW)),
        _modal("details-hostile", "Details, hostile", details_view(hostile, request_id=REQUEST_ID, now=_NOW)),
        _modal("full-error", "Full error", error_view(failed, request_id=REQUEST_ID)),
        _modal("full-error-long", "Full error, 100 kB", error_view(long, request_id=REQUEST_ID)),
        _modal("loading", "Waiting for the answer", loading_view(REQUEST_ID)),
        _modal("picker", "Find a job", picker_view(private_metadata="")),
        _modal("subscribe-dialog", "Where and which updates", subscribe_dialog(_TITLE, _ORIGIN)),
        *(_modal(*sample) for sample in setup_windows()),
        _modal("modal-failure", "A failure in a window", failure_view(down)),
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
        *(_message(*sample) for sample in job_samples()),
        *updates,
        *_message_samples(commands),
        *(_message(*sample) for sample in unfurl_samples()),
        *_modal_samples(),
        *_home_samples(),
    )

"""How a job ended, as it is told in its thread and to the channel: there it stands without its thread."""

from __future__ import annotations

from typing import Final

from bot.cards.kit import actions, phrases
from bot.cards.kit.card import Block, Card, button, can_ask_for, context, preformatted, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.diagnosis import diagnosis_lines, earlier_lines
from bot.cards.kit.phrases import named, spoken
from bot.cards.kit.references import people
from bot.cards.kit.text import SEPARATOR, code, cut, plain, unbroken, words
from bot.cards.kit.timing import in_words
from bot.cards.kit.traceback_text import Telling, telling
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.job import JobStatus
from bot.domain.subscriptions.notifications.job_updates import Added, Completed, Ended, Failed, JobEnd
from bot.domain.subscriptions.subscription import Subscription

_PATH_CHARACTERS: Final = 600
_ID_CHARACTERS: Final = 300
_REASON_CHARACTERS: Final = 200
_TEXT_CHARACTERS: Final = 290
ENDED: Final = {
    JobStatus.COMPLETED: "completed",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELLED: "was cancelled",
    JobStatus.ENDED: "ended",
}
"""What a job did that ended so."""
_WORD_CHARACTERS: Final = 60


def ending_card(notification: JobEnd, recipient: Recipient) -> Card:
    """The message for an end; only a failure mentions people."""
    subscription = recipient.subscription
    message = notification.error_message if isinstance(notification, Failed | Ended) else None
    error = telling(message or "")
    shown = [_title(notification, subscription), _measure(notification)]
    shown += [people(subscription.followers)] if isinstance(notification, Failed) else []
    return Card(
        _sentence(notification, subscription, error.headline),
        [
            section("\n".join(filter(None, shown))),
            *_outcome(notification, error),
            *_actions(subscription.request_id, error),
            *_context(subscription.request_id),
        ],
    )


def added_card(notification: Added, recipient: Recipient) -> Card:
    """What the end was told without: why the job failed, or where its model is."""
    request_id = recipient.subscription.request_id
    error = telling(notification.error_message or "")
    subject = spoken(notification.name, request_id)
    if error.excerpt:
        said, detail = "Simplismart has now reported the reason for the failure", error.headline
        outcome = _reason(notification, error)
    else:
        said, detail = "Simplismart has now reported the output model", notification.output_model_path or ""
        outcome = _path(notification.output_model_path)
    told = f"{subject}: {said}"
    reason = plain(detail, _REASON_CHARACTERS)
    return Card(
        cut(f"{told}: {reason}" if reason else told, _TEXT_CHARACTERS, note="…"),
        [section(f"📝 {said}."), *outcome, *_actions(request_id, error)],
    )


def _title(notification: JobEnd, subscription: Subscription) -> str:
    status = notification.status
    name = named(notification.name, subscription.request_id)
    word = words(notification.ended_as_word or "", _WORD_CHARACTERS)
    known = phrases.ENDED_WITHOUT_STATUS if status is JobStatus.ENDED else status.value.capitalize()
    ended = f"Ended as {word}" if word else known
    return f"{phrases.SYMBOLS[status]} *{ended}*{SEPARATOR}{name}"


def _measure(notification: JobEnd) -> str:
    """How long it took, how far it came, what it used."""
    completed = isinstance(notification, Completed)
    took = in_words(notification.duration_seconds)
    after = f"{'Took' if completed else 'After'} {took}" if took else ""
    reached = "" if completed else phrases.percent(notification.progress)
    used = phrases.gpu_hours(notification.gpu_hours)
    parts = (after, f"at {reached}" if reached else "", used)
    return SEPARATOR.join(unbroken(part) for part in parts if part)


def _outcome(notification: JobEnd, error: Telling) -> list[Block]:
    if isinstance(notification, Failed | Ended) and error.excerpt:
        return _reason(notification, error)
    if isinstance(notification, Failed):
        return [section("Simplismart didn't report a reason.")]
    return _path(notification.output_model_path) if isinstance(notification, Completed | Ended) else []


def _reason(notification: Failed | Ended | Added, error: Telling) -> list[Block]:
    """The error, what it probably comes from, and where it was seen before."""
    earlier = None if isinstance(notification, Ended) else notification.earlier
    return [
        preformatted(error.excerpt),
        *diagnosis_lines(notification.cause, notification.advice),
        *earlier_lines(earlier, notification.at),
    ]


def _path(output_model_path: str | None) -> list[Block]:
    path = code(output_model_path or "", _PATH_CHARACTERS)
    return [section(f"*Output model*\n{path}")] if path else []


def _actions(request_id: str, error: Telling) -> list[Block]:
    if not can_ask_for(request_id):
        return []
    buttons = [button("Details", actions.DETAILS, request_id)]
    if error.excerpt:
        buttons.append(button("Full error", actions.FULL_ERROR, request_id))
    return [row_of(buttons)]


def _context(request_id: str) -> list[Block]:
    shown = code(request_id, _ID_CHARACTERS)
    return [context([shown])] if shown else []


def _sentence(notification: JobEnd, subscription: Subscription, headline: str) -> str:
    took = in_words(notification.duration_seconds)
    subject = spoken(notification.name, subscription.request_id)
    word = plain(notification.ended_as_word or "", _WORD_CHARACTERS)
    ended = f"ended as {word}" if word else ENDED[notification.status]
    told = f"Training job {subject} {ended}{f' after {took}' if took else ''}"
    if isinstance(notification, Completed):
        used = phrases.gpu_hours(notification.gpu_hours)
        told, headline = f"{told}{f', {used}' if used else ''}", notification.output_model_path or ""
    reason = plain(headline, _REASON_CHARACTERS)
    return cut(f"{told}: {reason}" if reason else told, _TEXT_CHARACTERS, note="…")

"""How a job ended: one message of at most four lines and the telling one, in its thread and the channel."""

from __future__ import annotations

from typing import Final, NamedTuple

from bot.cards.kit import phrases
from bot.cards.kit.card import Block, Card, code_line, context, section
from bot.cards.kit.card_settings import job_name
from bot.cards.kit.diagnosis import (
    FINDINGS,
    NO_REASON,
    UNKNOWN_ERROR,
    WARNING,
    cause_lines,
    same_cause,
    try_line,
)
from bot.cards.kit.phrases import spoken
from bot.cards.kit.references import group, people
from bot.cards.kit.text import SEPARATOR, code, cut, label, plain, unbroken, words
from bot.cards.kit.timing import clock, in_words
from bot.cards.kit.traceback_text import telling
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.curves.curves import curves, find, summary
from bot.domain.curves.loss_names import EVAL_LOSS
from bot.domain.curves.run_doctor import Finding
from bot.domain.job import JobStatus
from bot.domain.job.cost import Money
from bot.domain.spelling import DIGITS, measured
from bot.domain.subscriptions.notifications.job_updates import (
    Added,
    Cancelled,
    Completed,
    Ended,
    Failed,
    JobEnd,
)

_MOST_LINES: Final = 4
_PATH_CHARACTERS: Final = 600
_REASON_CHARACTERS: Final = 200
_TEXT_CHARACTERS: Final = 290
_WORD_CHARACTERS: Final = 60


def ending_card(notification: JobEnd, recipient: Recipient) -> Card:
    """The message for an end; only a failure mentions people."""
    logged = logged_by(notification, recipient)
    whom = mentions(recipient) if isinstance(notification, Failed) else ""
    title = end_title(notification, recipient, whom, is_doubtful=logged.finding is not None)
    lines = [title, *result_lines(notification, recipient, logged)]
    return Card(
        end_sentence(notification, recipient, logged),
        [section("\n".join(lines)), *error_line(notification), *_when(notification, recipient, len(lines))],
    )


def mentions(recipient: Recipient) -> str:
    """Everybody who is mentioned where the job failed."""
    whom = (people(recipient.subscription.followers), group(recipient.mention))
    return " ".join(filter(None, whom))


def added_card(notification: Added, recipient: Recipient) -> Card:
    """What the end was told without: why the job failed, or where its model is."""
    error = telling(notification.error_message or "")
    if error.headline:
        said, detail = "Simplismart has now reported the reason for the failure", error.headline
        lines = cause_lines(notification.cause, notification.advice) if notification.cause else []
        outcome = [code_line(error.line)]
    else:
        said, detail = "Simplismart has now reported the output model", notification.output_model_path or ""
        lines, outcome = _path(notification.output_model_path), []
    subject = spoken(notification.name, recipient.subscription.request_id)
    reason = plain(notification.cause or detail, _REASON_CHARACTERS)
    return Card(
        cut(f"{subject}: {said}: {reason}" if reason else f"{subject}: {said}.", _TEXT_CHARACTERS, note="…"),
        [section("\n".join([f"📝 {said}:", *lines])), *outcome],
    )


class Logged(NamedTuple):
    """What the job's metrics say."""

    best_eval: str = ""
    finding: Finding | None = None
    """The worst thing in them though the job completed, where nobody hid it."""


def logged_by(notification: JobEnd, recipient: Recipient) -> Logged:
    """What matters of what the job has logged, where that is at hand."""
    finding = notification.finding if isinstance(notification, Completed) else None
    if finding is not None and finding.name in recipient.hidden_findings:
        finding = None
    curve = find(curves(recipient.points), EVAL_LOSS) if notification.wants_metrics else None
    return Logged("" if curve is None else measured(summary(curve).lowest, DIGITS), finding)


def end_title(notification: JobEnd, recipient: Recipient, *remarks: str, is_doubtful: bool) -> str:
    """The status, the job's name, and what is remarked on both."""
    status, request_id = notification.status, recipient.subscription.request_id
    word = words(notification.ended_as_word or "", _WORD_CHARACTERS)
    known = phrases.ENDED_WITHOUT_STATUS if status is JobStatus.ENDED else status.value.capitalize()
    title = f"*Ended as* {word}" if word else f"*{known}*"
    symbol = WARNING if is_doubtful else phrases.SYMBOLS[status]
    name = job_name(notification.name, request_id, recipient.settings, is_bold=True)
    return SEPARATOR.join(filter(None, (f"{symbol} {title}", name, *remarks)))


def result_lines(notification: JobEnd, recipient: Recipient, logged: Logged) -> list[str]:
    """The job's outcome: cause and what to try, or how well it went and where the model is."""
    if isinstance(notification, Completed):
        result = _result(notification, recipient, logged)
        shown = [result] if result else []
        if logged.finding is None:
            return [*shown, *_path(notification.output_model_path)]
        return [*_doubt(logged.finding), *shown]
    if isinstance(notification, Cancelled):
        best = unbroken(f"best eval {logged.best_eval}") if logged.best_eval else ""
        reached = SEPARATOR.join(filter(None, (_reached(notification), best)))
        return [reached[:1].upper() + reached[1:]] if reached else []
    if isinstance(notification, Failed | Ended) and notification.error_message:
        cause = notification.cause
        return cause_lines(cause, notification.advice) if cause else [UNKNOWN_ERROR]
    if isinstance(notification, Failed):
        return [NO_REASON]
    return _path(notification.output_model_path) if isinstance(notification, Ended) else []


def _doubt(finding: Finding) -> list[str]:
    """What looks wrong though the job completed, and what may help."""
    return [f"*{FINDINGS[finding.name].past}*: {label(finding.evidence)}", try_line(finding.advice)]


def _path(output_model_path: str | None) -> list[str]:
    """Where the model is, to be copied."""
    path = code(output_model_path or "", _PATH_CHARACTERS)
    return [path] if path else []


def _result(notification: Completed, recipient: Recipient, logged: Logged) -> str:
    took = in_words(notification.duration_seconds)
    best = unbroken(f"best eval {logged.best_eval}") if logged.best_eval else ""
    spent = recipient.settings.cost(notification.gpu_type, notification.gpu_hours)
    parts = (best, unbroken(f"took {took}") if took else "", _used(notification, spent))
    line = SEPARATOR.join(filter(None, parts))
    return line[:1].upper() + line[1:]


def _used(notification: JobEnd, spent: Money | None) -> str:
    return phrases.gpu_hours(notification.gpu_hours) if spent is None else unbroken(str(spent))


def _reached(notification: JobEnd) -> str:
    """How far a job came, and after how long."""
    reached, took = phrases.percent(notification.progress), in_words(notification.duration_seconds)
    return ", ".join(
        filter(None, (f"at {reached}" if reached else "", unbroken(f"after {took}") if took else ""))
    )


def error_line(notification: JobEnd) -> list[Block]:
    """The telling line of the error, where there is one."""
    if not isinstance(notification, Failed | Ended):
        return []
    error = telling(notification.error_message or "")
    return [code_line(error.line)] if error.headline else []


def _when(notification: JobEnd, recipient: Recipient, shown_lines: int) -> list[Block]:
    """When it failed and how far it came; and where the same error was seen, where there is room for that."""
    if not isinstance(notification, Failed | Ended):
        return []
    ended = f"Ended {clock(notification.ended_at, notification.at)}" if notification.ended_at else ""
    reached = _reached(notification)
    when = (
        f"{ended} {reached}"
        if reached.startswith("at") and ended
        else ", ".join(filter(None, (ended, reached)))
    )
    lines = [when[:1].upper() + when[1:]] if when else []
    if isinstance(notification, Failed) and shown_lines + len(lines) < _MOST_LINES:
        lines.append(same_cause(notification.earlier, notification.at, recipient.settings))
    return [context(["\n".join(filter(None, lines))])] if any(lines) else []


def end_sentence(notification: JobEnd, recipient: Recipient, logged: Logged) -> str:
    """The same in one sentence."""
    subject = spoken(notification.name, recipient.subscription.request_id)
    word = plain(notification.ended_as_word or "", _WORD_CHARACTERS)
    told = f"{subject} {f'ended as {word}' if word else phrases.ENDED[notification.status]}"
    if isinstance(notification, Completed):
        took = in_words(notification.duration_seconds)
        shown = f"{told} in {took}{_spoken_result(logged)}" if took else f"{told}{_spoken_result(logged)}"
    else:
        reached = _reached(notification).replace(",", "")
        reason = _spoken_reason(notification) if isinstance(notification, Failed | Ended) else ""
        told = f"{told} {reached}" if reached else told
        shown = f"{told}: {reason}" if reason else f"{told}."
    return cut(shown.replace("\u00a0", " "), _TEXT_CHARACTERS, note="…")


def _spoken_result(logged: Logged) -> str:
    if logged.finding is None:
        return f". Best eval loss {logged.best_eval}." if logged.best_eval else "."
    past = FINDINGS[logged.finding.name].past
    evidence = plain(logged.finding.evidence, _REASON_CHARACTERS)
    return f", {past[:1].lower()}{past[1:]}: {evidence}. Evaluate the model before you use it."


def _spoken_reason(notification: Failed | Ended) -> str:
    headline = telling(notification.error_message or "").headline
    return plain((notification.cause or "").removesuffix(".") or headline, _REASON_CHARACTERS)

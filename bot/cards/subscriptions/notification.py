"""What is told in a job's thread: a line or two each, and more only where the job ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from bot.cards.channels.digest import digest_card
from bot.cards.kit import phrases
from bot.cards.kit.card import Card, section
from bot.cards.kit.phrases import spoken
from bot.cards.kit.text import SEPARATOR, code, cut, date, unbroken
from bot.cards.kit.timing import in_words, roughly
from bot.cards.subscriptions.alert import condition_card
from bot.cards.subscriptions.ending import added_card, ending_card
from bot.cards.subscriptions.finding import finding_card
from bot.cards.subscriptions.key_expiry import key_expiry_card
from bot.domain.subscriptions.notification import ENDS_OF_JOBS, Kind, Notification
from bot.domain.subscriptions.subscription import Subscription

_TEXT_CHARACTERS: Final = 290
_COMMAND_CHARACTERS: Final = 200


def notification_card(notification: Notification, subscription: Subscription, *, slash_command: str) -> Card:
    """The message for one notification.

    Args:
        notification: what happened, of any kind but `Kind.CARD`, which is the job's own card.
        subscription: whose thread it is for; of a failure its subscribers are mentioned, of an alert
            whoever set it.
        slash_command: as people type it here.

    Raises:
        KeyError: the kind is `Kind.CARD`, or `Kind.DIGEST` without a digest.
    """
    if notification.digest is not None:
        return digest_card(notification.digest, slash_command=slash_command)
    if notification.kind in _CARDS:
        return _CARDS[notification.kind](notification, subscription)
    told = _TELL[notification.kind](notification)
    shown = f"{told.symbol} {told.shown or told.sentence}"
    if notification.kind in _GO_ON:
        command = code(f"{slash_command} subscribe {subscription.request_id}", _COMMAND_CHARACTERS)
        shown = f"{shown} {_GO_ON[notification.kind]}: {command}"
    subject = spoken(notification.name, subscription.request_id)
    return Card(cut(f"{subject}: {told.sentence}", _TEXT_CHARACTERS, note="…"), [section(shown)])


class _Told(NamedTuple):
    """A notification in words, without the job's name: in its thread everybody knows which it is."""

    symbol: str
    sentence: str
    shown: str = ""
    """``mrkdwn``, where that differs from the sentence."""


def _started(notification: Notification) -> _Told:
    if notification.is_again:
        return _Told("🔁", "Running again.")
    waited = in_words(notification.queued_seconds)
    return _Told("▶️", f"Started after {waited} in the queue." if waited else "Started.")


def _progress(notification: Notification) -> _Told:
    reached = notification.milestone if notification.progress is None else notification.progress
    left = roughly(notification.eta_seconds)
    rest = [f"about {left} left"] if left else []
    said = [phrases.percent(reached) or "Making progress", *rest]
    shown = [phrases.bar(reached) or "Making progress", *map(unbroken, rest)]
    return _Told("📈", ", ".join(said), SEPARATOR.join(shown))


def _stalled(notification: Notification) -> _Told:
    quiet = in_words(notification.quiet_seconds) or "a while"
    return _Told("⚠️", f"No progress for {quiet}{_at(notification)}.")


def _moving(notification: Notification) -> _Told:
    quiet = in_words(notification.quiet_seconds)
    pause = f" after {quiet} without progress" if quiet else ""
    return _Told("▶️", f"Moving again{pause}{_at(notification)}.")


def _api_down(notification: Notification) -> _Told:
    away, silent = _away(notification), "Simplismart hasn't responded"
    rest = "I'm still trying; no updates will be lost."
    since = f" since {date(notification.since)}" if notification.since else ""
    return _Told("⚠️", f"{silent}{f' for {away}' if away else ''}. {rest}", f"{silent}{since}. {rest}")


def _api_back(notification: Notification) -> _Told:
    away = _away(notification)
    return _Told("✅", f"Simplismart is responding again{f' after {away}' if away else ''}.")


def _away(notification: Notification) -> str:
    """For how long it had not answered."""
    return in_words((notification.at - notification.since).total_seconds()) if notification.since else ""


def _job_gone(_notification: Notification) -> _Told:
    return _Told("🔕", "Simplismart no longer has this job, so I've stopped posting updates.")


def _job_refused(_notification: Notification) -> _Told:
    return _Told("🔕", "Simplismart rejects this job ID, so I've stopped posting updates.")


def _finished(_notification: Notification) -> _Told:
    return _Told("🔕", "Finished an hour ago, so I've stopped posting updates.")


def _expired(_notification: Notification) -> _Told:
    return _Told("🔕", "I've posted updates for 30 days and am stopping now.")


def _at(notification: Notification) -> str:
    reached = phrases.percent(notification.progress)
    return f" at {reached}" if reached else ""


_CARDS: Final[Mapping[Kind, Callable[[Notification, Subscription], Card]]] = {
    **dict.fromkeys(ENDS_OF_JOBS, ending_card),
    Kind.ADDED: added_card,
    Kind.FINDING: finding_card,
    Kind.CONDITION: condition_card,
    Kind.KEY_EXPIRES: key_expiry_card,
}
"""Kinds with more to them than a line."""
_TELL: Final[Mapping[Kind, Callable[[Notification], _Told]]] = {
    Kind.STARTED: _started,
    Kind.PROGRESS: _progress,
    Kind.STALLED: _stalled,
    Kind.MOVING: _moving,
    Kind.API_DOWN: _api_down,
    Kind.API_BACK: _api_back,
    Kind.JOB_GONE: _job_gone,
    Kind.JOB_REFUSED: _job_refused,
    Kind.FINISHED: _finished,
    Kind.EXPIRED: _expired,
}
"""Every other kind but the card."""
_GO_ON: Final = {Kind.FINISHED: "If it restarts", Kind.EXPIRED: "Keep getting updates"}
"""Last words after which one can subscribe again."""

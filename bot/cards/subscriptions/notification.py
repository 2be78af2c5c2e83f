"""Every kind of notification as a card: a line or two, and more only where the job ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from bot.cards.channels.digest import digest_card
from bot.cards.kit import phrases
from bot.cards.kit.card import Card, section
from bot.cards.kit.card_settings import short_ids
from bot.cards.kit.diagnosis import WARNING
from bot.cards.kit.phrases import spoken
from bot.cards.kit.text import SEPARATOR, code, cut, date, unbroken
from bot.cards.kit.timing import clock, in_words, roughly
from bot.cards.subscriptions.admin_notices import key_expiry_card, weekly_report_card
from bot.cards.subscriptions.alert import alert_card
from bot.cards.subscriptions.ending import added_card, ending_card
from bot.cards.subscriptions.finding import finding_card
from bot.cards.subscriptions.groups.updates import ended_card, failure_card, full_card, gone_card
from bot.cards.subscriptions.renderer import Payload, Recipient, Renderer
from bot.domain.job import JobStatus
from bot.domain.subscriptions.notifications.group_updates import (
    GroupEnded,
    GroupFailure,
    GroupFull,
    GroupGone,
)
from bot.domain.subscriptions.notifications.job_updates import (
    Added,
    Cancelled,
    Completed,
    Ended,
    Failed,
    JobGone,
    JobRefused,
    Moving,
    Progress,
    Stalled,
    Started,
)
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult, MetricsFinding
from bot.domain.subscriptions.notifications.notices import (
    ApiBack,
    ApiDown,
    ChannelDigest,
    Expired,
    Finished,
    KeyExpiry,
    WeeklyReport,
)
from bot.domain.subscriptions.notifications.notification import Notification

_TEXT_CHARACTERS: Final = 290
_RUNNING: Final = phrases.SYMBOLS[JobStatus.RUNNING]
_ABOUT: Final = "\N{ALMOST EQUAL TO}"
_COMMAND_CHARACTERS: Final = 200


def notification_card(notification: Notification, recipient: Recipient) -> Card:
    """The message for one notification.

    Raises:
        KeyError: it is the job's own card.
    """
    return RENDERERS[notification.kind].card(notification, recipient)


class _Told(NamedTuple):
    """A notification in words, without the job's name: in its thread everybody knows which it is."""

    shown: str
    """``mrkdwn``, with the symbol."""
    sentence: str
    """What stands after the job's name in a notification on a phone."""
    then: str = ""
    """What the command to subscribe again is for, where it can be."""


def _started(notification: Started) -> _Told:
    if notification.is_again:
        return _Told(f"{_RUNNING} *Running again*", " is running again.")
    waited = in_words(notification.queued_seconds)
    shown = f" after {unbroken(waited)} in the queue" if waited else ""
    said = f" after {waited} in the queue" if waited else ""
    return _Told(f"{_RUNNING} *Started*{shown}", f" started{said}.")


def _progress(notification: Progress) -> _Told:
    reached = notification.milestone if notification.progress is None else notification.progress
    percent = phrases.percent(reached)
    left = roughly(notification.eta_seconds)
    due = _due(notification.at, notification.eta_seconds)
    shown = [
        f"*{percent or 'Making progress'}*",
        *([unbroken(f"{left} left") + f" ({due})"] if left and due else []),
    ]
    said = f" is at {percent}" if percent else " is making progress"
    return _Told(f"{_RUNNING} {SEPARATOR.join(shown)}", f"{said}, about {left} left." if left else f"{said}.")


def _stalled(notification: Stalled) -> _Told:
    quiet, since = in_words(notification.quiet_seconds), ""
    if quiet and notification.quiet_seconds is not None:
        stopped_at = notification.at - timedelta(seconds=notification.quiet_seconds)
        since = f"{SEPARATOR}no progress since {clock(stopped_at, notification.at)}"
    at = _at(notification.progress)
    said = f": no progress for {quiet}" if quiet else ""
    return _Told(f"{WARNING} *Stalled{at}*{since}", f" stalled{at}{said}.")


def _moving(notification: Moving) -> _Told:
    at, due = _at(notification.progress), _due(notification.at, notification.eta_seconds)
    ends = f"{SEPARATOR}ends {due}" if due else ""
    return _Told(
        f"{_RUNNING} *Moving again*{at}{ends}", f" is moving again,{at}." if at else " is moving again."
    )


def _due(now: datetime, eta_seconds: float | None) -> str:
    """The clock time at which it is done, as far as that can be known."""
    if not roughly(eta_seconds):
        return ""
    return f"{_ABOUT}\u00a0{clock(now + timedelta(seconds=eta_seconds or 0), now)}"


def _api_down(notification: ApiDown) -> _Told:
    away, silent = _away(notification), "Simplismart hasn't responded"
    rest = "I'm still trying; no updates will be lost."
    since = f" since {date(notification.since)}" if notification.since else ""
    return _Told(f"{WARNING} {silent}{since}. {rest}", f": {silent}{f' for {away}' if away else ''}. {rest}")


def _api_back(notification: ApiBack) -> _Told:
    away = _away(notification)
    said = f"Simplismart is responding again{f' after {away}' if away else ''}."
    return _Told(f"✅ {said}", f": {said}")


def _away(notification: ApiDown | ApiBack) -> str:
    """For how long it had not answered."""
    return in_words((notification.at - notification.since).total_seconds()) if notification.since else ""


def _last_word(said: str, then: str = "") -> _Told:
    return _Told(f"🔕 {said}", f": {said}", then)


def _job_gone(_notification: JobGone) -> _Told:
    return _last_word("Simplismart no longer has this job, so I've stopped posting updates.")


def _job_refused(_notification: JobRefused) -> _Told:
    return _last_word("Simplismart rejects this job ID, so I've stopped posting updates.")


def _finished(_notification: Finished) -> _Told:
    return _last_word("Finished an hour ago, so I've stopped posting updates.", "If it restarts")


def _expired(_notification: Expired) -> _Told:
    return _last_word("I've posted updates for 30 days and am stopping now.", "Keep getting updates")


def _at(progress: float | None) -> str:
    reached = phrases.percent(progress)
    return f" at {reached}" if reached else ""


def _line(payload: type[Payload], told: Callable[[Payload], _Told]) -> Renderer[Payload]:
    """One line, after the job's name for whoever reads it without its thread."""

    def draw(notification: Payload, recipient: Recipient) -> Card:
        words, request_id = told(notification), recipient.subscription.request_id
        shown = words.shown
        if words.then:
            command = code(
                f"{recipient.slash_command} subscribe {short_ids(request_id)}", _COMMAND_CHARACTERS
            )
            shown = f"{shown} {words.then}: {command}"
        sentence = f"{spoken(notification.name, request_id)}{words.sentence}"
        return Card(cut(sentence, _TEXT_CHARACTERS, note="…"), [section(shown)])

    return Renderer(payload, draw)


def _digest(notification: ChannelDigest, recipient: Recipient) -> Card:
    slash_command, known = recipient.slash_command, recipient.settings
    return digest_card(notification.digest, slash_command=slash_command, settings=known)


_RENDERERS: Final[tuple[Renderer[Any], ...]] = (
    _line(Started, _started),
    _line(Progress, _progress),
    _line(Stalled, _stalled),
    _line(Moving, _moving),
    Renderer(Completed, ending_card),
    Renderer(Failed, ending_card),
    Renderer(Cancelled, ending_card),
    Renderer(Ended, ending_card),
    Renderer(Added, added_card),
    _line(JobGone, _job_gone),
    _line(JobRefused, _job_refused),
    Renderer(MetricsFinding, finding_card),
    Renderer(AlertResult, alert_card),
    Renderer(GroupFailure, failure_card),
    Renderer(GroupGone, gone_card),
    Renderer(GroupFull, full_card),
    Renderer(GroupEnded, ended_card),
    _line(ApiDown, _api_down),
    _line(ApiBack, _api_back),
    _line(Finished, _finished),
    _line(Expired, _expired),
    Renderer(ChannelDigest, _digest),
    Renderer(KeyExpiry, key_expiry_card),
    Renderer(WeeklyReport, weekly_report_card),
)
RENDERERS: Final[Mapping[str, Renderer[Any]]] = {each.payload.kind: each for each in _RENDERERS}
"""By kind: the other half of `bot.domain.subscriptions.notifications.registry`, except the job's card."""

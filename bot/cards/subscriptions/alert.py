"""The value of an alert was reached, or can be reached no more."""

from __future__ import annotations

from typing import Final

from bot.cards.kit import actions
from bot.cards.kit.card import Block, Card, button, can_ask_for, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.card_settings import job_name
from bot.cards.kit.phrases import ENDED, spoken
from bot.cards.kit.references import person
from bot.cards.kit.text import SEPARATOR, code, cut, label, plain, words
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.groups.group import is_subject
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult

_TEXT_CHARACTERS: Final = 290
_CHARACTERS: Final = 200
_NO_CONDITION: Final = "the value of your alert"


def alert_card(notification: AlertResult, recipient: Recipient) -> Card:
    """The one message to whoever set it: they are mentioned."""
    group = recipient.subscription.request_id if recipient.subscription.is_group else ""
    request_id = notification.request_id or ("" if group else recipient.subscription.request_id)
    lines = _met(notification, recipient) if notification.is_met else _missed(notification, recipient)
    said = _sentence(notification, spoken(notification.name, request_id or group))
    return Card(cut(said, _TEXT_CHARACTERS, note="…"), [section("\n".join(lines)), *_actions(request_id)])


def _met(notification: AlertResult, recipient: Recipient) -> list[str]:
    value, place = _evidence(notification)
    wanted = code(notification.condition or "", _CHARACTERS) or _NO_CONDITION
    group = recipient.subscription.request_id if recipient.subscription.is_group else ""
    wanted = f"alert for {code(group, _CHARACTERS)}: {wanted}" if group else f"alert: {wanted}"
    first = f"🔔 {_name(notification, recipient)}: {value or 'your alert was reached'}"
    second = f"{place}{SEPARATOR}your {wanted}" if place else f"Your {wanted}"
    return [" ".join(filter(None, (first, person(notification.user_id)))), second]


def _missed(notification: AlertResult, recipient: Recipient) -> list[str]:
    wanted = code(notification.condition or "", _CHARACTERS) or _NO_CONDITION
    first = f"🔔 {_name(notification, recipient)} {_ended(notification)} without reaching {wanted}"
    evidence = words(notification.evidence or "", _CHARACTERS)
    shown = " ".join(filter(None, (first, person(notification.user_id))))
    return [shown, evidence[:1].upper() + evidence[1:]] if evidence else [shown]


def _evidence(notification: AlertResult) -> tuple[str, str]:
    """The value in bold, and where it was: ``eval_loss hit 1.18`` and ``At step 1,200``."""
    evidence = notification.evidence or ""
    key, has_value, rest = evidence.partition(" hit ")
    if not has_value:
        return words(evidence, _CHARACTERS), ""
    value, at, place = rest.partition(" at ")
    shown = f"{code(key, _CHARACTERS)} hit *{cut(label(value), _CHARACTERS, note='…')}*"
    return shown, f"At {cut(label(place), _CHARACTERS, note='…')}" if at else ""


def _name(notification: AlertResult, recipient: Recipient) -> str:
    request_id = notification.request_id or recipient.subscription.request_id
    if is_subject(request_id):
        return code(request_id, _CHARACTERS)
    return job_name(notification.name, request_id, recipient.settings, is_bold=True)


def _ended(notification: AlertResult) -> str:
    return ENDED.get(notification.ended_as, "ended") if notification.ended_as else "ended"


def _actions(request_id: str) -> list[Block]:
    if not can_ask_for(request_id):
        return []
    return [
        row_of([button("Metrics", actions.METRICS, request_id), button("Card", actions.OPEN, request_id)])
    ]


def _sentence(notification: AlertResult, subject: str) -> str:
    evidence = plain(notification.evidence or "", _CHARACTERS)
    wanted = plain(notification.condition or "", _CHARACTERS) or _NO_CONDITION
    if notification.is_met:
        return (
            f"{subject}: {evidence} (your alert: {wanted})."
            if evidence
            else f"{subject}: your alert was reached: {wanted}."
        )
    last = f" ({evidence})" if evidence else ""
    return f"{subject} {_ended(notification)} without reaching {wanted}{last}."

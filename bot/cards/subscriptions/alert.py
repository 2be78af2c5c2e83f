"""An alert's value was reached, or can't be reached anymore."""

from __future__ import annotations

from typing import Final

from bot.cards.kit.card import Card, section
from bot.cards.kit.phrases import named, spoken
from bot.cards.kit.references import person
from bot.cards.kit.text import code, cut, plain, words
from bot.cards.subscriptions.ending import ENDED
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult

_TEXT_CHARACTERS: Final = 290
_CHARACTERS: Final = 200
_NO_CONDITION: Final = "the value of your alert"


def alert_card(notification: AlertResult, recipient: Recipient) -> Card:
    """The one message to whoever waited: they are mentioned."""
    who = person(notification.user_id)
    evidence, wanted = notification.evidence or "", notification.condition or ""
    name, request_id = notification.name, recipient.subscription.request_id
    shown = _sentence(
        notification,
        words(evidence, _CHARACTERS),
        code(wanted, _CHARACTERS) or _NO_CONDITION,
        named(name, request_id),
    )
    subject = spoken(name, request_id)
    said = _sentence(
        notification, plain(evidence, _CHARACTERS), plain(wanted, _CHARACTERS) or _NO_CONDITION, subject
    )
    symbol = "🎯" if notification.is_met else "⌛"
    return Card(
        cut(f"{subject}: {said}" if notification.is_met else said, _TEXT_CHARACTERS, note="…"),
        [section(" ".join(filter(None, (symbol, who, shown))))],
    )


def _sentence(notification: AlertResult, evidence: str, wanted: str, subject: str) -> str:
    if notification.is_met:
        return f"{evidence} (your alert: {wanted})." if evidence else f"Your alert was reached: {wanted}."
    ended = ENDED.get(notification.ended_as, "ended") if notification.ended_as else "ended"
    last = f" ({evidence})" if evidence else ""
    return f"{subject} {ended} and never reached {wanted}{last}."

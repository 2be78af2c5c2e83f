"""One person's pause: until when, and the button that ends it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.cards.kit import actions
from bot.cards.kit.card import Block, Card, button, section
from bot.cards.kit.text import date

_WAITS: Final = "Direct messages wait until then, and I don't mention you."


def pause_line(until: datetime) -> Block:
    """That it is on, with the button that ends it."""
    resume = button("Resume", actions.RESUME, "me")
    return section(f"⏸️ *Paused until {date(until)}.* {_WAITS}", resume)


def paused_card(until: datetime) -> Card:
    """The answer to ``pause``."""
    return Card(f"Paused until {date(until)}. {_WAITS}", [pause_line(until)])


def waits_card(until: datetime) -> Card:
    """Somebody subscribed to a job in direct messages, which their own pause holds back."""
    said = f"You're subscribed. You've paused direct messages until {date(until)}: the job's card comes then."
    resume = button("Resume", actions.RESUME, "me")
    return Card(said, [section(f"⏸️ {said}", resume)])


def resumed_card(*, was_paused: bool) -> Card:
    """The answer to ``resume``."""
    said = "Resumed. What waited is on its way." if was_paused else "Nothing was paused."
    return Card(said, [section(said)])


def with_pause(card: Card, until: datetime | None) -> Card:
    """The list of subscriptions of somebody whose pause is on until then."""
    if until is None:
        return card
    return Card(f"{card.text} Paused until {date(until)}.", [pause_line(until), *card.blocks])

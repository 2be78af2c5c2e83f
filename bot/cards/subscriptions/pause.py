"""One person's pause: until when, and the button that ends it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from bot.cards.kit import actions
from bot.cards.kit.card import Block, Card, button, section
from bot.cards.kit.text import date

_WAITS: Final = "Direct messages wait until then, and I don't mention you."


def pause_line(until: datetime) -> Block:
    """That it is on, with the button that ends it: one line on a phone."""
    return section(f"⏸️ *Paused until {date(until)}*", _resume())


def paused_card(until: datetime) -> Card:
    """The answer to ``pause``."""
    shown = section(f"⏸️ *Paused until {date(until)}.* {_WAITS}", _resume())
    return Card(f"Paused until {date(until)}. {_WAITS}", [shown])


def waits_card(until: datetime) -> Card:
    """Somebody subscribed to a job in direct messages, which their own pause holds back."""
    said = f"You're subscribed. You've paused direct messages until {date(until)}: the job's card comes then."
    return Card(said, [section(f"⏸️ {said}", _resume())])


def resumed_card(*, was_paused: bool) -> Card:
    """The answer to ``resume``."""
    said = "Resumed. What waited is on its way." if was_paused else "Nothing was paused."
    return Card(said, [section(said)])


def with_pause(card: Card, until: datetime | None) -> Card:
    """The list of subscriptions of somebody whose pause is on until then."""
    if until is None:
        return card
    return Card(f"{card.text} Paused until {date(until)}.", [pause_line(until), *card.blocks])


def _resume() -> dict[str, Any]:
    return button("Resume", actions.RESUME, "me")

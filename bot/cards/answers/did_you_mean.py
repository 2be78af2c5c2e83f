"""What may be meant, as buttons that do it; and that nothing was understood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from bot.cards.kit import actions
from bot.cards.kit.card import Block, Card, button, can_ask_for, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.card_settings import button_label
from bot.cards.kit.text import code, escape, line, plain, unescape
from bot.domain.commands.command_line import JOB

_TYPED_CHARACTERS: Final = 100
_EXAMPLES: Final = "For example: *is my-job done?*, *why did my-job fail?*, *what failed today?*"


class Offer(NamedTuple):
    """A command line that a button runs."""

    line: str
    """As it is typed, without the slash command, with whole IDs."""
    label: str = ""
    """For people, with names; the line itself where empty."""


def offer_buttons(offers: Sequence[Offer]) -> list[Block]:
    """A row of buttons, one for each; what a button cannot carry is left out."""
    fits = [each for each in offers if can_ask_for(each.line) and JOB not in each.line]
    buttons = [
        button(_label(each), action_id, each.line)
        for each, action_id in zip(fits, actions.ASKS, strict=False)
    ]
    return [row_of(buttons)] if buttons else []


def _label(offer: Offer) -> str:
    return button_label(offer.label or offer.line) or "This one"


def did_you_mean_card(typed: str, offers: Sequence[Offer]) -> Card:
    """Asks which of these is meant; ``typed`` is what was said, as Slack sends it."""
    shown, said = code(unescape(typed), _TYPED_CHARACTERS), plain(unescape(typed), _TYPED_CHARACTERS)
    what = "Did you mean:"
    named = ", ".join(plain(each.label or each.line, _TYPED_CHARACTERS) for each in offers)
    return Card(
        f"I'm not sure about {said}. Did you mean {named}?",
        [section(f"I'm not sure about {shown}. {what}"), *offer_buttons(offers)],
    )


def no_such_job_card(typed: str, offers: Sequence[Offer]) -> Card:
    """No job is called so, but some are called nearly so."""
    shown, said = code(unescape(typed), _TYPED_CHARACTERS), plain(unescape(typed), _TYPED_CHARACTERS)
    named = ", ".join(plain(each.label or each.line, _TYPED_CHARACTERS) for each in offers)
    return Card(
        f"No job with this name or ID: {said}. Did you mean {named}?",
        [section(f"No job with this name or ID: {shown}. Did you mean:"), *offer_buttons(offers)],
    )


def not_understood_card(*, slash_command: str) -> Card:
    """Nothing in the words was a question that I know."""
    fact = "I didn't understand that."
    offers = [Offer("list status:running", "Running"), Offer("help", "Help")]
    plain_examples = _EXAMPLES.replace("*", "")
    return Card(
        f"{fact} {plain_examples}. See {plain(slash_command, _TYPED_CHARACTERS)} help.",
        [section(f"{fact} {_EXAMPLES}"), *offer_buttons(offers)],
    )


def with_other_reading(card: Card, offer: Offer) -> Card:
    """An answer that also offers what else the words may have meant."""
    plainer = None if card.plainer is None else with_other_reading(card.plainer, offer)
    said = f"{card.text} Or did you mean {escape(line(offer.label or offer.line))}?"
    return Card(said, [*card.blocks, section("Or did you mean:"), *offer_buttons([offer])], plainer)

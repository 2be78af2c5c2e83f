"""A card, the blocks it is made of, and Slack's limits, each with its number once.

Blocks are plain dicts: building them through classes costs a hundred times as much.
Source: https://docs.slack.dev/reference/block-kit
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.cards.kit.fitting import fitted
from bot.cards.kit.text import cut, line

Block = dict[str, Any]

HEADER_CHARACTERS: Final = 150
SECTION_CHARACTERS: Final = 3000
CONTEXT_CHARACTERS: Final = 2000
CONTEXT_ELEMENTS: Final = 10
BUTTON_VALUE_CHARACTERS: Final = 2000
CONFIRM_TITLE_CHARACTERS: Final = 100
CONFIRM_CHARACTERS: Final = 300
CONFIRM_BUTTON_CHARACTERS: Final = 30
OPTIONS: Final = 100
"""In a menu."""
OVERFLOW_OPTIONS: Final = 5
OPTION_CHARACTERS: Final = 75
OPTION_VALUE_CHARACTERS: Final = 150
VIEW_BLOCKS: Final = 100
VIEW_BYTES: Final = 250_000
VIEW_TITLE_CHARACTERS: Final = 24
CELL_CHARACTERS: Final = 100
NO_VALUE: Final = "\N{EN DASH}"
"""In place of an empty cell, which Slack refuses."""


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """A message: ``text`` for notifications and screen readers, ``blocks`` for the eye.

    Equal only to itself, so that what was made of one can be remembered by it.
    """

    text: str
    blocks: Sequence[Block]
    plainer: Card | None = None
    """The same in blocks that every workspace takes, where these hold a chart."""

    def message(self) -> dict[str, Any]:
        """``{"text", "blocks"}``, and with a chart ``plainer`` too: see `bot.domain.ports.SlackGateway`.

        Never more than Slack takes in one message.
        """
        message = {"text": self.text, "blocks": fitted(self.blocks)}
        return message if self.plainer is None else {**message, "plainer": self.plainer.message()}


def mrkdwn(text: str, most: int) -> dict[str, Any]:
    """A ``mrkdwn`` object of already escaped text; Slack does not look for links and names in it."""
    return {"type": "mrkdwn", "text": cut(text, most), "verbatim": True}


def plain_text(text: str, most: int) -> dict[str, Any]:
    """A ``plain_text`` object of already escaped text; ``:100:`` in it is no emoji, whoever wrote it."""
    return {"type": "plain_text", "text": cut(text, most), "emoji": False}


def header(text: str) -> Block:
    """A large line of plain text."""
    return {"type": "header", "text": plain_text(text, HEADER_CHARACTERS)}


def section(text: str, accessory: dict[str, Any] | None = None) -> Block:
    """A paragraph of ``mrkdwn``, with a button beside it or without."""
    block = {"type": "section", "text": mrkdwn(text, SECTION_CHARACTERS)}
    return block if accessory is None else {**block, "accessory": accessory}


def context(texts: Sequence[str]) -> Block:
    """Small grey remarks in ``mrkdwn``."""
    elements = [mrkdwn(text, CONTEXT_CHARACTERS) for text in texts[:CONTEXT_ELEMENTS]]
    return {"type": "context", "elements": elements}


def preformatted(text: str) -> Block:
    """Lines in a fixed font, shown as they are: for cleaned text through `bot.cards.kit.text.verbatim`."""
    element = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [element]}


def code_line(text: str) -> Block:
    """One line in code font, shown as it is: for cleaned text through `bot.cards.kit.text.verbatim`."""
    element = {"type": "text", "text": text, "style": {"code": True}}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}


def button(
    label: str, action_id: str, value: str, *, primary: bool = False, confirm: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A button of a few words; with ``confirm`` it asks once more, see `confirmation`."""
    element: dict[str, Any] = {
        "type": "button",
        "text": {"type": "plain_text", "text": label, "emoji": False},
        "action_id": action_id,
        "value": value,
    }
    if primary:
        element["style"] = "primary"
    if confirm is not None:
        element["confirm"] = confirm
    return element


def overflow(action_id: str, options: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The "…" menu of one to five options, each a few words and what is sent where it is chosen."""
    return {
        "type": "overflow",
        "action_id": action_id,
        "options": [
            {"text": {"type": "plain_text", "text": words, "emoji": False}, "value": value}
            for words, value in options[:OVERFLOW_OPTIONS]
        ],
    }


def can_ask_for(request_id: str) -> bool:
    """Whether a button may carry this id: one that is too long, or not as it looks, cannot be asked for."""
    return 0 < len(request_id) <= BUTTON_VALUE_CHARACTERS // 2 and line(request_id) == request_id


def confirmation(title: str, text: str, *, yes: str) -> dict[str, Any]:
    """The question before a button's work that others will notice; Slack shows it as plain text."""
    return {
        "title": plain_text(title, CONFIRM_TITLE_CHARACTERS),
        "text": plain_text(text, CONFIRM_CHARACTERS),
        "confirm": plain_text(yes, CONFIRM_BUTTON_CHARACTERS),
        "deny": plain_text("Cancel", CONFIRM_BUTTON_CHARACTERS),
        "style": "danger",
    }


def actions(buttons: Sequence[dict[str, Any]]) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def modal(title: str, blocks: Sequence[Block]) -> dict[str, Any]:
    """A window over the conversation, with nothing to fill in."""
    return {
        "type": "modal",
        "title": plain_text(title, VIEW_TITLE_CHARACTERS),
        "close": {"type": "plain_text", "text": "Close", "emoji": False},
        "blocks": list(blocks),
    }


def cell(text: str) -> dict[str, Any]:
    """A cell of plain words; Slack refuses an empty one."""
    return {"type": "raw_text", "text": text or NO_VALUE}


def cell_text(text: str, most: int = CELL_CHARACTERS) -> str:
    """One line without secrets; a cell's words are no text objects, so nothing in them is an escape."""
    return cut(line(text).replace("<", "\u2039").replace(">", "\u203a"), most, note="…") or NO_VALUE

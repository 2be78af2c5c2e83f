"""The answer to the message shortcut where the message names no job."""

from __future__ import annotations

from typing import Final

from bot.cards.card import Card, section
from bot.cards.text import code

_COMMAND_CHARACTERS: Final = 100


def nothing_named_card(*, slash_command: str) -> Card:
    """What was looked for, and how to ask without it."""
    said = "That message names no training job."
    ask = code(f"{slash_command} <request_id>", _COMMAND_CHARACTERS)
    looked = "I looked for request ids in its words, links and attachments."
    return Card(f"{said} {looked}", [section(f"*{said}* {looked} Ask with {ask} instead.")])

"""One line that says what the bot can do, below the first answer that a person or a channel gets."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.kit.card import Card, context
from bot.cards.kit.text import code

_COMMAND_CHARACTERS = 200


def introduced(card: Card, *, slash_command: str) -> Card:
    """``card`` with the line below it; ``slash_command`` is as people type it here."""
    command = code(f"{slash_command} help", _COMMAND_CHARACTERS)
    line = context([f"I answer questions about training jobs and post updates on them. More: {command}"])
    plainer = None if card.plainer is None else introduced(card.plainer, slash_command=slash_command)
    return replace(card, blocks=[*card.blocks, line], plainer=plainer)

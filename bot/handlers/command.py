"""What a command is, and the question it answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from bot.cards.card import Card
from bot.handlers.context import Context


@dataclass(frozen=True, slots=True)
class Question:
    """What one person asked, read but not yet answered."""

    command: str
    request_ids: tuple[str, ...]
    left_out: int = 0
    """How many more ids were named than are answered at once."""
    is_private: bool = False
    """Only the asker sees the answer, so it offers to be shared."""


@dataclass(frozen=True, slots=True)
class Command:
    """One sub-command. A new one is a module with a `COMMAND`, and an entry in `registry.COMMANDS`."""

    name: str
    usage: str
    """As people type it, without the slash command: ``status <request_id>``."""
    summary: str
    """One short sentence for the help card and the README."""
    run: Callable[[Context, Question], AsyncIterator[Card]]
    """The answer, a card at a time, in the order asked."""
    instantly: Callable[[Context, Question], Card | None]
    """The whole answer where it is known without any I/O: it then rides on the ack itself."""

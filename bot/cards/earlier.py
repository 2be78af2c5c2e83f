"""Another job that failed the same way before: one quiet line under the error."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.cards.card import Block, context
from bot.cards.text import SEPARATOR, code
from bot.cards.timing import ago
from bot.domain.notification import Earlier

_NAME_CHARACTERS: Final = 200
_ID_CHARACTERS: Final = 300


def earlier_lines(earlier: Earlier | None, now: datetime) -> list[Block]:
    """The line, as it is true at ``now`` (aware, UTC); nothing where there is none to name."""
    if earlier is None:
        return []
    name, request_id = code(earlier.name or "", _NAME_CHARACTERS), code(earlier.request_id, _ID_CHARACTERS)
    if not name and not request_id:
        return []
    told = f"👀 Also seen in {name or request_id} {ago(earlier.at, now)}"
    # Many jobs have the same name: the id tells which one is meant.
    return [context([f"{told}{SEPARATOR}{request_id}" if name and request_id else told])]

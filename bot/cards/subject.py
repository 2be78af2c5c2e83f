"""Which job is meant: its experiment's name, or its id where it has none."""

from __future__ import annotations

from typing import Final

from bot.cards.text import code, plain, words

_CHARACTERS: Final = 80


def named(name: str | None, request_id: str) -> str:
    """For ``mrkdwn``; never empty."""
    return words(name or "", _CHARACTERS) or code(request_id, _CHARACTERS) or "a job without a name"


def spoken(name: str | None, request_id: str) -> str:
    """For notifications and screen readers; escaped, never empty."""
    return plain(name or "", _CHARACTERS) or plain(request_id, _CHARACTERS) or "a job without a name"

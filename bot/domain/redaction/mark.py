"""What stands in a secret's place, and how texts and tables of words are put together."""

from __future__ import annotations

from collections.abc import Iterable

MARK = "[redacted]"


def words(text: str) -> frozenset[str]:
    """The words of a table of words."""
    return frozenset(text.split())


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """``text`` with the mark in place of each span; where two overlap, the one that begins first counts."""
    pieces: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if start >= done and end > start:
            pieces += (text[done:start], MARK)
            done = end
    return "".join([*pieces, text[done:]]) if pieces else text

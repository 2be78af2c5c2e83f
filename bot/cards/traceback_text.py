"""The telling lines of an error message, which may be the whole log of many processes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.cards.text import cut, verbatim

_RANK: Final = r"\s*(?:\[?rank\s?\d+\]?:?\s*)?"
_EXCEPTION: Final = re.compile(rf"{_RANK}(?:\w+\.)*\w*(?:Error|Exception|Interrupt|Exit)\b")
"""The line that ends a traceback: a class, and what it says."""
_LAUNCHER: Final = re.compile(r"ChildFailedError|CalledProcessError|SystemExit")
"""What a launcher says after the fact; the cause stands above it."""
_SYMPTOM: Final = re.compile(r"\b(?:error|fatal|killed|out of memory|oom|exception)\b", re.IGNORECASE)
_LONGEST_SEARCHED: Final = 500
"""Characters of a line in which words are looked for."""
_LINES: Final = 8
_FRAME_LINES: Final = 4
_CHARACTERS_A_LINE: Final = 240


@dataclass(frozen=True, slots=True)
class Telling:
    """An error message in short."""

    headline: str
    """The one line that says what went wrong."""
    excerpt: str
    """That line first, then the lines nearest to it; safe in a rich text element."""
    left_out: int
    """How many lines the excerpt does not show; a line shown in part is not counted."""


def telling(cleaned: str) -> Telling:
    """The most telling lines of an error message that `bot.cards.text.clean` has been over.

    The last exception of a traceback leads, then its last frames. Without one the last line that
    speaks of an error leads, or else the last line.
    """
    lines = [line.rstrip() for line in cleaned.split("\n") if line.strip()]
    if not lines:
        return Telling("", "", 0)
    lead = _lead(lines)
    after = lines[lead : lead + _LINES - _FRAME_LINES]
    before = lines[max(0, lead - (_LINES - len(after))) : lead]
    shown = [*after, "…", *before] if before else after
    excerpt = "\n".join(cut(line, _CHARACTERS_A_LINE) for line in shown)
    return Telling(lines[lead].strip(), verbatim(excerpt), len(lines) - len(after) - len(before))


def _lead(lines: list[str]) -> int:
    """Where the line stands that says what went wrong."""
    last = len(lines) - 1
    launcher = None
    for index in range(last, -1, -1):
        start = lines[index][:_LONGEST_SEARCHED]
        if _EXCEPTION.match(start):
            if not _LAUNCHER.search(start):
                return index
            launcher = launcher or index
    if launcher is not None:
        return launcher
    backwards = range(last, -1, -1)
    return next((index for index in backwards if _SYMPTOM.search(lines[index][:_LONGEST_SEARCHED])), last)

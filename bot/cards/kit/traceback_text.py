"""The telling lines of an error message, which may be the whole log of many processes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Final

from bot.cards.kit.text import clean, cut, length, tail, verbatim

_RANK: Final = r"\s*+(?:\[?rank\s?\d++\]?:?\s*+)?"
_EXCEPTION: Final = re.compile(rf"{_RANK}(?:\w++\.)*\w*(?:Error|Exception|Interrupt|Exit)\b")
"""The line that ends a traceback: a class, and what it says."""
_LAUNCHER: Final = re.compile(r"ChildFailedError|CalledProcessError|SystemExit|\bexit ?code\b")
"""What a launcher says after the fact; the cause stands above it."""
_SYMPTOM: Final = re.compile(r"\b(?:error|fatal|killed|out of memory|oom|exception)\b", re.IGNORECASE)
_LONGEST_SEARCHED: Final = 500
"""Characters of a line in which words are looked for."""
_CHARACTERS_READ: Final = 32_000
_BEFORE: Final = 5
_AFTER: Final = 2
_FRAME: Final = re.compile(r"\s*File \"[^\"]{1,500}\", line \d{1,9}")
_BRIEF_CHARACTERS: Final = 76
_CHARACTERS_A_LINE: Final = 240


@dataclass(frozen=True, slots=True)
class Telling:
    """An error message in short."""

    headline: str
    """The one line that says what went wrong."""
    excerpt: str
    """That line first, then the lines nearest to it, then how many more there are; for rich text."""
    place: str = ""
    """Where it went wrong: the last frame above that line, or else the line before it."""

    @property
    def line(self) -> str:
        """The headline, as short as a card shows it; for rich text."""
        return verbatim(_brief(self.headline))

    @property
    def last_lines(self) -> str:
        """The place and the headline, as short as a card shows them; for rich text."""
        return verbatim("\n".join(map(_brief, filter(None, (self.place, self.headline)))))


@lru_cache(maxsize=16)
def telling(message: str) -> Telling:
    """The most telling lines of an untrusted error message.

    The last exception of a traceback leads, then its last frames. Without one the last line that
    speaks of an error leads, or else the last line. The latest are remembered: redacting takes
    milliseconds, and a failed job is asked for more than once.
    """
    lines = [line.rstrip() for line in clean(tail(message, _CHARACTERS_READ)).split("\n") if line.strip()]
    if not lines:
        return Telling("", "")
    lead = _lead(lines)
    after = list(takewhile(_is_no_launcher, lines[lead + 1 : lead + 1 + _AFTER]))
    before = _frames(lines[max(0, lead - _BEFORE) : lead])
    shown = [lines[lead], *after, *(["…", *before] if before else [])]
    excerpt = "\n".join(cut(line, _CHARACTERS_A_LINE) for line in shown)
    left_out = sum(not line.isspace() for line in message.splitlines() if line) - 1 - len(after) - len(before)
    more = f"\n… ({left_out:,} more line{'' if left_out == 1 else 's'})" if left_out > 0 else ""
    return Telling(lines[lead].strip(), verbatim(excerpt) + more, _place(lines[:lead]))


def _brief(line: str) -> str:
    """As much of a line as two lines on a phone hold, up to the end of a word."""
    if length(line) <= _BRIEF_CHARACTERS:
        return line
    start = cut(line, _BRIEF_CHARACTERS, note="")
    word_end = start.rfind(" ", _BRIEF_CHARACTERS * 2 // 3)
    return f"{start[:word_end] if word_end > 0 else start} …"


def _place(before: list[str]) -> str:
    """The last frame of a traceback in these lines, without the function's name; or else the last line."""
    near = before[-_BEFORE:]
    frames = [match[0] for match in map(_FRAME.match, near) if match]
    return (frames or near or [""])[-1].strip()


def _is_no_launcher(line: str) -> bool:
    return _LAUNCHER.search(line[:_LONGEST_SEARCHED]) is None


def _frames(lines: list[str]) -> list[str]:
    """From the first whole frame of a traceback on; other lines as they are."""
    starts = [index for index, line in enumerate(lines) if line.lstrip().startswith('File "')]
    return lines[starts[0] :] if starts else lines


def _lead(lines: list[str]) -> int:
    """Where the line stands that says what went wrong."""
    last = len(lines) - 1
    launcher = None
    for index in range(last, -1, -1):
        start = lines[index][:_LONGEST_SEARCHED]
        if _EXCEPTION.match(start):
            if _is_no_launcher(start):
                return index
            launcher = launcher or index
    above = range((last if launcher is None else launcher - 1), -1, -1)
    fallback = last if launcher is None else launcher
    return next((index for index in above if _SYMPTOM.search(lines[index][:_LONGEST_SEARCHED])), fallback)

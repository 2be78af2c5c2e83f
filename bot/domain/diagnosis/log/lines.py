"""An untrusted error message as lines: bounded, without colors, whole where a terminal wrapped them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

MOST_CHARACTERS: Final = 512 * 1024
"""What is read of a message: its end."""
MOST_LINES: Final = 6000
TRACEBACK: Final = "Traceback (most recent call last)"
_LONGEST_LINE: Final = 2000
_LINE_ENDS: Final = re.compile(r"\r\n?|\\r\\n|\\n")
"""Also as they stand inside JSON that was put into a string."""
_COLORS: Final = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")
_FOLDED: Final = re.compile(
    r"\s(?=Traceback \(most|During handling of the|The above exception was|File \"[^\"]{1,500}\", line \d"
    r"|(?:\w{1,60}\.){0,12}\w{0,80}(?:Error|Exception|Interrupt)(?::|\s*$))"
)
"""Where the lines of a traceback ended, before somebody folded it into one."""
_GOES_ON: Final = re.compile(r'File "[^"]{1,500}", line \d{1,9}, in [\w<>.]{1,80} {1,20}\S')

_NARROWEST: Final = 60
_WIDEST: Final = 240
"""Columns of a terminal, or of what wraps logs."""
_USUAL_WIDTHS: Final = frozenset({80, 100, 120, 132, 160})
_MANY_FULL: Final = 3
"""Lines of the same greatest length that are no chance, whatever the width."""
_FRESH: Final = re.compile(
    r"\s*(?:Traceback \(most|File \"|\[?[Rr]ank ?\d|\d{4}-\d\d-\d\d[T ]\d\d:|\[\d{4}-"
    r"|During handling of|The above exc|(?:\w{1,60}\.){0,12}\w{0,80}(?:Error|Exception)\b"
    r"|\{'|(?:ERROR|WARNING|INFO)\b|\d{1,6}: )"
)
"""What begins a line of its own, also after a full one."""


def split_lines(message: str) -> list[str]:
    """The last lines of an untrusted message, none of them endless; always the same for the same message."""
    return _bounded(_raw_lines(message))


def readings(message: str) -> list[list[str]]:
    """The ways in which the lines of a message may be meant, the likeliest first.

    As they are, or put together where they were wrapped between words or cut at a terminal's width; never as
    they are where it is plain that they were cut.
    """
    raw = _raw_lines(message)
    width = max(map(len, raw), default=0)
    plain = _bounded(raw)
    if not _NARROWEST <= width <= _WIDEST or len(raw) == 1:
        return [plain]

    def is_full(line: str, word: str) -> bool:
        return len(line) + 1 + len(word) > width

    def between(line: str) -> str:
        return "" if len(line) == width or line.endswith("-") else " "

    cut = _bounded(_joined(raw, lambda line, _: len(line) == width, lambda _: ""))
    # What wraps between words also cuts at hyphens, and words that are longer than a line.
    mixed = _bounded(_joined(raw, is_full, between))
    if _is_surely_cut(raw, width):
        return [cut, mixed]
    wrapped = _bounded(_joined(raw, is_full, lambda _: " "))
    return [wrapped, plain, cut, mixed]


def _raw_lines(message: str) -> list[str]:
    text = message[-MOST_CHARACTERS:]
    if "\x1b" in text:
        text = _COLORS.sub("", text)
    return _LINE_ENDS.sub("\n", text.replace('\\"', '"')).split("\n")[-MOST_LINES:]


def _bounded(lines: Sequence[str]) -> list[str]:
    return [part[:_LONGEST_LINE] for line in lines for part in _unfolded(line)]


def _unfolded(line: str) -> list[str]:
    """A whole traceback in one line, or its end, as its lines; any other line as it is."""
    _, found, behind = line.partition(TRACEBACK)
    is_folded = 'File "' in behind if found else 'File "' in line and _GOES_ON.search(line)
    return _FOLDED.sub("\n", line).split("\n") if is_folded else [line]


def _joined(
    lines: Sequence[str], is_cut: Callable[[str, str], bool], between: Callable[[str], str]
) -> list[str]:
    """Lines put together: ``is_cut`` is asked about each and the first word of the next."""
    joined: list[list[str]] = [[]]
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        is_over = line[-1:] in ".!?" and after[:1].isupper()
        goes_on = after.strip() and not is_over and not _is_ruler(line) and not _FRESH.match(after)
        if goes_on and is_cut(line, after.split(maxsplit=1)[0]):
            joined[-1].append(line + between(line))
        else:
            joined[-1].append(line)
            joined.append([])
    return ["".join(parts) for parts in joined if parts]


def _is_surely_cut(lines: Sequence[str], width: int) -> bool:
    """Whether as many lines end at the same column as only a terminal makes them, and within words."""
    full = [
        line[-1:].isalnum() and after[:1].isalnum()
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
        if len(line) == width and not _is_ruler(line)
    ]
    return any(full) and (len(full) >= _MANY_FULL or width in _USUAL_WIDTHS)


def _is_ruler(line: str) -> bool:
    """A line of the same character only, as long as whoever drew it liked."""
    return len(set(line.strip())) <= 1

"""Words between blanks and commas, where what stands in quotes is one word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

SIGNS: Final = ":=\uff1a\uff1d"
"""Behind these a quote may open in the middle of a word."""
_COMMAS: Final = ",\u3001\uff0c;\uff1b|\uff5c"
_CLOSING: Final = {
    '"': '"',
    "'": "'",
    "`": "`",
    "\u201c": "\u201d",
    "\u201e": "\u201c\u201d",
    "\u2018": "\u2019",
    "\u00ab": "\u00bb",
    "\u300c": "\u300d",
}


class Piece(NamedTuple):
    """A word, or a comma."""

    text: str
    is_quoted: bool = False
    """It stood in quotes, and has blanks or commas in it or a key right before it."""
    in_quotes: bool = False
    """It stood in quotes."""

    @property
    def is_comma(self) -> bool:
        """Whether it is a comma, or what stands for one."""
        return not self.is_quoted and self.text == ","


def pieces(text: str) -> Sequence[Piece]:
    """Words and commas; a quoted text is one word, with the key that stands before it as another.

    Takes time in the square of the text's length: callers bound it.
    """
    return list(_pieces(text))


def _pieces(text: str) -> Iterator[Piece]:
    """Words and commas; a quoted text is one word, with the key that stands before it as another."""
    start = place = 0
    while place < len(text):
        letter = text[place]
        end = _closed_at(text, place) if place == start or text[place - 1] in SIGNS else -1
        if end > 0:
            if place > start:
                yield Piece(text[start:place])
            inside = text[place + 1 : end]
            yield Piece(inside, place > start or any(map(_separates, inside)), in_quotes=True)
            start = place = end + 1
        elif _separates(letter):
            if place > start:
                yield Piece(text[start:place])
            if letter in _COMMAS:
                yield Piece(",")
            start = place = place + 1
        else:
            place += 1
    if start < len(text):
        yield Piece(text[start:])


def _closed_at(text: str, place: int) -> int:
    """Where the quote that opens at ``place`` closes, at the end of a word; -1 where none does."""
    closing = _CLOSING.get(text[place], "")
    for end in range(place + 1, len(text)) if closing else ():
        if text[end] in closing and (end + 1 == len(text) or _separates(text[end + 1])):
            return end
    return -1


def _separates(letter: str) -> bool:
    return letter.isspace() or letter in _COMMAS


def needs_quotes(value: str) -> bool:
    """Whether ``value`` would be several words, or less than it is, without them."""
    opens = value[:1] in _CLOSING or any(one in SIGNS and two in _CLOSING for one, two in pairwise(value))
    return opens or any(map(_separates, value))


def quoted(value: str) -> str:
    """``value`` in quotes it does not have; the last are in no folded text."""
    opening = next((quote for quote in "\"'`" if quote not in value), "\u00ab")
    return f"{opening}{value}{_CLOSING[opening]}"

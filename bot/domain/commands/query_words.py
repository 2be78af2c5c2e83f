"""Filters and other words, sorted out of what people type behind ``list`` and ``feed on``.

A filter is ``status:failed``, ``status=failed`` or ``--status failed``, with blanks wherever a hand puts them
and several values between commas; a value in quotes may have blanks in it. Without any sign ``failed``,
``status failed`` and ``since 7d`` are filters too, and, less surely, ``model llama`` and ``name eval``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Flag, auto
from typing import Final, NamedTuple

from bot.domain.commands.quoted_words import SIGNS, Piece, needs_quotes, pieces, quoted
from bot.domain.commands.typed import bare_term, folded, folded_term
from bot.domain.job import JobStatus
from bot.domain.job.reading import read_status

KEYS: Final = ("status", "model", "name", "since")
_ANYTHING: Final = frozenset({"model", "name"})
"""Their values may be any words."""
_SIGN: Final = re.compile(f"[{SIGNS}]")
_JOINING: Final = frozenset({"and", "or", "&"})
_AMOUNT: Final = re.compile(r"(\d{1,4})([a-z]*)", re.ASCII)
_UNITS: Final = {
    name: unit
    for unit, names in {
        "m": "m min mins minute minutes",
        "h": "h hr hrs hour hours",
        "d": "d day days",
        "w": "w wk wks week weeks",
    }.items()
    for name in names.split()
}


class Bare(Flag):
    """Which words are filters without a sign that says so."""

    NONE = 0
    SURE = auto()
    """``failed``, ``status failed``, ``since 7d``."""
    LIKELY = auto()
    """``model llama``, ``name eval``."""


@dataclass(frozen=True, slots=True)
class SortedWords:
    """All that was said, folded, in the order it was typed."""

    filters: dict[str, list[str]] = field(default_factory=lambda: {key: [] for key in KEYS})
    words: list[str] = field(default_factory=list)


def sort_words(words: Sequence[str], bare: Bare = Bare.SURE) -> SortedWords:
    """What ``words`` say, which blanks have separated. Takes time in the square of their length."""
    return _Sorter(pieces(" ".join(words)), bare).sort()


def is_status(word: str) -> bool:
    """Whether it is one of the documented statuses."""
    return read_status(word) is not JobStatus.UNKNOWN


def spelled_value(value: str) -> str:
    """A folded value as it has to be typed: in quotes where it would be read otherwise."""
    return quoted(value) if bare_term(value) != value or needs_quotes(value) else value


class _Key(NamedTuple):
    """The beginning of a filter."""

    name: str
    value: str
    """What stands right behind its sign."""
    place: int
    """Where it goes on."""
    is_signed: bool = True
    """It can be nothing else: what does not fit it is a mistake."""


class _Sorter:
    """Goes through the pieces once."""

    def __init__(self, found: Sequence[Piece], bare: Bare) -> None:
        self._pieces = list(found)
        self._bare = bare
        self._place = 0
        self._said = SortedWords()

    def sort(self) -> SortedWords:
        while self._place < len(self._pieces):
            piece, key = self._pieces[self._place], self._key_at(self._place)
            if piece.is_quoted:  # Only a filter's value is one word for that.
                self._pieces[self._place : self._place + 1] = pieces(piece.text)
            elif key is not None:
                self._place = key.place
                self._take_values(key)
            else:
                self._place += 1
                self._take_word(piece)
        return self._said

    def _key_at(self, place: int) -> _Key | None:
        piece = self._pieces[place]
        text = "" if piece.is_quoted else bare_term(piece.text)
        sign = _SIGN.search(text)
        if sign is not None:
            name, value = folded(text[: sign.start()].lstrip("-")), text[sign.end() :]
            return _Key(name, value, place + 1) if name in KEYS else None
        name = folded(text.lstrip("-"))
        if name not in KEYS:
            return None
        after = self._text_at(place + 1)
        if _SIGN.match(after):
            return _Key(name, after[1:], place + 2)
        if text.startswith("-") and after:
            return _Key(name, "", place + 1)
        is_key = (
            self._fits(name, place + 1) and (Bare.LIKELY if name in _ANYTHING else Bare.SURE) in self._bare
        )
        return _Key(name, "", place + 1, is_signed=False) if is_key else None

    def _fits(self, name: str, place: int) -> bool:
        """Whether what stands at ``place`` can be a value of that filter."""
        if place >= len(self._pieces) or self._pieces[place].is_comma:
            return False
        value = folded_term(self._text_at(place))
        if name == "since":
            return bool(self._span_at(value, place + 1)[0])
        return name in _ANYTHING or is_status(value)

    def _take_values(self, key: _Key) -> None:
        """What stands at the sign, or else behind it; and what follows after commas."""
        is_open = not key.value
        if key.value:
            self._take(key.name, key.value)
        while self._place < len(self._pieces):
            piece = self._pieces[self._place]
            if piece.is_comma:
                is_open = True
                self._place += 1
                continue
            goes_on = is_open and (piece.is_quoted or self._key_at(self._place) is None)
            must_fit = self._said.filters[key.name] and (key.name == "since" or not key.is_signed)
            if not goes_on or (must_fit and not self._fits(key.name, self._place)):
                return
            is_open = False
            self._place += 1
            self._take(key.name, piece.text)

    def _take(self, name: str, value: str) -> None:
        word = folded_term(value)
        if name == "since":
            span, used = self._span_at(word, self._place)
            self._place += used
            word = span or word
        if word:
            self._said.filters[name].append(word)

    def _take_word(self, piece: Piece) -> None:
        word = folded_term(piece.text)
        if Bare.SURE in self._bare:
            if is_status(word.lstrip("-")):
                self._said.filters["status"].append(word.lstrip("-"))
                return
            if word in _JOINING and self._is_status(self._place - 2) and self._is_status(self._place):
                return
        if word and not piece.is_comma:
            self._said.words.append(word)

    def _span_at(self, word: str, place: int) -> tuple[str, int]:
        """``7d`` from ``7d``, ``7days`` or ``7`` with its unit at ``place``; and how many words that took."""
        amount = _AMOUNT.fullmatch(word)
        if amount is None:
            return "", 0
        used = 0 if amount[2] else 1
        unit = _UNITS.get(amount[2] or folded(self._text_at(place)), "")
        used += 1 if unit and folded(self._text_at(place + used)) == "ago" else 0
        return (f"{amount[1]}{unit}", used) if unit else ("", 0)

    def _is_status(self, place: int) -> bool:
        return is_status(folded_term(self._text_at(place)))

    def _text_at(self, place: int) -> str:
        return self._pieces[place].text if 0 <= place < len(self._pieces) else ""

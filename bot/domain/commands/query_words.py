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

from bot.domain.commands.quoted_words import SIGNS, Piece, pieces
from bot.domain.commands.times.ages import Age, age_at, spoken_age_at
from bot.domain.commands.times.moments import Moment, moment_at, named_moment, time_at
from bot.domain.commands.typed import bare_term, folded, folded_term
from bot.domain.job import JobStatus
from bot.domain.job.reading import read_status

KEYS: Final = ("status", "model", "name", "since", "until")
_ANYTHING: Final = frozenset({"model", "name"})
"""Their values may be any words."""
SIGN: Final = re.compile(f"[{SIGNS}]")
"""Between a filter and its value."""
_JOINING: Final = frozenset({"and", "or", "&"})
_ALIASES: Final = {
    "state": "status",
    "states": "status",
    "statuses": "status",
    "models": "model",
    "base_model": "model",
    "names": "name",
    "experiment": "name",
    "age": "since",
    "last": "since",
    "past": "since",
    "within": "since",
}
"""Of filters, where a sign stands behind; ``status`` has its own without one too."""
_ALTERNATIVES: Final = re.compile(r"[/|+&]")
"""Between statuses in one word."""
_END: Final = "?!.\u2026\uff1f\uff01\u3002"
EVERYTHING: Final = frozenset({"all", "any", "every", "everything"})
"""Leave nothing out."""
_SAYING_NOTHING: Final = """
    job jobs run runs training trainings please pls plz thanks show list me the a an and with of in is are was
    were has have had that which who been
"""
_FILLERS: Final = EVERYTHING.union(_SAYING_NOTHING.split())
"""People put them around filters; none of them says which jobs are wanted."""


class Bare(Flag):
    """Which words are filters without a sign that says so."""

    NONE = 0
    SURE = auto()
    """``failed``, ``status failed``, ``since 7d``."""
    LIKELY = auto()
    """``model llama``, ``name eval``."""
    PROSE = auto()
    """``7d``, ``in the last 2 weeks``; and words such as ``jobs``, ``please`` and ``?`` say nothing."""


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


def _statuses(word: str) -> list[str]:
    """``failed`` and ``running`` from ``failed/running``; nothing where any part of it is no status."""
    parts = _ALTERNATIVES.split(word)
    return parts if all(map(is_status, parts)) else []


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
        if Bare.PROSE in bare:
            self._pieces = [
                each if each.in_quotes else each._replace(text=each.text.rstrip(_END)) for each in found
            ]
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
                self._take_word(piece)
        return self._said

    def _key_at(self, place: int) -> _Key | None:
        piece = self._pieces[place]
        text = "" if piece.is_quoted else bare_term(piece.text)
        sign = SIGN.search(text)
        if sign is not None:
            name, value = self._name(text[: sign.start()]), text[sign.end() :]
            return _Key(name, value, place + 1) if name in KEYS else None
        name, after = self._name(text), self._text_at(place + 1)
        if name != folded(text.lstrip("-")) and not (
            name == "status" or SIGN.match(after) or text.startswith("-")
        ):
            return None
        if name not in KEYS:
            return None
        if SIGN.match(after):
            return _Key(name, after[1:], place + 2)
        if text.startswith("-") and after:
            return _Key(name, "", place + 1)
        is_key = (
            self._fits(name, place + 1) and (Bare.LIKELY if name in _ANYTHING else Bare.SURE) in self._bare
        )
        return _Key(name, "", place + 1, is_signed=False) if is_key else None

    def _name(self, typed: str) -> str:
        """The filter's own name."""
        name = folded(typed.lstrip("-"))
        return _ALIASES.get(name, name) if Bare.SURE in self._bare else name

    def _fits(self, name: str, place: int) -> bool:
        """Whether what stands at ``place`` can be a value of that filter."""
        if place >= len(self._pieces) or self._pieces[place].is_comma:
            return False
        if name == "since":
            return bool(self._span_at(place).span or self._moment_at(place).used)
        if name == "until":
            return bool(self._moment_at(place).used or self._span_at(place).span)
        return name in _ANYTHING or bool(_statuses(self._folded_at(place)))

    def _take_values(self, key: _Key) -> None:
        """What stands at the sign, or else behind it; and the values after commas and ``or``."""
        is_open, in_quotes = not key.value, not key.value
        if key.value:
            self._pieces[key.place - 1 : key.place] = [Piece(key.value)]
            self._place -= 1
            self._take(key.name)
        while self._place < len(self._pieces):
            piece = self._pieces[self._place]
            if piece.is_comma or (not is_open and self._joins(key.name)):
                is_open = True
                self._place += 1
                continue
            # In quotes even what looks like a filter is a value, where nothing but a value can stand.
            is_value = piece.is_quoted or (in_quotes and key.is_signed and piece.in_quotes)
            goes_on = is_open and (is_value or self._key_at(self._place) is None)
            must_fit = self._said.filters[key.name] and (key.name == "since" or not key.is_signed)
            if not goes_on or (must_fit and not self._fits(key.name, self._place)):
                return
            is_open, in_quotes = False, piece.in_quotes
            self._take(key.name)

    def _joins(self, name: str) -> bool:
        """Whether the word here says that another value comes next."""
        word, place = self._folded_at(self._place), self._place + 1
        if name == "status":
            return (word in _JOINING or bool(_ALTERNATIVES.fullmatch(word))) and self._fits(name, place)
        is_filter = place >= len(self._pieces) or self._key_at(place) or _statuses(self._folded_at(place))
        return name in _ANYTHING and word == "or" and not is_filter

    def _take(self, name: str) -> None:
        """The value that stands here."""
        word, place = self._folded_at(self._place), self._place
        self._place += 1
        values = [word]
        if name in {"since", "until"}:
            moment = self._moment_at(place)
            age = Age() if moment.used else self._span_at(place)
            self._place = place + max(1, age.used, moment.used)
            values = [age.span or moment.since or word]
        elif name == "status":
            values = _ALTERNATIVES.split(word)
        self._said.filters[name] += filter(None, values)

    def _take_word(self, piece: Piece) -> None:
        word = self._folded_at(self._place)
        time = time_at(self._folded_at, self._place) if Bare.PROSE in self._bare else Moment()
        self._place += max(1, time.used)
        if time.used:
            self._said.filters["since"] += filter(None, [time.since])
            self._said.filters["until"] += filter(None, [time.until])
            return
        if Bare.SURE in self._bare and (statuses := _statuses(word.lstrip("-"))):
            self._said.filters["status"] += statuses
            while self._joins("status"):
                self._place += 1
                self._said.filters["status"] += _statuses(self._folded_at(self._place))
                self._place += 1
            return
        if Bare.PROSE in self._bare and (word in _FILLERS or not word.strip(_END)):
            return
        if word and not piece.is_comma:
            self._said.words.append(word)

    def _moment_at(self, place: int) -> Moment:
        return (
            moment_at(self._folded_at, place)
            if Bare.SURE in self._bare
            else named_moment(self._folded_at(place))
        )

    def _span_at(self, place: int) -> Age:
        age = age_at(self._folded_at, place)
        return age if age.span or Bare.PROSE not in self._bare else spoken_age_at(self._folded_at, place)

    def _folded_at(self, place: int) -> str:
        return folded_term(self._text_at(place))

    def _text_at(self, place: int) -> str:
        return self._pieces[place].text if 0 <= place < len(self._pieces) else ""

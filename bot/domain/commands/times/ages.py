"""Spans of time as people type them: ``7d``, ``7 days ago``, ``in the last 2 weeks``, ``past week``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

_AMOUNT: Final = re.compile(r"(\d{1,4})([a-z]*)", re.ASCII)
_COUNTED: Final = "one two three four five six seven eight nine ten"
_NUMBERS: Final = {
    "a": "1",
    "an": "1",
    "couple": "2",
    "few": "3",
    **{word: str(number) for number, word in enumerate(_COUNTED.split(), 1)},
}
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
_OPENINGS: Final = frozenset(
    {"since", "in", "within", "from", "for", "during", "over", "newer", "younger", "less", "than", "the"}
)
_BACK: Final = frozenset({"last", "past", "previous"})
_OTHER_WAY: Final = frozenset({"older", "more", "longer", "before", "until", "not"})
"""In front of a span these ask for what is no such filter."""


FIRST_WORDS: Final = _OPENINGS | _BACK | _OTHER_WAY | frozenset(_NUMBERS)
"""Those that a span begins with, beside figures."""


class Age(NamedTuple):
    """A span of time, and how many words it takes."""

    span: str = ""
    """``7d``; empty where there is none."""
    used: int = 0


def age_at(text_at: Callable[[int], str], place: int) -> Age:
    """``7d``, ``7days`` or ``7 days``, each with or without ``ago``, at ``place`` of the folded words."""
    word = text_at(place)
    amount = _AMOUNT.fullmatch(_NUMBERS.get(word, word))
    if amount is None:
        return Age()
    at = place + 1 + (not amount[2] and text_at(place + 1) == "of")
    used = 1 if amount[2] else at + 1 - place
    unit = _UNITS.get(amount[2] or text_at(at), "")
    if not unit:
        return Age()
    return Age(f"{amount[1]}{unit}", used + (text_at(place + used) == "ago"))


def spoken_age_at(text_at: Callable[[int], str], place: int) -> Age:
    """The same without a ``since``, or behind words such as ``in the last``; also ``last week``."""
    at = place
    while text_at(at) in _OPENINGS:
        at += 1
    is_back = text_at(at) in _BACK
    at += is_back
    if text_at(place - 1) in _OTHER_WAY | {"than"}:
        return Age()
    age = age_at(text_at, at)
    if not age.span and is_back and (unit := _UNITS.get(text_at(at), "")):
        age = Age(f"1{unit}", 1)
    is_said = at > place or text_at(at) not in _NUMBERS or text_at(at + age.used - 1) == "ago"
    return Age(age.span, at - place + age.used) if age.span and is_said else Age()

"""Days and months by their names: ``november``, ``1 nov``, ``nov 1st``, ``2026-11-01``."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

_MONTHS: Final = tuple(name.lower() for name in calendar.month_name)[1:]
_SHORT_MONTHS: Final = {name[:3]: name for name in _MONTHS} | {"sept": "september"}
_NUMBER: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?", re.ASCII)
_DAY: Final = re.compile(rf"({'|'.join(_MONTHS)})-(\d{{1,2}})", re.ASCII)
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LEAP_YEAR: Final = 2024
_MOST_YEARS: Final = 8
"""So far apart two leap years are at most."""
MONTHS: Final = frozenset(_MONTHS)
_PARTS: Final[Mapping[str, tuple[int, int]]] = {
    "first week": (1, 7),
    "1st week": (1, 7),
    "second week": (8, 14),
    "2nd week": (8, 14),
    "third week": (15, 21),
    "3rd week": (15, 21),
    "fourth week": (22, 28),
    "4th week": (22, 28),
    "last week": (22, 0),
    "first half": (1, 15),
    "second half": (16, 0),
    "first days": (1, 7),
    "beginning": (1, 10),
    "start": (1, 10),
    "early": (1, 10),
    "middle": (11, 20),
    "mid": (11, 20),
    "end": (21, 0),
    "late": (21, 0),
}
"""By what people call a part of a month, its first and its last day; 0 is the month's last."""
FIRST_WORDS: Final = MONTHS | frozenset(_SHORT_MONTHS) | {phrase.split()[0] for phrase in _PARTS}
"""Those that a day or a month begins with, beside figures."""


def is_dated(text: str) -> bool:
    """Whether it is a month, a day of one (``november-1``) or a date, as filters have them."""
    if text in MONTHS:
        return True
    if (day := _DAY.fullmatch(text)) is not None:
        return _is_day(_MONTHS.index(day[1]) + 1, int(day[2]))
    return _iso(text) is not None


def dated_at(text_at: Callable[[int], str], at: int) -> tuple[str, int]:
    """What `is_dated` has for the words at a place, and how many they are."""
    word, after = text_at(at), text_at(at + 1)
    if is_dated(word) and word not in MONTHS:
        return word, 1
    number, month = _NUMBER.fullmatch(word), _month(after)
    if number and after == "of":
        month = _month(text_at(at + 2))
    used = 3 if after == "of" else 2
    if not (number and month) and (month := _month(word)):
        number, used = _NUMBER.fullmatch(after), 2
    if number and month and _is_day(_MONTHS.index(month) + 1, int(number[1])):
        return f"{month}-{int(number[1])}", used
    return (month, 1) if _month(word) else ("", 0)


def part_at(text_at: Callable[[int], str], at: int) -> tuple[str, str, int]:
    """The first and the last day of a part of a month, and its words: ``first week of november``."""
    part = f"{text_at(at)} {text_at(at + 1)}"
    used = 2 if part in _PARTS else 1
    days = _PARTS.get(part if used > 1 else text_at(at))
    used += text_at(at + used) in {"of", "in"}
    month = _month(text_at(at + used))
    if days is None or not month:
        return "", "", 0
    first, last = days
    return f"{month}-{first}", f"{month}-{last}" if last else month, used + 1


def begins_on(dated: str, today: date) -> date:
    """The first day of it: of a month or a day without a year, the last one that has begun."""
    if (found := _iso(dated)) is not None:
        return found
    month, _, day = dated.partition("-")
    number = _MONTHS.index(month) + 1
    for year in range(today.year, today.year - _MOST_YEARS - 1, -1):
        if int(day or 1) <= calendar.monthrange(year, number)[1]:
            begun = date(year, number, int(day or 1))
            if begun <= today:
                return begun
    return today


def ends_on(dated: str, begun: date) -> date:
    """The day after it, where it began on ``begun``."""
    if dated in MONTHS:
        return (begun.replace(day=28) + timedelta(days=4)).replace(day=1)
    return begun + timedelta(days=1)


def _month(word: str) -> str:
    return word if word in MONTHS else _SHORT_MONTHS.get(word, "")


def _is_day(month: int, day: int) -> bool:
    return 1 <= day <= calendar.monthrange(_LEAP_YEAR, month)[1]


def _iso(text: str) -> date | None:
    if not _ISO.fullmatch(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if date(1970, 1, 2) <= found < date(9999, 1, 1) else None

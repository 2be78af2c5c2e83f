"""When a digest is due: a local time of day, in a time zone that may change its clocks. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from bot.domain.channels.digest import Period
from bot.domain.commands.typed import folded

TOO_LATE: Final = timedelta(hours=6)
"""A digest that could not be told in time is told when that is possible, unless it is later than this."""
DEFAULT_MINUTES: Final = 9 * 60
"""Nine in the morning."""

_DAYS: Final = {Period.DAILY: 1, Period.WEEKLY: 7}
_NOON: Final = 12
_TIME: Final = re.compile(
    r"(\d{1,2})(?:(?:[:.h\uff1a]|\s?h\s?)(\d{2})|(\s?(?:h|hrs?|hours?|uhr|o'?clock|:)))?"
    r"(?:\s?(?:h|hrs?|hours?|uhr))?(?:\s?([ap])\.?m?\.?)?",
    re.ASCII | re.IGNORECASE,
)
_DIGITS: Final = re.compile(
    r"(\d{2})(\d{2})(?:\s?(?:h|hrs?|hours?))?(?:\s?([ap])\.?m?\.?)?", re.ASCII | re.IGNORECASE
)
_NAMED: Final = {
    "noon": 720,
    "midday": 720,
    "midnight": 0,
    "12 noon": 720,
    "12 midday": 720,
    "12 midnight": 0,
}
_OFFSET: Final = re.compile(r"(?:utc|gmt)?([+-])(\d{1,2})(?:[:.]?(\d{2}))?(?:h|hrs?|hours?)?", re.ASCII)
_MINUTES: Final = frozenset({0, 15, 30, 45})
_FARTHEST_WEST, _FARTHEST_EAST = 12 * 60, 14 * 60


def span(period: Period) -> timedelta:
    """What one digest is about, give or take a change of the clocks."""
    return timedelta(days=_DAYS[period])


def read_time_of_day(text: str) -> int | None:
    """Minutes since midnight from ``09:00``, ``9.30``, ``9h``, ``17h30``, ``0900``, ``9 am`` or ``noon``.

    None where it is no time of day; a number of one or two digits alone is none: it may be anything.
    """
    text = text.strip()
    if (named := _NAMED.get(text.lower())) is not None:
        return named
    if (match := _DIGITS.fullmatch(text)) is not None:
        return _minutes(int(match[1]), int(match[2]), match[3])
    match = _TIME.fullmatch(text)
    if match is None or not (match[2] or match[3] or match[4]):
        return None
    return _minutes(int(match[1]), int(match[2] or 0), match[4])


def _minutes(hours: int, minutes: int, half: str | None) -> int | None:
    """Since midnight; ``half`` of the day is its letter."""
    if half:
        if not 1 <= hours <= _NOON:
            return None
        hours = hours % _NOON + (_NOON if half.lower() == "p" else 0)
    return hours * 60 + minutes if hours < 24 and minutes < 60 else None  # noqa: PLR2004  (of a day, of an hour)


def offset_name(text: str) -> str | None:
    """``UTC+02:00`` from ``UTC+2``, ``GMT+2``, ``+02:00`` or ``+2``, as people mean them: ahead of UTC.

    None where it is no offset from UTC, or one that no place on earth has.
    """
    typed = "".join(folded(text).split())
    match = _OFFSET.fullmatch(typed)
    if match is None:
        return None
    hours, minutes = int(match[2]), int(match[3] or 0)
    away = hours * 60 + minutes
    if minutes not in _MINUTES or away > (_FARTHEST_EAST if match[1] == "+" else _FARTHEST_WEST):
        return None
    return f"UTC{match[1]}{hours:02}:{minutes:02}" if away else "UTC"


def fixed_offset(name: str) -> tzinfo | None:
    """The time zone by a name that `offset_name` gave; None for any other name."""
    if not name.startswith("UTC") or offset_name(name) != name or name == "UTC":
        return None
    hours, minutes = name[4:].split(":")
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(ahead if name[3] == "+" else -ahead, name)


def next_time(period: Period, at_minutes: int, zone: tzinfo, after: datetime) -> datetime:
    """The first time of the schedule after that moment; both are aware, the answer in UTC.

    A local time that comes twice counts when it comes first; one that is left out, as much later as the
    clocks were put forward.
    """
    day = after.astimezone(zone).date() - timedelta(days=1)
    while True:
        local = datetime(day.year, day.month, day.day, at_minutes // 60, at_minutes % 60, tzinfo=zone)
        found = local.astimezone(UTC)
        if found > after and (period is Period.DAILY or day.weekday() == 0):
            return found
        day += timedelta(days=1)

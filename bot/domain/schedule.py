"""When a digest is due: a local time of day, in a time zone that may change its clocks. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from bot.domain.digest import Period

TOO_LATE: Final = timedelta(hours=6)
"""A digest that could not be told in time is told when that is possible, unless it is later than this."""
DEFAULT_MINUTES: Final = 9 * 60
"""Nine in the morning."""

_DAYS: Final = {Period.DAILY: 1, Period.WEEKLY: 7}
_NOON: Final = 12
_TIME: Final = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?:\s?([ap])\.?m\.?)?", re.IGNORECASE)


def span(period: Period) -> timedelta:
    """What one digest is about, give or take a change of the clocks."""
    return timedelta(days=_DAYS[period])


def read_time_of_day(text: str) -> int | None:
    """Minutes since midnight from ``09:00``, ``9.30`` or ``9am``; None where it is no time of day.

    A number alone is none: it may be anything.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None or not (match[2] or match[3]):
        return None
    hours, minutes, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half:
        if not 1 <= hours <= _NOON:
            return None
        hours = hours % _NOON + (_NOON if half == "p" else 0)
    return hours * 60 + minutes if hours < 24 and minutes < 60 else None  # noqa: PLR2004  (of a day, of an hour)


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

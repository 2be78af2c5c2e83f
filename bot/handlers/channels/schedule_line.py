"""When a digest comes, as people type it: ``daily 09:00 Europe/Berlin``, in any order."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from bot.domain.channels.digest import Period
from bot.domain.channels.schedule import DEFAULT_MINUTES, offset_name, read_time_of_day
from bot.domain.commands.typed import bare_term
from bot.domain.errors import ImpossibleError, NotUnderstoodError
from bot.handlers.channels.time_zones import find_zone, meanings, near_zones

_SIGNS: Final = "+-"
_ENDS: Final = ".!?"
_BEFORE_TIME: Final = "at"
_BEFORE_ZONE: Final = frozenset({"in", "at"})
_LEAST_LIKE: Final = 0.6
_POLITE: Final = frozenset({"please", "pls", "plz", "thanks"})
_MONDAY: Final = "monday"
_WORKING: Final = ("week", "work", "mon")
_SOME_DAYS: Final = frozenset(
    name
    for day in ("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "weekday", "workday")
    for name in (day, f"{day}s")
) | {"mon-fri"}
"""Days of the week that no digest can be set to."""
_OTHER_PERIODS_WORDS: Final = """
    monthly month months hourly hour hours biweekly bi-weekly fortnightly fortnight twice quarterly yearly
    other second alternate alternating minutes minute
"""
_OTHER_PERIODS: Final = frozenset(_OTHER_PERIODS_WORDS.split())
"""Said of how often; a digest comes every day or every week."""
_COUNTED: Final = frozenset(["2", "3", "4", "5", "6", "two", "three", "four", "five", "six", "few", "couple"])
_PERIODS: Final = "A digest comes every day, or once a week on Mondays."
_OFTEN: Final = frozenset({"day", "days", "week", "weeks", "a", "per", "daily", "weekly"})
_AROUND_DAYS: Final = frozenset({"every", "each", "on", "to", "monday", "mondays", "and", "through", "at"})
_MOST_WORDS: Final = 8
"""Words that are looked through for a zone."""
_HOURS: Final = 24
_HOUR_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a digest comes, as it was typed."""

    period: Period
    at_minutes: int
    time_zone: str

    @property
    def words(self) -> str:
        """The words that say so."""
        at = f"{self.at_minutes // 60:02}:{self.at_minutes % 60:02}"
        return f"digest {self.period} {at} {self.time_zone}"


def read_schedule(words: Sequence[str], default_zone: str) -> Schedule:
    """Time and zone may be left out. It may read the disk.

    Raises:
        NotUnderstoodError: it says no period, or something that is neither time nor zone; what is suggested
            keeps all that was understood.
    """
    said, rest = " ".join(["digest", *words]), _plain(words)
    at_minutes = _take_time(rest)
    if days := [word for word in rest if word.lower() in _SOME_DAYS]:
        days += [word for word in rest if word.lower() == _MONDAY]
        rest = [word for word in rest if word.lower() not in _SOME_DAYS | _AROUND_DAYS]
        raise _not_on(said, days, rest, at_minutes, default_zone)
    if _is_of_other_period(rest):
        rest = [word for word in rest if word.lower() not in _OTHER_PERIODS | _AROUND_DAYS | _OFTEN]
        raise _not_so_often(said, rest, at_minutes, default_zone)
    period, is_period = _take_period(rest)
    if rest and rest[0].lower() in _BEFORE_ZONE:
        del rest[0]
    zone = find_zone(" ".join(rest)) if rest else default_zone
    if zone and is_period:
        return Schedule(period, DEFAULT_MINUTES if at_minutes is None else at_minutes, zone)
    raise _refused(
        said,
        rest,
        Schedule(period, _hour_in(rest) if at_minutes is None else at_minutes, zone or default_zone),
        is_period=is_period,
    )


def _not_on(
    said: str, days: Sequence[str], rest: Sequence[str], at_minutes: int | None, default_zone: str
) -> ImpossibleError:
    """No digest comes on some days only; what is possible instead."""
    zone = find_zone(" ".join(rest)) or default_zone
    at_minutes = _hour_in(rest) if at_minutes is None else at_minutes
    daily, weekly = (Schedule(period, at_minutes, zone).words for period in (Period.DAILY, Period.WEEKLY))
    if any(day.lower().startswith(_WORKING) for day in days):
        reason = (
            "A digest comes every day, or on Mondays; not on weekdays alone. A day without news is skipped."
        )
        return ImpossibleError(said, reason, daily, [weekly])
    return ImpossibleError(said, _PERIODS, weekly, [daily])


def _is_of_other_period(words: Sequence[str]) -> bool:
    """Whether it is to come neither every day nor every week."""
    said = [word.lower() for word in words]
    counted = pairwise(said)
    return not _OTHER_PERIODS.isdisjoint(said) or any(
        number in _COUNTED and unit in {"days", "weeks"} for number, unit in counted
    )


def _not_so_often(
    said: str, rest: Sequence[str], at_minutes: int | None, default_zone: str
) -> ImpossibleError:
    zone = find_zone(" ".join(word for word in rest if word.lower() not in _COUNTED)) or default_zone
    at_minutes = _hour_in([]) if at_minutes is None else at_minutes
    daily, weekly = (Schedule(period, at_minutes, zone).words for period in (Period.DAILY, Period.WEEKLY))
    return ImpossibleError(said, _PERIODS, daily, [weekly])


def _refused(said: str, rest: list[str], meant: Schedule, *, is_period: bool) -> NotUnderstoodError:
    """What is wrong; ``rest`` are the words beside period and time, ``meant`` says those."""
    named, unread = _zone_in(rest)
    zone = find_zone(named) if named else None
    candidates = (
        [] if zone else meanings(named) or near_zones(" ".join(word for word in rest if not word.isdecimal()))
    )
    meant = replace(meant, time_zone=zone or next(iter(candidates), meant.time_zone))
    if not is_period:
        return NotUnderstoodError(said, "`digest` takes `daily`, `weekly` or `off`.", meant.words)
    known = " or ".join(f"`{each}`" for each in candidates)
    if candidates and meanings(named):
        reason = f"“{named[:60]}” is what several time zones are called. Did you mean {known}?"
    else:
        reason = f"“{unread[:60]}” is no time of day, and no time zone such as `Europe/Berlin`."
        reason += f" Did you mean {known}?" if known else ""
    others = [replace(meant, time_zone=each).words for each in candidates[1:]]
    return NotUnderstoodError(said, reason, meant.words, others)


def _zone_in(words: Sequence[str]) -> tuple[str, str]:
    """The most words together that name a zone, or several; and the words around them."""
    words = words[:_MOST_WORDS]
    for many in range(len(words), 0, -1):
        for place in range(len(words) - many + 1):
            named = " ".join(words[place : place + many])
            if find_zone(named) or meanings(named):
                return named, " ".join([*words[:place], *words[place + many :]])
    return "", " ".join(words)


def _hour_in(words: Sequence[str]) -> int:
    """What a number alone may mean; it is only suggested."""
    hours = [int(word) for word in words if word.isascii() and word.isdecimal() and len(word) <= _HOUR_DIGITS]
    return next((hour * 60 for hour in hours if hour < _HOURS), DEFAULT_MINUTES)


def _plain(words: Sequence[str]) -> list[str]:
    """The words without quotes and commas; a time and the offset typed to it are two."""
    plain: list[str] = []
    for typed in " ".join(words).replace(",", " ").replace(";", " ").split():
        word = bare_term(typed).rstrip(_ENDS)
        if word.lower() in _POLITE:
            continue
        place = next((place for place, each in enumerate(word) if each in _SIGNS), 0)
        is_both = read_time_of_day(word[:place]) is not None and offset_name(word[place:]) is not None
        plain += [word[:place], word[place:]] if is_both else [word] if word else []
    return plain


def _take_time(words: list[str]) -> int | None:
    """The first time of day, taken out of the words: ``at 9 am`` is three of them."""
    for place in range(len(words)):
        for used in (3, 2, 1):
            at_minutes = read_time_of_day(" ".join(words[place : place + used]))
            if at_minutes is not None:
                before = place - 1 if place and words[place - 1].lower() == _BEFORE_TIME else place
                del words[before : place + used]
                return at_minutes
    return None


def _take_period(words: list[str]) -> tuple[Period, bool]:
    """The period, taken out of the words, and whether it was typed; else the one that was meant."""
    known = [word.lower() for word in words]
    for period in Period:
        if period in known:
            del words[known.index(period)]
            return period, True
    for place, word in enumerate(known):
        near = difflib.get_close_matches(word, list(Period), 1, _LEAST_LIKE)
        if near:
            del words[place]
            return Period(near[0]), False
    if words and find_zone(" ".join(words)) is None:
        del words[0]
    return Period.DAILY, False

"""Moments as people name them: ``today``, ``since monday``, ``overnight``, ``last week``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple

from bot.domain.commands.times.ages import spoken_age_at

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT_WEEKDAYS: Final = {day[:3]: day for day in _WEEKDAYS} | {"tues": "tuesday", "thurs": "thursday"}
"""Taken only behind a word such as ``since``: ``sun`` and ``sat`` are words of their own."""
_PHRASES: Final = {
    "today": "today",
    "tonight": "today",
    "this morning": "today",
    "this afternoon": "today",
    "this evening": "today",
    "midnight": "today",
    "yesterday": "yesterday",
    "overnight": "overnight",
    "over night": "overnight",
    "last night": "overnight",
    "the night": "overnight",
    "this week": "week",
    "current week": "week",
    "last week": "last-week",
    "previous week": "last-week",
    "this month": "month",
    "last month": "last-month",
    "the weekend": "weekend",
    "last weekend": "weekend",
    "weekend": "weekend",
    **{day: day for day in _WEEKDAYS},
    **{f"last {day}": day for day in _WEEKDAYS},
}
"""One line for each way to say it, and the moment that it names."""
MOMENTS: Final = frozenset(_PHRASES.values())
"""As a filter takes them."""
_MOST_WORDS: Final = 2
_SINCE: Final = frozenset({"since", "from", "after", "starting"})
"""What happened from then on, until now."""
_OPENINGS: Final = _SINCE | {"on", "in", "over", "during", "within", "until"}
_EVENING: Final = time(18)
_SATURDAY: Final = 5


class Moment(NamedTuple):
    """From when and until when, as filters, and how many words say so."""

    since: str = ""
    until: str = ""
    used: int = 0


def moment_at(text_at: Callable[[int], str], place: int) -> Moment:
    """The moment that is named at ``place`` of the folded words, with a ``since`` before it or without."""
    at = place
    while (
        text_at(at) in _OPENINGS
        and at - place < _MOST_WORDS
        and not _named_at(text_at, at, is_short=False)[1]
    ):
        at += 1
    is_since = any(text_at(each) in _SINCE for each in range(place, at))
    named, used = _named_at(text_at, at, is_short=at > place)
    if not named or text_at(at - 1) == "until" or text_at(place - 1) in {"before", "until", "not"}:
        return Moment()
    until = "today" if named == "yesterday" and not is_since else ""
    return Moment(named, until, at - place + used)


def named_moment(word: str) -> Moment:
    """The moment that a filter's value is: one of `MOMENTS`."""
    return Moment(word, "", 1) if word in MOMENTS else Moment()


def time_at(text_at: Callable[[int], str], place: int) -> Moment:
    """A moment, or else a span such as ``in the last 2 weeks`` as its ``since``."""
    moment = moment_at(text_at, place)
    if moment.used:
        return moment
    age = spoken_age_at(text_at, place)
    return Moment(age.span, "", age.used) if age.span else Moment()


def _named_at(text_at: Callable[[int], str], at: int, *, is_short: bool) -> tuple[str, int]:
    if text_at(at) in MOMENTS:
        return text_at(at), 1
    for many in range(_MOST_WORDS, 0, -1):
        phrase = " ".join(text_at(at + each) for each in range(many))
        if phrase in _PHRASES:
            return _PHRASES[phrase], many
    short = _SHORT_WEEKDAYS.get(text_at(at), "") if is_short else ""
    return short, len(short) and 1


def start_of(moment: str, now: datetime) -> datetime:
    """When one of `MOMENTS` began, in the time zone of ``now`` (aware)."""
    return _start_of(moment, now.date(), now.tzinfo)


@lru_cache(maxsize=32)  # by the day and the zone: the same moment elsewhere is equal, and may be another day
def _start_of(moment: str, today: date, zone: tzinfo | None) -> datetime:
    days = {
        "today": today,
        "yesterday": today - timedelta(days=1),
        "overnight": today - timedelta(days=1),
        "week": today - timedelta(days=today.weekday()),
        "last-week": today - timedelta(days=today.weekday() + 7),
        "month": today.replace(day=1),
        "last-month": (today.replace(day=1) - timedelta(days=1)).replace(day=1),
        "weekend": _last(today, _SATURDAY),
        **{day: _last(today, number) for number, day in enumerate(_WEEKDAYS)},
    }
    return datetime.combine(days[moment], _EVENING if moment == "overnight" else time(), zone)


def _last(today: date, weekday: int) -> date:
    return today - timedelta(days=(today.weekday() - weekday) % 7)

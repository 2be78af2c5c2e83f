"""Moments as people name them: ``today``, ``since monday``, ``overnight``, ``last week``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple

from bot.domain.commands.times import ages, days
from bot.domain.commands.times.ages import age_at, spoken_age_at
from bot.domain.commands.times.days import begins_on, dated_at, ends_on, is_dated, part_at

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
    **{
        f"while {who}": "overnight"
        for who in (
            "i was asleep",
            "i slept",
            "i was sleeping",
            "we slept",
            "we were asleep",
            "we were sleeping",
        )
    },
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
"""Before the moment itself."""
_LONGEST: Final[Mapping[str, int]] = {
    first: max(len(phrase.split()) for phrase in _PHRASES if phrase.split()[0] == first)
    for first in {phrase.split()[0] for phrase in _PHRASES}
}
"""By its first word, the words of the longest phrase."""
_SINCE: Final = frozenset({"since", "from", "after", "starting"})
"""What happened from then on, until now."""
_OPENINGS: Final = _SINCE | {"on", "in", "over", "during", "within", "until"}
_WITHIN: Final = frozenset({"on", "in", "during", "within", "of", "last", "this", "over"})
"""Before a day or a month: what happened in it, and not later."""
_TO: Final = frozenset({"and", "to", "until", "till", "-", "through"})
_FIRST_WORDS: Final = frozenset(
    {
        *days.FIRST_WORDS,
        *ages.FIRST_WORDS,
        *_OPENINGS,
        *_WITHIN,
        *MOMENTS,
        *_SHORT_WEEKDAYS,
        "between",
        "before",
    }
    | {phrase.split()[0] for phrase in _PHRASES}
)
"""Nothing else begins a time, but figures."""
_ONWARDS: Final = frozenset({"on", "onward", "onwards"})
END_OF: Final = "end-of-"
"""Before a weekday, a month or a date, as a filter's value: when it was over."""
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
    if (part := _part_at(text_at, place, at, is_since=is_since)).used:
        return part
    if (dated := _dated_at(text_at, place, at, is_since=is_since)).used:
        return dated
    named, used = _named_at(text_at, at, is_short=at > place)
    if not named or text_at(at - 1) == "until" or text_at(place - 1) in {"before", "until", "not"}:
        return Moment()
    is_of_it = not is_since or (text_at(place) == "from" and text_at(at + used) not in _ONWARDS)
    until = "today" if named == "yesterday" and is_of_it else ""
    if named in _WEEKDAYS and text_at(at - 1) == "on":
        until = END_OF + named
    return Moment(named, until, at - place + used)


def _dated_at(text_at: Callable[[int], str], place: int, at: int, *, is_since: bool) -> Moment:
    """A month or a day of one; months only behind a word such as ``in``: ``may`` is a word of its own."""
    opening = at + (text_at(at) in {"last", "this"} and at - place < _MOST_WORDS)
    named, used = dated_at(text_at, opening)
    is_opened = opening > place or text_at(place - 1) in _WITHIN
    if not named or (used == 1 and named.isalpha() and not is_opened):
        return Moment()
    if text_at(opening - 1) == "until" or text_at(place - 1) in {"before", "until", "not", "to"}:
        return Moment()
    is_open = is_since and (text_at(place) != "from" or text_at(opening + used) in _ONWARDS)
    return Moment(named, "" if is_open else END_OF + named, opening - place + used)


def _part_at(text_at: Callable[[int], str], place: int, at: int, *, is_since: bool) -> Moment:
    """``in the first week of november``."""
    opening = at + (text_at(at) == "the")
    first, last, used = part_at(text_at, opening)
    return Moment(first, "" if is_since else END_OF + last, opening - place + used) if used else Moment()


def is_moment(text: str) -> bool:
    """Whether a filter takes it as a moment: one of `MOMENTS`, a month, a day, or the end of one."""
    ended = text.removeprefix(END_OF)
    return text in MOMENTS or is_dated(ended) or (ended != text and ended in _WEEKDAYS)


def named_moment(word: str) -> Moment:
    """The moment that a filter's value is."""
    return Moment(word, "", 1) if is_moment(word) else Moment()


def time_at(text_at: Callable[[int], str], place: int) -> Moment:
    """A moment, two of them, an end alone, or else a span such as ``in the last 2 weeks``."""
    word = text_at(place)
    if word not in _FIRST_WORDS and not word[:1].isdecimal():
        return Moment()
    for read in (_between_at, _before_at, moment_at):
        moment = read(text_at, place)
        if moment.used:
            return moment
    age = spoken_age_at(text_at, place)
    return Moment(age.span, "", age.used) if age.span else Moment()


def _between_at(text_at: Callable[[int], str], place: int) -> Moment:
    """``between monday and wednesday``, ``from 1 nov to 3 nov``: both days are part of it."""
    if text_at(place) not in {"between", "from"}:
        return Moment()
    first, used = _day_at(text_at, place + 1)
    if not first and text_at(place + 2) in _TO:  # "between 10 and 15 november"
        month, _, _ = dated_at(text_at, place + 3)[0].partition("-")
        day = f"{month}-{text_at(place + 1)}"
        first, used = (day, 1) if is_dated(day) else ("", 0)
    at = place + 1 + used
    if not first or text_at(at) not in _TO:
        return Moment()
    last, more = _day_at(text_at, at + 1)
    return Moment(first, _end_of(last), at + 1 + more - place) if last else Moment()


def _before_at(text_at: Callable[[int], str], place: int) -> Moment:
    """``before yesterday``, ``older than 7 days``, ``more than a week ago``."""
    word, after = text_at(place), text_at(place + 1)
    if word == "before":
        named, used = _day_at(text_at, place + 1)
        return Moment("", named, 1 + used) if named else Moment()
    if after != "than" or word not in {"older", "more", "longer"}:
        return Moment()
    age = age_at(text_at, place + 2)
    is_ago = word == "older" or text_at(place + 1 + age.used) == "ago"
    return Moment("", age.span, 2 + age.used) if age.span and is_ago else Moment()


def _day_at(text_at: Callable[[int], str], at: int) -> tuple[str, int]:
    return dated_at(text_at, at) if dated_at(text_at, at)[1] else _named_at(text_at, at, is_short=True)


def _end_of(named: str) -> str:
    """The filter's value for when it was over; empty where it is not over yet."""
    if named in _WEEKDAYS or is_dated(named):
        return END_OF + named
    return {"yesterday": "today", "last-week": "week", "last-month": "month"}.get(named, "")


def _named_at(text_at: Callable[[int], str], at: int, *, is_short: bool) -> tuple[str, int]:
    if text_at(at) in MOMENTS:
        return text_at(at), 1
    for many in range(_LONGEST.get(text_at(at), 0), 0, -1):
        phrase = " ".join(text_at(at + each) for each in range(many))
        if phrase in _PHRASES:
            return _PHRASES[phrase], many
    short = _SHORT_WEEKDAYS.get(text_at(at), "") if is_short else ""
    return short, len(short) and 1


def start_of(moment: str, now: datetime) -> datetime:
    """When a moment (see `is_moment`) began, in the time zone of ``now`` (aware)."""
    return _start_of(moment, now.date(), now.tzinfo)


@lru_cache(maxsize=32)  # by the day and the zone: the same moment elsewhere is equal, and may be another day
def _start_of(moment: str, today: date, zone: tzinfo | None) -> datetime:
    named = moment.removeprefix(END_OF)
    if is_dated(named):
        day = begins_on(named, today)
        return datetime.combine(day if named == moment else ends_on(named, day), time(), zone)
    if named != moment:
        day = _last(today, _WEEKDAYS.index(named)) + timedelta(days=1)
        return datetime.combine(day, time(), zone)
    begun = {
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
    return datetime.combine(begun[moment], _EVENING if moment == "overnight" else time(), zone)


def _last(today: date, weekday: int) -> date:
    return today - timedelta(days=(today.weekday() - weekday) % 7)

"""Until when somebody pauses the bot's messages to them: ``2h``, ``until 9am``, ``until tomorrow``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.domain.channels.schedule import read_time_of_day
from bot.domain.commands.times.ages import age_at
from bot.domain.commands.typed import folded
from bot.domain.errors import ImpossibleError, NotUnderstoodError

LONGEST: Final = timedelta(days=7)
_MORNING: Final = 9 * 60
"""Minutes since midnight: what a day without a time means."""
_NOON: Final = 12 * 60
_HOURS: Final = 24
_FILLERS: Final = frozenset(
    {"until", "till", "til", "for", "me", "my", "all", "updates", "mentions", "messages", "dms"}
    | {"notifications", "please", "pls", "at", "on", "the", "next"}
)
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS: Final = {"m": 60, "h": 3600, "d": 86400, "w": 604800}
_EXAMPLE: Final = "pause until 9am"


def read_pause(words: Sequence[str], now: datetime) -> datetime:
    """The end of the pause (UTC).

    Args:
        words: those behind ``pause``.
        now: the present moment, in the time zone of whoever asks.

    Raises:
        NotUnderstoodError: they name no moment, or one that is more than `LONGEST` away.
    """
    said = " ".join(["pause", *words])
    rest = [each for each in map(folded, " ".join(words).replace(",", " ").split()) if each not in _FILLERS]
    until = _span(rest, now) or _moment(rest, now)
    if until is None:
        reason = "`pause` takes a time, such as `2h`, `until 9am` or `until tomorrow`, and pauses my messages"
        raise NotUnderstoodError(said, f"{reason} to you. I can't stop jobs.", _EXAMPLE)
    if until - now > LONGEST:
        raise ImpossibleError(said, "A pause is at most 7 days long.", "pause 7d")
    return until


def _span(words: Sequence[str], now: datetime) -> datetime | None:
    age = age_at(lambda place: words[place] if place < len(words) else "", 0)
    if not age.span or age.used != len(words):
        return None
    seconds = int(age.span[:-1]) * _UNITS[age.span[-1]]
    return now.astimezone(UTC) + timedelta(seconds=seconds) if seconds else None


def _moment(words: Sequence[str], now: datetime) -> datetime | None:
    """A day, a time of day, or both; a time alone is the next one."""
    days = {word: _days_to(word, now) for word in words if word == "tomorrow" or word in _DAYS}
    named = " ".join(word for word in words if word not in days)
    minutes = _minutes(named) if named else _MORNING
    if minutes is None or len(days) > 1 or not words:
        return None
    day = now.date() + timedelta(days=next(iter(days.values()), 0))
    until = _at(day, minutes, now)
    if named.isdecimal() and not days and until <= now and minutes < _NOON:
        until = _at(day, minutes + _NOON, now)  # "until 8" at three in the afternoon is the evening's
    return until if days or until > now else _at(day + timedelta(days=1), minutes, now)


def _minutes(named: str) -> int | None:
    minutes = read_time_of_day(named)
    return _hour(named) if minutes is None else minutes


def _hour(typed: str) -> int | None:
    """Minutes since midnight from an hour alone, as people say it: ``until 8``."""
    is_hour = typed.isascii() and typed.isdecimal() and len(typed) <= len("23") and int(typed) < _HOURS
    return int(typed) * 60 if is_hour else None


def _days_to(word: str, now: datetime) -> int:
    return 1 if word == "tomorrow" else (_DAYS.index(word) - now.weekday() - 1) % len(_DAYS) + 1


def _at(day: date, minutes: int, now: datetime) -> datetime:
    at = time(minutes // 60, minutes % 60)
    return datetime.combine(day, at, now.tzinfo).astimezone(UTC)

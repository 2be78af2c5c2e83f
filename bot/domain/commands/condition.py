"""An alert's condition: ``eval_loss < 1.2``, ``progress >= 80%``, ``eta < 30m``."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.domain.commands.typed import as_typed
from bot.domain.errors import NotUnderstoodError
from bot.domain.spelling import measured, one_line, typed_duration

EXAMPLE: Final = "eval_loss < 1.2"
"""Suggested where somebody has typed none that can be read."""
PROGRESS: Final = "progress"
"""In per cent."""
ETA: Final = "eta"
"""How much longer the job takes, in seconds."""

_OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_TYPED_OPERATORS: Final = str.maketrans(
    {"≤": "<=", "≥": ">=", "⩽": "<=", "⩾": ">=", "\uff1c": "<", "\uff1e": ">"}
)
"""What phones and other keyboards make of them."""
_SPELLINGS: Final = {"=<": "<=", "=>": ">="}
_MIRRORED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_KEY: Final = re.compile(r"(?:[A-Za-z0-9_]|[^\x00-\x7f\s])(?:[A-Za-z0-9_/.@:-]|[^\x00-\x7f\s]){0,79}")
"""Metrics are called what their authors call them, in any script."""
_SIGN: Final = re.compile(r"[<>=]{1,2}")
_LONGEST_KEY, _LONGEST_VALUE = 200, 60
_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_DURATION: Final = re.compile(r"(?:\d{1,9}(?:\.\d{1,9})?\s*[a-z]{1,7}\s*){1,4}", re.ASCII)
_PART: Final = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*([a-z]{1,7})", re.ASCII)
_UNITS: Final = {
    **dict.fromkeys(("d", "day", "days"), 86_400),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3_600),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
}
_LONGEST_SECONDS: Final = 366 * 86_400
_QUOTES: Final = " \t`'\"“”\u2018\u2019«»*"
_TRAILING: Final = _QUOTES + ".,;!"
_FULL: Final = 100.0
_DIGITS: Final = 12
_cut = partial(one_line, most=80)  # a line on a phone


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison. ``value`` is in per cent for `PROGRESS`, in seconds for `ETA`."""

    key: str
    operator: str
    """One of ``< > <= >=``."""
    value: float

    @property
    def text(self) -> str:
        """As it is stored and shown; `read_condition` reads it back."""
        return f"{self.key} {self.operator} {self._value_text()}"

    @property
    def is_metric(self) -> bool:
        """Whether the job's metrics have to be asked for it."""
        return self.key not in {PROGRESS, ETA}

    def holds(self, value: float) -> bool:
        """Whether this value is what is waited for."""
        return _OPERATORS[self.operator](value, self.value)

    def _value_text(self) -> str:
        if self.key == PROGRESS:
            return f"{measured(self.value, _DIGITS)}%"
        return typed_duration(self.value) if self.key == ETA else measured(self.value, _DIGITS)


def read_condition(words: str) -> Condition:
    """The condition that was typed, as Slack sends it.

    Raises:
        NotUnderstoodError: it is none; the reason says what one looks like.
    """
    typed = _typed(words)
    parts = _split(typed)
    if parts is None:
        raise _refused(typed, "After `when`, write a metric, one of < > <= >=, and a number.")
    key, sign, value = (
        parts[0].strip(_QUOTES),
        _SPELLINGS.get(parts[1], parts[1]),
        parts[2].lstrip(_QUOTES).rstrip(_TRAILING),
    )
    if sign not in _OPERATORS:
        raise _refused(typed, "The signs I know are < > <= >=.")
    if _NUMBER.fullmatch(key) and _KEY.fullmatch(value) and not _NUMBER.fullmatch(value):
        key, sign, value = value, _MIRRORED[sign], key
    if not _KEY.fullmatch(key):
        raise _refused(typed, f"“{_cut(key)}” can't be the name of a metric.")
    if key.lower() in {PROGRESS, ETA}:
        key = key.lower()
    return Condition(key, sign, _READ.get(key, _metric_value)(typed, key, sign, value))


def _split(typed: str) -> tuple[str, str, str] | None:
    """What stands before, as and behind the one sign of a comparison."""
    sign = _SIGN.search(typed)
    if sign is None:
        return None
    key, value = typed[: sign.start()].rstrip(), typed[sign.end() :].lstrip()
    is_one = 0 < len(key) <= _LONGEST_KEY and 0 < len(value) <= _LONGEST_VALUE
    return (key, sign[0], value) if is_one and _SIGN.search(value) is None else None


def _typed(words: str) -> str:
    """What the person typed: links as their words, escapes undone once, blanks as one."""
    return " ".join(as_typed(words).translate(_TYPED_OPERATORS).split()).lstrip(_QUOTES).rstrip(_TRAILING)


def _metric_value(typed: str, key: str, sign: str, value: str) -> float:
    number = _number(value)
    if number is None:
        with_point = value.replace(",", ".", 1)
        meant = f"{key} {sign} {with_point}" if _number(with_point) is not None else None
        raise _refused(typed, f"“{_cut(value)}” isn't a number. Write 1.2 or 1e-4.", meant)
    return number


def _progress_value(typed: str, key: str, sign: str, value: str) -> float:
    number = _number(value.removesuffix("%").strip())
    if number is None or not 0 <= number <= _FULL:
        raise _refused(typed, "Progress goes from 0 to 100%.", f"{key} {sign} 80%")
    if (sign, number) in {(">", _FULL), ("<", 0)}:
        raise _refused(
            typed,
            "Progress goes from 0 to 100%, so that value is never reached.",
            f"{key} {sign}= {number:g}%",
        )
    return number


def _eta_value(typed: str, key: str, sign: str, value: str) -> float:
    parts = _PART.findall(value.lower()) if _DURATION.fullmatch(value.lower()) else []
    if not parts or any(unit not in _UNITS for _, unit in parts):
        meant = f"{key} {sign} {value}m" if _number(value) is not None else f"{key} {sign} 30m"
        raise _refused(typed, "A time needs its unit: 90s, 30m, 2h or 1h30m.", meant)
    seconds = sum(float(amount) * _UNITS[unit] for amount, unit in parts)
    if not 0 < seconds <= _LONGEST_SECONDS:
        raise _refused(typed, "A time is more than zero and at most a year.", f"{key} {sign} 30m")
    return float(round(seconds)) or 1.0


_READ: Final[Mapping[str, Callable[[str, str, str, str], float]]] = {
    PROGRESS: _progress_value,
    ETA: _eta_value,
}


def _number(text: str) -> float | None:
    if not _NUMBER.fullmatch(text):
        return None
    value = float(f"{float(text):.{_DIGITS}g}")
    return value if math.isfinite(value) else None


def _refused(typed: str, reason: str, meant: str | None = None) -> NotUnderstoodError:
    return NotUnderstoodError(_cut(typed), reason, meant or EXAMPLE)

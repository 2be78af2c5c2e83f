"""The values that conditions compare with: numbers, percent, times, money."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from bot.domain.commands.conditions.condition import COST, DIGITS, ETA, GPU_HOURS, PROGRESS, QUEUED
from bot.domain.spelling import one_line

_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_DURATION: Final = re.compile(r"(?:\d{1,9}(?:\.\d{1,9})?\s*[a-z]{1,7}\s*){1,4}", re.ASCII)
_PART: Final = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*([a-z]{1,7})", re.ASCII)
_MONEY: Final = re.compile(r"([$€£¥₹])?\s*([\d.,eE+-]{1,40})\s*([A-Za-z]{3}|[$€£¥₹])?")
_UNITS: Final = {
    **dict.fromkeys(("d", "day", "days"), 86_400),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3_600),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
}
_LONGEST_SECONDS: Final = 366 * 86_400
_FULL: Final = 100.0
_GROWING: Final = frozenset({GPU_HOURS, COST, QUEUED})
"""What only grows: there is no waiting until it is less."""
_EXAMPLES: Final = {GPU_HOURS: "gpu_hours > 100", COST: "cost > 50 USD", QUEUED: "queued > 30m"}
_cut = partial(one_line, most=80)  # a line on a phone


class Refused(Exception):  # noqa: N818  (not an error of the program: it becomes a `NotUnderstoodError`)
    """A condition cannot be read: why, and one that can be."""

    def __init__(self, reason: str, meant: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.meant = meant


def read_value(key: str, sign: str, value: str) -> tuple[float, str]:
    """The number behind a comparison's sign, in the unit of `Condition.value`, and a currency or nothing.

    Raises:
        Refused: it is none, or can never be reached.
    """
    if key in _GROWING and sign in {"<", "<="}:
        msg = f"`{key}` only grows, so wait until it is more."
        raise Refused(msg, _EXAMPLES[key])
    if key == COST:
        return _money(value)
    return _READ.get(key, _metric_value)(key, sign, value), ""


def is_number(text: str) -> bool:
    """Whether this is written as a number."""
    return _NUMBER.fullmatch(text) is not None


def number(text: str) -> float | None:
    """The number this is, with as many digits as are stored; None where it is none."""
    if not is_number(text):
        return None
    value = float(f"{float(text):.{DIGITS}g}")
    return value if math.isfinite(value) else None


def _metric_value(key: str, sign: str, value: str) -> float:
    found = number(value)
    if found is None:
        with_point = value.replace(",", ".", 1)
        meant = f"{key} {sign} {with_point}" if number(with_point) is not None else None
        msg = f"“{_cut(value)}” isn't a number. Write 1.2 or 1e-4."
        raise Refused(msg, meant)
    return found


def _progress_value(key: str, sign: str, value: str) -> float:
    found = number(value.removesuffix("%").strip())
    if found is None or not 0 <= found <= _FULL:
        msg = "Progress goes from 0 to 100%."
        raise Refused(msg, f"{key} {sign} 80%")
    if (sign, found) in {(">", _FULL), ("<", 0)}:
        msg = "Progress goes from 0 to 100%, so that value is never reached."
        raise Refused(msg, f"{key} {sign}= {found:g}%")
    return found


def _duration_value(key: str, sign: str, value: str) -> float:
    parts = _PART.findall(value.lower()) if _DURATION.fullmatch(value.lower()) else []
    if not parts or any(unit not in _UNITS for _, unit in parts):
        meant = f"{key} {sign} {value}m" if number(value) is not None else f"{key} {sign} 30m"
        msg = "A time needs its unit: 90s, 30m, 2h or 1h30m."
        raise Refused(msg, meant)
    seconds = sum(float(amount) * _UNITS[unit] for amount, unit in parts)
    if not 0 < seconds <= _LONGEST_SECONDS:
        msg = "A time is more than zero and at most a year."
        raise Refused(msg, f"{key} {sign} 30m")
    return float(round(seconds)) or 1.0


def _gpu_hours_value(_key: str, _sign: str, value: str) -> float:
    bare = re.sub(r"\s*(?:h|hours?|gpu-?hours?)$", "", value, flags=re.IGNORECASE)
    found = number(bare)
    if found is None or found <= 0:
        msg = "Write how many GPU-hours, such as 100."
        raise Refused(msg, _EXAMPLES[GPU_HOURS])
    return found


def _money(value: str) -> tuple[float, str]:
    match = _MONEY.fullmatch(value)
    found = number(match[2]) if match else None
    if match is None or found is None or found <= 0 or (match[1] and match[3]):
        msg = "Write how much money, such as 50 or 50 USD."
        raise Refused(msg, _EXAMPLES[COST])
    return found, (match[1] or match[3] or "").upper()


_READ: Final[Mapping[str, Callable[[str, str, str], float]]] = {
    PROGRESS: _progress_value,
    ETA: _duration_value,
    QUEUED: _duration_value,
    GPU_HOURS: _gpu_hours_value,
}

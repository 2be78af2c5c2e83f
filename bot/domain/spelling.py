"""Numbers, durations and untrusted words as people read them in a sentence."""

from __future__ import annotations

import math
import sys
from typing import Final

DIGITS: Final = 4
"""Significant digits of a measured value."""

_LONGEST_INTEGER: Final = 10**15
_SMALLEST_DECIMAL: Final = 1e-3
_LARGEST_DECIMAL: Final = 1e6
_DIGITS: Final = 6
_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def spelled(value: float, digits: int | None = None) -> str:
    """A number as people write it: 3, 0.1, 1e-4, 2.5e-5; a word where it is none or beyond all bounds.

    Whole numbers in full; rounded before where ``digits`` are given.
    """
    if digits is not None:
        value = rounded(value, digits)
    if isinstance(value, int) and -_LONGEST_INTEGER < value < _LONGEST_INTEGER:
        return str(value)
    if abs(value) > sys.float_info.max:
        return "a very large number"
    if math.isnan(value):
        return "not a number"
    if abs(value) < _LONGEST_INTEGER and value == int(value):
        return str(int(value))
    return measured(value, _DIGITS)


def measured(value: float, digits: int = DIGITS) -> str:
    """A measured value with as many digits as count: 1.18, 0.0042, 2.5e-5, 3e8; NaN as itself."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "infinity" if value > 0 else "-infinity"
    number = rounded(value, digits)
    if number == 0 or _SMALLEST_DECIMAL <= abs(number) < _LARGEST_DECIMAL:
        return f"{number:.{digits}g}" if abs(number) < 10**digits else f"{number:.0f}"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{float(mantissa):.{digits}g}e{int(exponent)}"


def rounded(value: float, digits: int) -> float:
    """The value with so many digits that count; as it is where it would be rounded beyond all bounds."""
    number = float(f"{value:.{digits}g}")
    return number if math.isfinite(number) else value


def duration_text(seconds: float) -> str:
    """A duration in at most two units, rounded down: ``45 s``, ``2 h 5 min``, ``3 d 4 h``.

    Less than a second, and less than nothing, is ``0 s``.
    """
    amounts = _amounts(seconds)
    largest = next((at for at, (count, _) in enumerate(amounts) if count), 0)
    told = (f"{count} {unit}" for count, unit in amounts[largest : largest + 2] if count)
    return " ".join(told) or "0 s"


def typed_duration(seconds: float) -> str:
    """A duration as people type it, to the second: ``1h30m``."""
    return "".join(f"{count}{unit[0]}" for count, unit in _amounts(seconds) if count)


def _amounts(seconds: float) -> list[tuple[int, str]]:
    rest, amounts = max(0, int(seconds)), []
    for size, unit in _UNITS:
        count, rest = divmod(rest, size)
        amounts.append((count, unit))
    return amounts


def one_line(text: str, most: int) -> str:
    """The words on one line of at most so many characters; what is cut says so."""
    folded = " ".join(text.split())
    return folded if len(folded) <= most else f"{folded[: most - 1].rstrip()}…"

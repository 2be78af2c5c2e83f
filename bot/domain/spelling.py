"""Numbers as people write them."""

from __future__ import annotations

import math
import sys
from typing import Final

_LONGEST_INTEGER: Final = 10**15
_SMALLEST_DECIMAL: Final = 1e-3
_LARGEST_DECIMAL: Final = 1e6


def spelled(value: float) -> str:
    """A number as people write it: 3, 0.1, 1e-4, 2.5e-5; a word where it is none or beyond all bounds."""
    if isinstance(value, int) and -_LONGEST_INTEGER < value < _LONGEST_INTEGER:
        return str(value)
    if abs(value) > sys.float_info.max:
        return "a very large number"
    if math.isnan(value):
        return "not a number"
    if abs(value) < _LONGEST_INTEGER and value == int(value):
        return str(int(value))
    if _SMALLEST_DECIMAL <= abs(value) < _LARGEST_DECIMAL:
        return f"{value:g}"
    digits, exponent = f"{float(value):.5e}".split("e")
    return f"{float(digits):g}e{int(exponent)}"

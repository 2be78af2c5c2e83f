"""A measured value as people read it in a sentence."""

from __future__ import annotations

import math
from typing import Final

_SMALLEST_DECIMAL: Final = 1e-3
_LARGEST_DECIMAL: Final = 1e6


def measured(value: float, digits: int = 4) -> str:
    """With as many digits as count: 1.18, 0.0042, 2.5e-5, 3e8; NaN as itself."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "infinity" if value > 0 else "-infinity"
    rounded = float(f"{value:.{digits}g}")
    if rounded == 0 or _SMALLEST_DECIMAL <= abs(rounded) < _LARGEST_DECIMAL:
        return f"{rounded:.{digits}g}" if abs(rounded) < 10**digits else f"{rounded:.0f}"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{float(mantissa):.{digits}g}e{int(exponent)}"

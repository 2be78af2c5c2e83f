"""What a run costs, where the operator says what a GPU-hour does."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_PRICE: Final = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*([A-Z]{3}|[$€£¥₹])?")
SIGNS: Final = frozenset("$€£¥₹")
"""Of currencies, which stand before an amount."""
_TENTH: Final = 0.1
_MOST_DECIMALS: Final = 12
_NO_NAME: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, and what of where that is known."""

    amount: float
    currency: str = ""
    """Three letters or a sign, as the operator wrote it."""

    def __str__(self) -> str:
        """With two decimals, or with as many as show an amount that is that small: $2.49, 0.000012 USD."""
        shown = f"{self.amount:,.{_decimals(self.amount)}f}"
        return f"{self.currency}{shown}" if self.currency in SIGNS else f"{shown} {self.currency}".rstrip()


def _decimals(amount: float) -> int:
    if amount >= _TENTH or amount <= 0:
        return 2
    return min(max(4, 1 - math.floor(math.log10(amount))), _MOST_DECIMALS)


def read_price(text: str) -> Money:
    """A price such as ``2.49``, ``2.49 USD`` or ``2.49 €``.

    Raises:
        ValueError: it is none.
    """
    match = _PRICE.fullmatch(text.strip())
    if match is None:
        msg = "must be a price of one GPU-hour, such as 2.49 or 2.49 USD"
        raise ValueError(msg)
    return Money(float(match[1]), match[2] or "")


def type_name(gpu_type: str) -> str:
    """A type of GPU as it stands in a setting's name, in lower case: ``rtx_4090`` for ``RTX-4090``."""
    return _NO_NAME.sub("_", gpu_type.lower()).strip("_")


def cost(gpu_type: str | None, gpu_hours: float | None, prices: Mapping[str, Money]) -> Money | None:
    """What so many GPU-hours cost, by the prices of each `type_name`; None where one of them is unknown."""
    price = prices.get(type_name(gpu_type or ""))
    if price is None or gpu_hours is None or not math.isfinite(gpu_hours):
        return None
    return Money(price.amount * gpu_hours, price.currency)

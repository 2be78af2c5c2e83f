"""``Retry-After``, as whoever is asked too often writes it. Pure.

Source: RFC 9110, 10.2.3: a number of seconds, or an HTTP date.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_SECONDS: Final = 900.0
"""Nothing waits longer, whatever it says: one senseless answer must not close a door for a day."""

_NUMBER: Final = re.compile(r"\d+(\.\d*)?(e\+?\d+)?|inf(inity)?", re.ASCII | re.IGNORECASE)
_MOST_CHARACTERS: Final = 64


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """How long to wait, and whether that is less than was asked for."""

    seconds: float
    is_cut: bool = False


def read_retry_after(value: str, now: datetime) -> RetryAfter | None:
    """What the header asks for, from zero to `LONGEST_SECONDS`; None where it says nothing that can be read.

    A number beyond all sense, such as ``1e12`` or ``inf``, still says "not soon". ``now`` is aware.
    """
    value = value.strip()[:_MOST_CHARACTERS]
    seconds = float(value) if _NUMBER.fullmatch(value) else _seconds_until(value, now)
    if seconds is None or math.isnan(seconds):
        return None
    return RetryAfter(min(LONGEST_SECONDS, max(0.0, seconds)), is_cut=seconds > LONGEST_SECONDS)


def _seconds_until(http_date: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(http_date)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return (moment - now).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None

"""Whether to ask again, and when: decided from values, so that every case can be tested at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.errors import RateLimitedError, TrainingApiError, UnreachableError, UpstreamFailedError
from bot.domain.retry_after import read_retry_after

BUDGET_SECONDS = 8.0
"""From the question to its answer, whatever happens in between: waiting, retries, slow bodies."""
RETRIES = 2
"""A GET is asked at most this often again."""

_BACKOFF_SECONDS = (0.25, 0.75)
_JITTER_SECONDS = 0.25
_SHORTEST_ATTEMPT_SECONDS = 0.5
_PASSING_STATUS = frozenset({502, 503, 504})


def retry_decision(
    attempt: int, error: TrainingApiError, remaining: float, retry_after: float | None, jitter: float
) -> float | None:
    """Seconds to wait before asking again, or ``None`` to give up with ``error``.

    ``attempt`` counts from 0, ``remaining`` is what is left of the budget in seconds, ``retry_after`` the
    wait the answer asked for, ``jitter`` a random number from 0 to 1 that spreads those who failed together.

    Asked again: no connection, a connection lost, 429, 502, 503 and 504. Not asked again: a 500, which is the
    documented failure of the API itself; and a read time-out, which has used 5 s of the 8 s and would load a
    server that is already late. A wait that does not leave time for one more attempt is not begun.
    """
    if attempt >= RETRIES or not _is_passing(error):
        return None
    backoff = _BACKOFF_SECONDS[attempt] * (0.5 + jitter / 2)
    delay = backoff if retry_after is None else retry_after + jitter * _JITTER_SECONDS
    return delay if delay + _SHORTEST_ATTEMPT_SECONDS <= remaining else None


def _is_passing(error: TrainingApiError) -> bool:
    if isinstance(error, UpstreamFailedError):
        return error.status in _PASSING_STATUS
    if isinstance(error, RateLimitedError):
        return error.status is not None  # our own queue has already waited as long as it may
    return isinstance(error, UnreachableError)


def retry_after_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """How long an answer asks to be left alone, if it does; see `bot.domain.retry_after`."""
    pause = read_retry_after(headers.get("retry-after", ""), now)
    return None if pause is None else pause.seconds

"""When a failed call to Slack may be tried again. Pure: decisions as values."""

from __future__ import annotations

from bot.domain.errors import SlackError, SlackLimitedError, SlackPassingError

MAX_ATTEMPTS = 4
BASE_PAUSE_SECONDS = 0.5
PATIENCE_SECONDS = 60.0
"""How long a person's answer may be held back in all by waits that Slack asked for."""


def pause_before_retry(
    error: SlackError,
    *,
    attempt: int,
    waited_seconds: float,
    jitter: float,
    patience_seconds: float = PATIENCE_SECONDS,
) -> float | None:
    """Seconds to wait before the next attempt, or None to give up.

    Args:
        error: what the last attempt met.
        attempt: how many attempts were made, from 1.
        waited_seconds: the waits so far.
        jitter: a random number from 0 to 1, so that many callers do not come back together.
        patience_seconds: the limit on the waits of one call.
    """
    if attempt >= MAX_ATTEMPTS:
        return None
    if isinstance(error, SlackLimitedError):
        pause = error.retry_after_seconds + jitter * BASE_PAUSE_SECONDS
    elif isinstance(error, SlackPassingError):
        pause = BASE_PAUSE_SECONDS * 2 ** (attempt - 1) * (0.5 + jitter)
    else:
        return None
    return pause if waited_seconds + pause <= patience_seconds else None

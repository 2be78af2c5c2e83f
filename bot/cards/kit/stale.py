"""What went wrong with the training suite, in plain words, for cards that show an earlier answer."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.cards.kit.text import date
from bot.domain.errors import (
    KeyRejectedError,
    RateLimitedError,
    TrainingApiError,
    UnreachableError,
    UnreadableError,
    UpstreamFailedError,
    UpstreamTimeoutError,
)
from bot.domain.job.forecast import duration_text

_REASONS: Final[dict[type[TrainingApiError], str]] = {
    KeyRejectedError: "the training suite refuses the bot's key",
    RateLimitedError: "the training suite is being asked too often",
    UpstreamFailedError: "the training suite has a problem",
    UpstreamTimeoutError: "the training suite does not answer in time",
    UnreachableError: "the training suite cannot be reached",
    UnreadableError: "the training suite's answer cannot be read",
}


def stale_warning(failure: TrainingApiError, fetched_at: datetime, now: datetime) -> str:
    """Says that the card is old, how old, and why; ``mrkdwn``."""
    reason = _REASONS.get(type(failure), "the training suite gives no answer")
    return f"⚠️ *Not current:* {reason}. This is from {age(fetched_at, now)} ago ({date(fetched_at)})."


def age(fetched_at: datetime, now: datetime) -> str:
    """How old an answer is, in words."""
    return duration_text((now - fetched_at).total_seconds())

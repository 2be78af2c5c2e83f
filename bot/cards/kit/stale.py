"""What went wrong with Simplismart, in plain words, for cards that show an earlier answer."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.cards.kit.text import date
from bot.cards.kit.timing import clock
from bot.domain.errors import (
    KeyRejectedError,
    RateLimitedError,
    TrainingApiError,
    UnreachableError,
    UnreadableError,
    UpstreamFailedError,
    UpstreamTimeoutError,
)
from bot.domain.spelling import duration_text

_REASONS: Final[dict[type[TrainingApiError], str]] = {
    KeyRejectedError: "Simplismart rejects the bot's API key",
    RateLimitedError: "Simplismart is limiting requests",
    UpstreamFailedError: "Simplismart has a problem",
    UpstreamTimeoutError: "Simplismart isn't answering in time",
    UnreachableError: "Simplismart can't be reached",
    UnreadableError: "Simplismart's answer can't be read",
}


def stale_warning(failure: TrainingApiError, fetched_at: datetime, now: datetime) -> str:
    """Says that the card is old, how old, and why; ``mrkdwn``."""
    return (
        f"⚠️ *Not current:* {_reason(failure)}. This is from {age(fetched_at, now)} ago ({date(fetched_at)})."
    )


def age(fetched_at: datetime, now: datetime) -> str:
    """How old an answer is, in words."""
    return duration_text((now - fetched_at).total_seconds())


def stale_lines(failure: TrainingApiError, fetched_at: datetime, now: datetime) -> str:
    """What stands above an earlier answer: why it is one, and from when; ``mrkdwn``."""
    return f"⚠️ *{_reason(failure)}.*\nLast known state, from {clock(fetched_at, now)}:"


def _reason(failure: TrainingApiError) -> str:
    return _REASONS.get(type(failure), "Simplismart isn't answering")

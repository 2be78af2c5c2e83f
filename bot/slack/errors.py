"""Slack's error codes, sorted by what can be done about them.

Sources: the "Errors" table of each Web API method, and "Rate limits", in Slack's reference.
"""

from __future__ import annotations

from bot.domain.errors import (
    SlackError,
    SlackGoneError,
    SlackLimitedError,
    SlackPassingError,
    SlackPermanentError,
)

REVOKED = frozenset(
    {
        "account_inactive",
        "app_uninstalled",
        "invalid_auth",
        "not_authed",
        "token_expired",
        "token_revoked",
    },
)
"""The token is no good: every call will fail until the operator acts."""

GONE = frozenset(
    {
        "cant_update_message",
        "edit_window_closed",
        "exchanged_trigger_id",
        "expired_trigger_id",
        "expired_url",
        "invalid_trigger_id",
        "message_not_found",
        "not_found",
        "thread_not_found",
        "trigger_exchanged",
        "trigger_expired",
        "used_url",
        "view_not_found",
    },
)
"""What the call was for is no more."""

LIMITED = frozenset({"message_limit_exceeded", "rate_limited", "ratelimited"})
"""Too many calls."""

PASSING = frozenset(
    {
        "fatal_error",
        "internal_error",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
        "http_error",
        "timeout",
        "no_connection",
    },
)
"""May work later; the last three are our names for failures below the API."""


def slack_error(code: str, *, detail: str = "", retry_after_seconds: float = 1.0) -> SlackError:
    """The typed error for Slack's ``code``; a code nobody listed counts as permanent."""
    if code in LIMITED:
        return SlackLimitedError(detail, slack_code=code, retry_after_seconds=retry_after_seconds)
    if code in PASSING:
        return SlackPassingError(detail, slack_code=code)
    if code in GONE:
        return SlackGoneError(detail, slack_code=code)
    return SlackPermanentError(detail, slack_code=code)

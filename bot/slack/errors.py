"""Slack's error codes, sorted by what can be done about them.

Sources: the "Errors" table of each Web API method, and "Rate limits", in Slack's reference.
"""

from __future__ import annotations

from bot.domain.errors import (
    SlackConversationError,
    SlackError,
    SlackGoneError,
    SlackLimitedError,
    SlackPassingError,
    SlackPermanentError,
    SlackRevokedError,
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

CLOSED = frozenset(
    {
        "access_denied",
        "cannot_dm_bot",
        "channel_is_archived",
        "channel_not_found",
        "channel_type_not_supported",
        "ekm_access_denied",
        "is_archived",
        "is_inactive",
        "messages_tab_disabled",
        "not_in_channel",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "team_access_not_granted",
        "team_not_found",
        "user_disabled",
    },
)
"""The bot may not write in this conversation, whatever it writes; an admin or ``/invite`` may change it."""

GONE = frozenset(
    {
        "cannot_reply_to_message",
        "cant_update_message",
        "edit_window_closed",
        "exchanged_trigger_id",
        "expired_trigger_id",
        "expired_url",
        "invalid_trigger_id",
        "message_not_found",
        "no_service",
        "not_found",
        "restricted_action_thread_locked",
        "thread_locked",
        "thread_not_found",
        "trigger_exchanged",
        "trigger_expired",
        "used_url",
        "view_not_found",
    },
)
"""What the call was for is no more, or takes no more; the rest of the conversation is not concerned."""

LIMITED = frozenset({"message_limit_exceeded", "rate_limited", "ratelimited"})
"""Too many calls."""

NOT_YET = frozenset({"no_connection", "org_login_required", "request_timeout", "team_added_to_org"})
"""May work later, and surely was not done: there was no connection, or Slack did not read the request."""

PASSING = NOT_YET | frozenset(
    {
        "fatal_error",
        "internal_error",
        "service_unavailable",
        "http_error",
        "timeout",
        "connection_lost",
    },
)
"""May work later. The last three and ``no_connection`` are our names for failures below the API."""


def slack_error(
    code: str, *, detail: str = "", retry_after_seconds: float = 1.0, is_unseen: bool = False
) -> SlackError:
    """The typed error for Slack's ``code``; a code nobody listed counts as permanent.

    ``is_unseen``: what was asked for is nothing that could be seen to have happened.
    """
    if code in LIMITED:
        return SlackLimitedError(detail, slack_code=code, retry_after_seconds=retry_after_seconds)
    if code in PASSING:
        surely_not = is_unseen or code in NOT_YET
        return SlackPassingError(detail, slack_code=code, may_have_happened=not surely_not)
    if code in GONE:
        return SlackGoneError(detail, slack_code=code)
    if code in CLOSED:
        return SlackConversationError(detail, slack_code=code)
    if code in REVOKED:
        return SlackRevokedError(detail, slack_code=code)
    return SlackPermanentError(detail, slack_code=code)

"""Slack's error codes, sorted by what can be done about them; each is in one class.

Sources: the "Errors" table of each Web API method, and "Rate limits", in Slack's reference. A test compares
them with what the methods that are called list.
"""

from __future__ import annotations

from bot.domain.errors import (
    SlackConversationError,
    SlackError,
    SlackGoneError,
    SlackLimitedError,
    SlackPassingError,
    SlackPermanentError,
    SlackPermissionError,
    SlackPersonError,
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

PERMISSION = frozenset(
    {
        "accesslimited",
        "app_access_restricted",
        "cannot_auth_user",
        "cannot_find_service",
        "enterprise_is_restricted",
        "is_bot",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_enabled",
        "plan_upgrade_required",
        "send_on_behalf_not_allowed",
        "slack_connect_blocked_file_type",
        "slack_connect_canvas_sharing_blocked",
        "slack_connect_clip_sharing_blocked",
        "slack_connect_file_link_sharing_blocked",
        "slack_connect_file_upload_sharing_blocked",
        "slack_connect_lists_sharing_blocked",
        "two_factor_setup_required",
    },
)
"""The app lacks a scope, or the workspace's settings keep it out: an admin can change that."""

PERSON = frozenset(
    {
        "cannot_dm_bot",
        "invalid_user_combination",
        "messages_tab_disabled",
        "user_disabled",
        "user_not_found",
        "user_not_in_channel",
        "user_not_visible",
    },
)
"""This person cannot be written to, whatever it is."""

CLOSED = frozenset(
    {
        "access_denied",
        "action_prohibited",
        "cannot_find_channel",
        "channel_is_archived",
        "channel_is_limited_access",
        "channel_not_found",
        "channel_type_not_supported",
        "ekm_access_denied",
        "is_archived",
        "is_inactive",
        "method_not_supported_for_channel_type",
        "not_in_channel",
        "posting_to_channel_denied",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "team_access_not_granted",
        "team_not_found",
    },
)
"""The bot can't write in this conversation, whatever it writes; an admin or ``/invite`` may change it."""

GONE = frozenset(
    {
        "already_reacted",
        "cannot_find_message",
        "cannot_prompt",
        "cannot_reply_to_message",
        "cannot_unfurl_message",
        "cannot_unfurl_url",
        "cant_delete_message",
        "cant_update_message",
        "edit_window_closed",
        "exchanged_trigger_id",
        "expired_trigger_id",
        "expired_url",
        "hash_conflict",
        "invalid_trigger_id",
        "invalid_unfurl_id",
        "message_not_found",
        "no_access",
        "no_service",
        "no_such_subteam",
        "not_found",
        "not_reactable",
        "restricted_action_thread_locked",
        "thread_locked",
        "thread_not_found",
        "too_many_emoji",
        "too_many_reactions",
        "trigger_exchanged",
        "trigger_expired",
        "used_url",
        "view_not_found",
    },
)
"""What the call was for is no more, or takes no more; the rest of the conversation is not concerned."""

LIMITED = frozenset({"message_limit_exceeded", "rate_limited", "ratelimited"})
"""Too many calls."""

NOT_YET = frozenset(
    {
        "external_channel_migrating",
        "no_connection",
        "org_login_required",
        "request_timeout",
        "streaming_state_conflict",
        "team_added_to_org",
    }
)
"""May work later, and surely was not done: there was no connection, or Slack did not read the request."""

PASSING = NOT_YET | frozenset(
    {
        "fatal_error",
        "fetch_members_failed",
        "internal_error",
        "list_record_comment_fetch_failed",
        "service_unavailable",
        "update_failed",
        "http_error",
        "timeout",
        "connection_lost",
    },
)
"""May work later. The last three and ``no_connection`` are our names for failures below the API."""


def slack_error(
    code: str,
    *,
    detail: str = "",
    retry_after_seconds: float = 1.0,
    is_unseen: bool = False,
    needed: str = "",
) -> SlackError:
    """The typed error for Slack's ``code``; a code nobody listed counts as permanent, like a fault of ours.

    ``is_unseen``: what was asked for is nothing that could be seen to have happened. ``needed`` is the scope
    that Slack asks for.
    """
    if code in LIMITED:
        return SlackLimitedError(detail, slack_code=code, retry_after_seconds=retry_after_seconds)
    if code in PASSING:
        surely_not = is_unseen or code in NOT_YET
        return SlackPassingError(detail, slack_code=code, may_have_happened=not surely_not)
    if code in PERMISSION:
        return SlackPermissionError(detail, slack_code=code, needed=needed)
    kinds = ((GONE, SlackGoneError), (PERSON, SlackPersonError), (CLOSED, SlackConversationError))
    found = (kind for codes, kind in (*kinds, (REVOKED, SlackRevokedError)) if code in codes)
    return next(found, SlackPermanentError)(detail, slack_code=code)

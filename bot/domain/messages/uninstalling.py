"""Whether what Slack tells ends our installation: the app was uninstalled, or the bot's token revoked. Pure.

Such an event names the workspace it is about, no person. Other workspaces of an organisation may have the app
with tokens of their own, and most tokens that are revoked are people's.

Sources: https://docs.slack.dev/reference/events/app_uninstalled, …/tokens_revoked
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from bot.domain.messages.installation import Body, Installation, kind_of

APP_UNINSTALLED: Final = "app_uninstalled"
TOKENS_REVOKED: Final = "tokens_revoked"
TOKEN_REVOKED: Final = "token_revoked"  # noqa: S105  (the word for it)
"""Slack's error code for a token that was revoked; the event is in the plural."""


def end_of(body: Body, installation: Installation) -> str | None:
    """Why our installation is over, as Slack's error code; None where it goes on."""
    if about(body) != installation.home_id:
        return None
    kind, event = kind_of(body), body.get("event")
    if kind == APP_UNINSTALLED:
        return APP_UNINSTALLED
    tokens = event.get("tokens") if isinstance(event, dict) else None
    bots = tokens.get("bot") if isinstance(tokens, dict) else None
    is_ours = kind == TOKENS_REVOKED and isinstance(bots, list) and installation.bot_user_id in bots
    return TOKEN_REVOKED if is_ours and installation.bot_user_id else None


def told_at(body: Body) -> datetime | None:
    """When it happened, by Slack's clock; None where that is not said."""
    seconds = body.get("event_time")
    try:
        return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None
    except (ValueError, OverflowError, OSError):
        return None


def about(body: Body) -> str:
    """The workspace, or the organisation where the app was installed for all of it."""
    return str(body.get("team_id") or body.get("enterprise_id") or "")

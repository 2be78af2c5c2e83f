"""Every method: its rate, the scope it needs, the kind of token it takes, what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.playground.workspace.methods import account, chat, conversations, history, views
from bot.playground.workspace.rates import PER_CHANNEL, SPECIAL, TIER_1, TIER_2, TIER_3, TIER_4
from bot.playground.workspace.world import World


@dataclass(frozen=True, slots=True)
class Method:
    """One Web API method."""

    run: Callable[[World, Mapping[str, Any]], Mapping[str, Any]]
    rate: tuple[int, float]
    scope: str | None = None
    is_per_channel: bool = False
    takes_app_token: bool = False
    is_open: bool = False
    """Whether it answers without any token."""
    is_history: bool = False
    """Whether some apps may call it once a minute only."""


METHODS: Final[Mapping[str, Method]] = {
    "api.test": Method(account.api_test, TIER_4, is_open=True),
    "auth.test": Method(account.auth_test, SPECIAL),
    "auth.revoke": Method(account.auth_revoke, TIER_3),
    "oauth.v2.access": Method(account.oauth_access, TIER_4, is_open=True),
    "apps.connections.open": Method(account.connections_open, TIER_1, takes_app_token=True),
    "blocks.validate": Method(account.blocks_validate, SPECIAL),
    "users.info": Method(account.users_info, TIER_4, "users:read"),
    "usergroups.list": Method(account.groups, TIER_2, "usergroups:read"),
    "usergroups.users.list": Method(account.group_users, TIER_2, "usergroups:read"),
    "chat.postMessage": Method(chat.post_message, PER_CHANNEL, "chat:write", is_per_channel=True),
    "chat.postEphemeral": Method(chat.post_ephemeral, TIER_4, "chat:write"),
    "chat.update": Method(chat.update, TIER_3, "chat:write"),
    "chat.delete": Method(chat.delete, TIER_3, "chat:write"),
    "chat.unfurl": Method(chat.unfurl, TIER_3, "links:write"),
    "chat.getPermalink": Method(chat.get_permalink, SPECIAL),
    "conversations.history": Method(history.history, TIER_3, is_history=True),
    "conversations.replies": Method(history.replies, TIER_3, is_history=True),
    "conversations.info": Method(conversations.info, TIER_3),
    "conversations.members": Method(conversations.members, TIER_4),
    "conversations.open": Method(conversations.open_, TIER_3, "im:write"),
    "reactions.add": Method(chat.react, TIER_3, "reactions:write"),
    "views.open": Method(views.open_, TIER_4),
    "views.update": Method(views.update, TIER_4),
    "views.publish": Method(views.publish, TIER_4),
}

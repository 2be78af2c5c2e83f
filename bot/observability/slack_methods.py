"""The methods of Slack's Web API that the bot calls, by which a metric may tell them apart."""

from __future__ import annotations

from typing import Final

RESPONSE_URL: Final = "response_url"
"""Not a method: the address that takes the answers to one delivery."""
SLACK_METHODS: Final = frozenset(
    {
        RESPONSE_URL,
        "apps.connections.open",
        "auth.revoke",
        "auth.test",
        "blocks.validate",
        "chat.delete",
        "chat.getPermalink",
        "chat.postEphemeral",
        "chat.postMessage",
        "chat.unfurl",
        "chat.update",
        "conversations.history",
        "conversations.info",
        "conversations.members",
        "conversations.open",
        "conversations.replies",
        "oauth.v2.access",
        "reactions.add",
        "users.info",
        "views.open",
        "views.publish",
        "views.update",
    }
)

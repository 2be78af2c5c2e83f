"""What labels may say, where that is more than an enum of the port: all of it is known beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.domain.errors import JobBotError, TrainingApiError

OTHER: Final = "other"
"""Whatever else comes."""

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
"""The methods of Slack's Web API that the bot calls."""


def _codes(error: type[JobBotError]) -> Iterator[str]:
    yield error.code
    for each in error.__subclasses__():
        yield from _codes(each)


API_OUTCOMES: Final = frozenset({"ok", *_codes(TrainingApiError)})
"""What a request to Simplismart comes to."""

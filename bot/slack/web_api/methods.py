"""The next step after a call to Slack whose answer is lost, and what has one rate limit, by method. Pure.

A method that is in neither set is one of which two are one too many: a message, a window. Whoever adds one
here says why a second call does no harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

UNSEEN: Final = frozenset(
    {
        "apps.connections.open",
        "auth.test",
        "blocks.validate",
        "chat.getPermalink",
        "conversations.history",
        "conversations.info",
        "conversations.members",
        "conversations.open",
        "conversations.replies",
        "usergroups.list",
        "usergroups.users.list",
        "users.info",
    }
)
"""Nobody sees whether these were done."""

REPEATABLE: Final = UNSEEN | frozenset(
    {"chat.delete", "chat.unfurl", "chat.update", "reactions.add", "views.publish", "views.update"}
)
"""Doing these twice is doing them once."""

PER_CHANNEL: Final = frozenset({"chat.postMessage"})
"""Each channel has a limit of its own for these. Of every other one the whole workspace has one.

Source: https://docs.slack.dev/apis/web-api/rate-limits
"""


def is_repeatable_response(body: Mapping[str, Any]) -> bool:
    """Whether a ``response_url`` may be posted to again: the same card in the same place, or none there."""
    return body.get("replace_original") is True or body.get("delete_original") is True

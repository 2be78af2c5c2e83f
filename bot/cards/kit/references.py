"""People, conversations and messages, as Slack writes them in ``mrkdwn``; nothing else gets through."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.cards.kit.text import escape

_PERSON: Final = re.compile(r"[UW][A-Z0-9]{2,20}")
_GROUP: Final = re.compile(r"S[A-Z0-9]{2,30}")
_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]{2,20}")
_DIRECT_MESSAGE: Final = re.compile(r"D[A-Z0-9]{2,20}")
_MESSAGE: Final = re.compile(
    r"https?://[\w.:-]{1,255}/archives/[A-Z0-9]{2,30}/p\d{1,20}(?:\?[\w.&=-]{1,200})?", re.ASCII
)
"""A permalink: https://docs.slack.dev/reference/methods/chat.getPermalink."""
_MOST_PEOPLE: Final = 20


def person(user_id: str | None) -> str:
    """A mention; empty for what is no user id."""
    return f"<@{user_id}>" if user_id and _PERSON.fullmatch(user_id) else ""


def group(group_id: str) -> str:
    """A mention of a user group; empty for what is no ID of one."""
    return f"<!subteam^{group_id}>" if _GROUP.fullmatch(group_id) else ""


def people(user_ids: Sequence[str]) -> str:
    """Mentions of the first 20, each once, and how many more there are."""
    known = list(dict.fromkeys(filter(None, map(person, user_ids))))
    more = len(known) - _MOST_PEOPLE
    return " ".join(known[:_MOST_PEOPLE]) + (f" and {more:,} more" if more > 0 else "")


def place(channel_id: str) -> str:
    """Where a conversation is; empty for what is no id of one."""
    if _CHANNEL.fullmatch(channel_id):
        return f"<#{channel_id}>"
    return "a direct message" if _DIRECT_MESSAGE.fullmatch(channel_id) else ""


def link(address: str | None, label: str) -> str:
    """A link to a message under our own words; the words alone where the address is none."""
    return f"<{escape(address)}|{label}>" if address and _MESSAGE.fullmatch(address) else label

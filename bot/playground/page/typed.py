"""What people type, as Slack's clients send it on."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.playground.workspace import User

_ADDRESS = re.compile(r"https?://[^\s<>|`\"]+[^\s<>|`\".,;:!?)\]']")
_SPECIAL = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def as_sent(text: str, people: Iterable[User]) -> str:
    """Escape markup, turn addresses into links and ``@name`` of these people into mentions."""
    sent = _ADDRESS.sub(
        lambda found: f"<{found[0]}>", re.sub(r"[&<>]", lambda found: _SPECIAL[found[0]], text)
    )
    for user in people:
        name = rf"(?<![\w@/.])@{re.escape(user.name)}(?![\w-])"
        sent = re.sub(name, f"<@{user.id}>", sent, flags=re.IGNORECASE)
    return sent

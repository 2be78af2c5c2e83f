"""What people type, as Slack's clients send it on."""

from __future__ import annotations

import re

from bot.playground.workspace import User

_ADDRESS = re.compile(r"https?://[^\s<>|`\"]+[^\s<>|`\".,;:!?)\]']")
_SPECIAL = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def as_sent(text: str, bot: User) -> str:
    """Escape markup, turn addresses into links and ``@name`` of the bot into its mention."""
    escaped = re.sub(r"[&<>]", lambda found: _SPECIAL[found[0]], text)
    linked = _ADDRESS.sub(lambda found: f"<{found[0]}>", escaped)
    return re.sub(
        rf"(?<![\w@/.])@{re.escape(bot.name)}(?![\w-])", f"<@{bot.id}>", linked, flags=re.IGNORECASE
    )

"""Deliveries seen before. Slack repeats events up to three times and takes replays for 5 minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cachetools import TTLCache

from bot.domain.ports import Clock

REMEMBERED = 20_000
REMEMBERED_SECONDS = 15 * 60.0
"""Longer than Slack's last repeat (5 minutes after the first delivery) and than a signature lives."""


class Repeats:
    """Remembers deliveries by what Slack says is unique of each; bounded in number and in time."""

    def __init__(self, clock: Clock) -> None:
        self._seen: TTLCache[str, None] = TTLCache(REMEMBERED, REMEMBERED_SECONDS, timer=clock.monotonic)

    def is_repeat(self, body: Mapping[str, Any]) -> bool:
        """Whether this delivery was seen before; from now on it was."""
        key = body.get("event_id") or body.get("trigger_id")
        if not isinstance(key, str):
            return False
        if key in self._seen:
            return True
        self._seen[key] = None
        return False

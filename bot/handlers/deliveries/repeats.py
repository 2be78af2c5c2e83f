"""The first, cheap look for what was delivered before: to this process, a moment ago."""

from __future__ import annotations

from cachetools import TTLCache

from bot.domain.ports import Clock

REMEMBERED = 20_000
REMEMBERED_SECONDS = 15 * 60.0
"""Longer than Slack's last repeat (5 minutes after the first delivery) and than a signature lives."""


class Repeats:
    """Remembers deliveries by their keys; bounded in number and in time. The database has the last word."""

    def __init__(self, clock: Clock) -> None:
        self._seen: TTLCache[str, int] = TTLCache(REMEMBERED, REMEMBERED_SECONDS, timer=clock.monotonic)

    def is_repeat(self, key: str | None, rank: int = 0) -> bool:
        """Whether it was seen before, with as much in it; from now on it was. Without a key it never was."""
        if key is None:
            return False
        seen = self._seen.get(key)
        if seen is not None and seen >= rank:
            return True
        self._seen[key] = rank
        return False

"""Log lines that strangers can cause: however many they cause, one a minute is written."""

from __future__ import annotations

import structlog

from bot.domain.ports import Clock

LOG_SECONDS = 60.0


class LimitedLog:
    """Writes the first line of its kind, then at most one in `LOG_SECONDS`, with how many there were."""

    def __init__(self, name: str, clock: Clock) -> None:
        self._log = structlog.stdlib.get_logger(name)
        self._clock = clock
        self._next_at: dict[str, float] = {}
        self._counts: dict[str, int] = {}

    def warning(self, event: str, *, kind: str = "", **fields: object) -> None:
        """Count one; write the line if it is time. ``kind`` tells apart what has one ``event``.

        Both are ours, never words of a request, so that they are few.
        """
        key = f"{event}\n{kind}"
        self._counts[key] = self._counts.get(key, 0) + 1
        now = self._clock.monotonic()
        if now < self._next_at.get(key, now):
            return
        self._next_at[key] = now + LOG_SECONDS
        self._log.warning(event, **fields, times=self._counts.pop(key))

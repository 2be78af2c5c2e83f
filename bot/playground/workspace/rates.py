"""How often each method may be called, as windows on a clock.

Source: https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque

from bot.domain.ports import Clock
from bot.playground.workspace.refusal import RateLimit

TIER_1, TIER_2, TIER_3, TIER_4 = (1, 60.0), (20, 60.0), (50, 60.0), (100, 60.0)
"""Calls, in so many seconds."""
PER_CHANNEL = (1, 1.0)
SPECIAL = (600, 60.0)
FEW_READS = (1, 60.0)
"""Of a conversation's history, by an app that is sold outside the Marketplace."""

_MOST_WINDOWS = 10_000


class Rates:
    """One window for each (method, channel); `enabled` off lets everything through, for load tests."""

    def __init__(self, clock: Clock) -> None:
        self.enabled = True
        self._clock = clock
        self._windows: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def take(self, method: str, channel_id: str, rate: tuple[int, float]) -> None:
        """Count one call.

        Raises:
            RateLimit: the window is full; the call does not count.
        """
        if not self.enabled:
            return
        most, seconds = rate
        window = self._window(method, channel_id)
        now = self._clock.monotonic()
        while window and now - window[0] >= seconds:
            window.popleft()
        if len(window) >= most:
            raise RateLimit(max(1, math.ceil(window[0] + seconds - now)))
        window.append(now)

    def _window(self, method: str, channel_id: str) -> deque[float]:
        window = self._windows.setdefault((method, channel_id), deque())
        self._windows.move_to_end((method, channel_id))
        if len(self._windows) > _MOST_WINDOWS:
            self._windows.popitem(last=False)
        return window

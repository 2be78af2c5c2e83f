"""A clock that shows the event loop's time, which passes only while nobody works (`tests.resting_loop`)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

START: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class LoopClock:
    """Implements `bot.domain.ports.Clock`."""

    def now(self) -> datetime:
        """Its time of day."""
        return START + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Its seconds."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Wait for them."""
        await asyncio.sleep(max(0.0, seconds))

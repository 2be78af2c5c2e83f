"""Who the bot is in Slack, as a test wants it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.messages.installation import Installation


@dataclass
class Login:
    """A bot that Slack has told its name, and with ``installation`` its home."""

    installation: Installation = field(default_factory=Installation)
    bot_name: str = "jobbot"
    reasons: list[str] = field(default_factory=list)
    """Why the token is no good any more."""
    came_later: Callable[[datetime], Awaitable[bool]] | None = None

    async def soon(self) -> Installation:
        """As the port says."""
        return self.installation

    def refused(self, reason: str) -> datetime | None:
        """As the port says."""
        self.reasons.append(reason)
        return None

    async def outlives(self, at: datetime) -> bool:
        """As the port says."""
        return self.came_later is not None and await self.came_later(at)

    async def is_refused(self) -> bool:
        """As the port says."""
        return bool(self.reasons)

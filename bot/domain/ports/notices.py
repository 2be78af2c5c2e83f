"""What the database remembers of what is said once, about the API key and to newcomers, and of pauses."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.key_expiry import KeyNotice


class KeyNoticeStore(Protocol):
    """Asked by whoever watches over the key."""

    async def notify_of_key(self, notice: KeyNotice, team_id: str, channel_id: str, now: datetime) -> bool:
        """Put the message into the outbox, once for this notice, whichever process is first; False if it was.

        What was told is remembered for longer than the notice is due.
        """
        ...

    async def was_notified_of_key(self, notice: KeyNotice) -> bool:
        """Whether it is in the outbox, or went out."""
        ...


class GreetingStore(Protocol):
    """Asked by whoever answers messages."""

    async def greet(self, team_id: str, place: str, now: datetime) -> bool:
        """Remember that a person or a channel was told what the bot can do.

        Args:
            team_id: the workspace.
            place: the ID of a channel; of a person for their direct messages.
            now: when that was.

        Returns:
            True the first time, for one process only.
        """
        ...


class PauseStore(Protocol):
    """What people ask for themselves: no direct messages and no mentions for a while."""

    async def pause(self, team_id: str, user_id: str, channel_id: str, until: datetime) -> None:
        """Send nothing to the person's direct messages (``channel_id``) until then, and mention them nowhere.

        What waits meanwhile is sent afterwards, in its order. An earlier pause of theirs is replaced.
        """
        ...

    async def resume(self, team_id: str, user_id: str) -> bool:
        """End the person's pause; False where there was none."""
        ...

    async def paused_until(self, team_id: str, user_id: str, now: datetime) -> datetime | None:
        """When the person's pause ends; None where there is none."""
        ...

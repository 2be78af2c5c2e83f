"""What the database remembers of messages about the API key."""

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

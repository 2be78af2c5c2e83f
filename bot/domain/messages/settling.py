"""The search for a message that may have been sent: what is looked through, and how far that has come. Pure.

Slack lets some apps read 15 messages a minute. Whoever has to stop in the middle goes on where they were.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Self

LONGEST_SETTLING: Final = timedelta(minutes=15)
"""Wait of a thread where Slack lets us read too little; then the message is sent, perhaps once more."""
_TRIED_WITHIN: Final = timedelta(hours=1)
"""Time after the first try within which there may have been more, where the clock does not say."""
MOST_LOOKED_AT: Final = 1_000
"""Messages looked through for one."""


@dataclass(frozen=True, slots=True)
class Settling:
    """One search; it ends with the message, or with the certainty that there is none."""

    since: datetime
    """When the message was first tried."""
    until: datetime
    """When the search began: nothing was sent after that."""
    is_in_thread: bool
    """Looks in the message's thread; else in the conversation itself, where Slack moves strays."""
    has_parent: bool = False
    """The thread's parent was seen, so that nothing can have strayed."""
    cursor: str = ""
    """Slack's, for the next page."""
    looked_at: int = 0
    """How many messages, so far."""

    @classmethod
    def begin(cls, since: datetime, now: datetime, thread_ts: str | None) -> Self:
        """A search for what was tried since then, in that thread, or in the conversation without one.

        A first try that lies ahead was written by a clock that was set back since. Nobody knows which of the
        two is right, so both are looked through.
        """
        until = now if since <= now else since + _TRIED_WITHIN
        return cls(min(since, now), until, is_in_thread=thread_ts is not None)

    def further(self, cursor: str, page: int, *, has_parent: bool) -> Self:
        """With the next page, after one of so many messages."""
        looked_at = self.looked_at + max(1, page)
        return replace(self, cursor=cursor, looked_at=looked_at, has_parent=self.has_parent or has_parent)

    def outside(self) -> Self:
        """In the conversation, where the thread has no parent any more."""
        return replace(self, is_in_thread=False, cursor="", looked_at=0)

    def anew(self) -> Self:
        """From the first page on: Slack does not know the cursor any more."""
        return replace(self, cursor="", looked_at=self.looked_at + 1)

    @property
    def is_too_long(self) -> bool:
        """Whether nobody looks any further."""
        return self.looked_at >= MOST_LOOKED_AT

    def is_overdue(self, now: datetime) -> bool:
        """Whether the thread has waited long enough for it."""
        return now - self.until >= LONGEST_SETTLING

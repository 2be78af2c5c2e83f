"""What the database remembers of notices, which are told once, of pauses, and of open Home tabs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class HomeTab:
    """A tab that one process draws."""

    team_id: str
    user_id: str
    generation: int
    """Another one where another process has it."""
    news: int
    """Another one where something happened since."""
    shown: str | None
    """A digest of what it shows; None where nobody can say."""
    attempts: int
    """How often in a row Slack did not take it."""


class HomeTabStore(Protocol):
    """Whose Home tab is open, what it shows and when it is to be drawn: each time by one process.

    Where that process dies, another one draws it once the lease is over. Delivery says of each message and
    card that it brought to Slack whose tabs are to be drawn, in the same transaction.
    """

    async def see(self, team_id: str, user_id: str, now: datetime) -> None:
        """Somebody is looking at theirs: it stays open for a while, and what changes is drawn."""
        ...

    async def open_tab(self, team_id: str, user_id: str, now: datetime, lease_seconds: float) -> HomeTab:
        """The reader opened theirs: it is ours to draw, whoever had it."""
        ...

    async def take_tabs(
        self, team_id: str, user_ids: Collection[str], now: datetime, lease_seconds: float
    ) -> Sequence[HomeTab]:
        """Those of these people's tabs that are open: ours to draw, whoever had them."""
        ...

    async def claim_tabs(self, now: datetime, lease_seconds: float, limit: int) -> Sequence[HomeTab]:
        """Tabs that are due and that nobody has; of a workspace not more than Slack takes in a minute."""
        ...

    async def next_tab_at(self, now: datetime) -> datetime | None:
        """When the next one that is open is due; None where nothing waits."""
        ...

    async def rebase_tabs(self, now: datetime, latest: datetime) -> None:
        """The clock jumped: no tab waits for longer than until ``latest``, or was drawn after ``now``."""
        ...

    async def finish_tab(self, tab: HomeTab, shown: str | None, now: datetime) -> None:
        """It shows this now; None where nobody can say. What happened meanwhile is drawn later.

        Where another process took it meanwhile it is drawn once more: whose drawing came last is not known.
        """
        ...

    async def put_off_tab(self, tab: HomeTab, until: datetime) -> None:
        """Slack did not take it: another try then."""
        ...

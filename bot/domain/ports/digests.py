"""What is asked of the database about digests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.channels.digest import DigestPlan
from bot.domain.subscriptions.notifications.notification import Notification


@dataclass(frozen=True, slots=True)
class ClaimedDigest:
    """A digest that is due; this process may make it until the lease runs out."""

    plan: DigestPlan
    generation: int


class DigestStore(Protocol):
    """What the command and the watcher ask."""

    async def digest(self, team_id: str, channel_id: str, org_id: str) -> DigestPlan | None:
        """The channel's digest; None where there is none."""
        ...

    async def set_digest(self, plan: DigestPlan) -> bool:
        """Set it, or set it otherwise. Returns whether it is new."""
        ...

    async def drop_digest(self, team_id: str, channel_id: str, org_id: str) -> DigestPlan | None:
        """Switch it off; None where there was none."""
        ...

    async def next_digest_at(self, org_id: str) -> datetime | None:
        """When the next one is due; None where there are none."""
        ...

    async def oldest_digest_since(self, org_id: str) -> datetime | None:
        """Since when the digest that has told least has to tell; None where there are none."""
        ...

    async def claim_digests(
        self, org_id: str, now: datetime, lease_seconds: float, limit: int
    ) -> Sequence[ClaimedDigest]:
        """Digests that are due, most overdue first."""
        ...

    async def postpone_digest(self, claim: ClaimedDigest, until: datetime) -> bool:
        """Let go of it until then: it is still to be told. False for a stale lease."""
        ...

    async def finish_digest(
        self, claim: ClaimedDigest, plan: DigestPlan, notification: Notification | None, now: datetime
    ) -> bool:
        """Put the digest into the outbox, if there is one, and note the plan's next times.

        One transaction. False for a stale lease. Where Slack then takes no messages there, the channel has no
        digest any more.
        """
        ...

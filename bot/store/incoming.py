"""The part of the `Store` that is about what Slack delivered: see `bot.domain.storage.Deliveries`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.store.lazy_database import OpenedWhenUsed

if TYPE_CHECKING:  # only named here; the start does without them
    from bot.domain.storage import Claim, ClaimedDelivery, Incoming


class IncomingStore(OpenedWhenUsed):
    """Deliveries of Slack's."""

    async def claim_deliveries(
        self, incoming: Sequence[Incoming], now: datetime, lease_seconds: float
    ) -> Sequence[Claim]:
        """Write these down and claim them."""
        return await (await self.opened()).incoming.claim_deliveries(incoming, now, lease_seconds)

    async def renew_delivery(
        self, claim: ClaimedDelivery, now: datetime, lease_seconds: float
    ) -> ClaimedDelivery | None:
        """Hold it for longer."""
        return await (await self.opened()).incoming.renew_delivery(claim, now, lease_seconds)

    async def finish_deliveries(self, claims: Sequence[ClaimedDelivery], now: datetime) -> Sequence[bool]:
        """They were answered."""
        return await (await self.opened()).incoming.finish_deliveries(claims, now)

    async def take_up_deliveries(
        self, now: datetime, lease_seconds: float, limit: int
    ) -> Sequence[ClaimedDelivery]:
        """Claim those that were left."""
        return await (await self.opened()).incoming.take_up_deliveries(now, lease_seconds, limit)

    async def forget_deliveries(self, now: datetime) -> int:
        """Forget what is old."""
        return await (await self.opened()).incoming.forget_deliveries(now)

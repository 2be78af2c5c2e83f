"""Claims on deliveries, as the database takes them: many at once, and nobody waits for it long."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from bot.domain.errors import StoreError
from bot.domain.ports import Clock
from bot.domain.ports.deliveries import Claim, ClaimedDelivery, Deliveries, Incoming
from bot.handlers.kit.replies import nowhere
from bot.handlers.kit.work import Work
from bot.tasks import Errands, Together

LEASE_SECONDS: Final = 15.0
"""Lease of a delivery, renewed while its process lives."""
OPENING_SECONDS: Final = 2.0
"""The first claims wait so long, as the database may have to be opened; Slack waits 3 s for the ack."""

_log = structlog.stdlib.get_logger(__name__)


class Claims:
    """One process's. What comes while the database is at it goes together: a flood is few transactions."""

    def __init__(self, deliveries: Deliveries, clock: Clock, work: Work) -> None:
        self._work = work
        self._claims: Together[Incoming, Claim] = Together(
            "claims", lambda incoming: deliveries.claim_deliveries(incoming, clock.now(), LEASE_SECONDS)
        )
        self._answers: Together[ClaimedDelivery, bool] = Together(
            "answers", lambda claims: deliveries.finish_deliveries(claims, clock.now())
        )
        self._asking = Errands("a delivery being written down", are_awaited=True)
        self._unfinished: dict[str, ClaimedDelivery] = {}
        """Answered, and not yet written down as such: the database did not answer."""
        self.is_open = False
        """The database has answered before, or was waited for long enough."""

    async def claim(self, incoming: Incoming, patience_seconds: float) -> Claim:
        """Its outcome.

        Raises:
            StoreError: the database did not answer in time; what it writes later is withdrawn.
        """
        patience_seconds = patience_seconds if self.is_open else OPENING_SECONDS
        asking = self._asking.start(self._claims(incoming))
        done, _ = await asyncio.wait([asking], timeout=patience_seconds)
        self.is_open = True  # not before: whoever comes meanwhile waits for the opening as well
        if done:
            return asking.result()
        self._work.start(self._withdraw(asking), nowhere)
        msg = f"a delivery was not written down within {patience_seconds} s"
        raise StoreError(msg)

    async def finish(self, claim: ClaimedDelivery) -> None:
        """It was answered; where the database does not take that, `finish_rest` tries again."""
        try:
            await self._answers(claim)
        except StoreError as error:
            _log.warning("a delivery is still to be marked as answered", detail=error.detail)
            self.finish_later(claim)

    def finish_later(self, claim: ClaimedDelivery) -> None:
        """It was answered, which `finish_rest` writes down."""
        self._unfinished[claim.incoming.key] = claim

    async def finish_rest(self) -> None:
        """Write down what could not be.

        Raises:
            StoreError: the database does not answer.
        """
        for claim in tuple(self._unfinished.values()):
            await self._answers(claim)
            self._unfinished.pop(claim.incoming.key, None)

    async def _withdraw(self, asking: asyncio.Task[Claim]) -> None:
        """It was answered otherwise meanwhile: nobody takes it up."""
        try:
            claim = await asking
        except StoreError as error:
            _log.info("what came too late was not written down", detail=error.detail)
            return
        if isinstance(claim, ClaimedDelivery):
            await self.finish(claim)

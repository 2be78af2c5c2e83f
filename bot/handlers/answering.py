"""Every delivery is answered once, whatever dies: claimed in the database, and taken up where it was left.

What changes something is written down before it is acknowledged, so that it is done though the process
dies. A question that only reads is claimed after the ack; where its process dies, Slack's repeat has it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import structlog
from cachetools import TTLCache

from bot.domain.errors import StoreError
from bot.domain.storage.deliveries import (
    ANSWERABLE_FOR,
    ClaimedDelivery,
    Deliveries,
    HeldDelivery,
    Incoming,
)
from bot.handlers import steps
from bot.handlers.context import Context
from bot.handlers.repeats import Repeats
from bot.handlers.replies import nowhere
from bot.handlers.work import Todo, Work
from bot.tasks import Errands, OnRound

LEASE_SECONDS: Final = 15.0
"""So long after its process died a delivery is free; while it lives the lease is renewed."""
PASS_SECONDS: Final = 5.0
"""How often leases are renewed, and it is looked for what was left."""
PATIENCE_SECONDS: Final = 0.5
"""How long the database may take to write a delivery down."""
OPENING_SECONDS: Final = 2.0
"""The same the first time, when the database may have to be opened; Slack waits 3 s for the ack."""
_MOST_AT_ONCE: Final = 10
_MOST_ANSWERED: Final = 10_000
_FORGET_SECONDS: Final = 60.0
_LONGEST_PAUSE_SECONDS: Final = 60.0

_log = structlog.stdlib.get_logger(__name__)


@dataclass(eq=False)
class _Held:
    """What this process is at."""

    claim: ClaimedDelivery
    task: asyncio.Task[Any] | None


class Answering:
    """Lets each delivery be answered by one process. `run` goes beside it, where there is a database."""

    def __init__(
        self,
        context: Context,
        deliveries: Deliveries,
        work: Work,
        again: Callable[[Incoming], Todo],
        on_step: steps.OnStep = steps.nothing,
    ) -> None:
        self._deliveries = deliveries
        self._clock = clock = context.clock
        self._installation = context.installation
        self._work = work
        self._again = again
        self._on_step = on_step
        self._repeats = Repeats(clock)
        self._asking = Errands("a delivery being written down", are_awaited=True)
        self._held: set[_Held] = set()
        self._answered: TTLCache[tuple[str, int], None] = TTLCache(
            _MOST_ANSWERED, ANSWERABLE_FOR.total_seconds(), timer=clock.monotonic
        )
        """What this process need not take up, though it may not be written down yet that it was answered."""
        self._unfinished: dict[str, ClaimedDelivery] = {}
        """Answered, and not yet written down as such: the database did not answer."""
        self._patience_seconds = OPENING_SECONDS
        self._forget_at = clock.monotonic()

    def is_repeat(self, incoming: Incoming) -> bool:
        """Whether this process saw it before; from now on it did."""
        return self._repeats.is_repeat(incoming)

    async def promise(self, incoming: Incoming, todo: Todo) -> None:
        """Write it down, then begin it: it may be acknowledged when this returns.

        Raises:
            StoreError: the database did not take it in time; nothing will be done.
        """
        self._on_step(steps.RECEIVED)
        claim = await self._claim(incoming)
        self._on_step(steps.CLAIMED)
        if isinstance(claim, ClaimedDelivery):
            self._work.start(self._do(claim, todo), todo.reply)

    def after_ack(self, incoming: Incoming, todo: Todo) -> None:
        """Claim it and begin it, after the ack."""
        self._work.start(self._claim_and_do(incoming, todo), todo.reply)

    async def run(self, on_round: OnRound) -> None:
        """Hold what is under way and take up what was left, until cancelled, whatever goes wrong."""
        failures = 0
        while True:
            try:
                await self.round()
            except Exception as error:  # noqa: BLE001  (the loop's edge: nothing may end it)
                failures += 1
                on_round(error)
                if not isinstance(error, StoreError):
                    _log.error("a round of deliveries failed", exc_info=error)
                elif failures == 1:
                    _log.warning("deliveries wait for the database", error=error.code, detail=error.detail)
            else:
                failures = 0
                on_round(None)
            await self._clock.sleep(min(_LONGEST_PAUSE_SECONDS, PASS_SECONDS * 2 ** min(failures, 10)))

    async def round(self) -> None:
        """Renew, finish, take up and forget what is to be.

        Raises:
            StoreError: the database does not answer.
        """
        for held in tuple(self._held):
            await self._renew(held)
        for claim in tuple(self._unfinished.values()):
            await self._deliveries.finish_delivery(claim, self._clock.now())
            self._unfinished.pop(claim.incoming.key, None)
        if self._installation().is_known:  # else nobody can be answered, nor is it known whose it is
            now = self._clock.now()
            for claim in await self._deliveries.take_up_deliveries(now, LEASE_SECONDS, _MOST_AT_ONCE):
                self._take_up(claim)
        await self._forget()

    async def _claim(self, incoming: Incoming) -> ClaimedDelivery | HeldDelivery | None:
        """Raises StoreError: the database did not answer in time; what it writes later is withdrawn."""
        asking = self._asking.start(
            self._deliveries.claim_delivery(incoming, self._clock.now(), LEASE_SECONDS)
        )
        done, _ = await asyncio.wait([asking], timeout=self._patience_seconds)
        patience_seconds, self._patience_seconds = self._patience_seconds, PATIENCE_SECONDS
        if done:
            return asking.result()
        self._work.start(self._withdraw(asking), nowhere)
        msg = f"a delivery was not written down within {patience_seconds} s"
        raise StoreError(msg)

    async def _withdraw(self, asking: asyncio.Task[ClaimedDelivery | HeldDelivery | None]) -> None:
        """It was answered otherwise meanwhile: nobody takes it up."""
        try:
            claim = await asking
        except StoreError as error:
            _log.info("what came too late was not written down", detail=error.detail)
            return
        if isinstance(claim, ClaimedDelivery):
            await self._finish(claim)

    async def _claim_and_do(self, incoming: Incoming, todo: Todo) -> None:
        self._on_step(steps.RECEIVED)
        try:
            claim = await self._claim(incoming)
        except StoreError as error:
            # Better answered by each process that was asked than by none.
            _log.warning("answered without the database", error=error.code, detail=error.detail)
            await self._work.run(todo.begin(), todo.reply)
            return
        self._on_step(steps.CLAIMED)
        if isinstance(claim, ClaimedDelivery):
            await self._do(claim, todo)
        elif isinstance(claim, HeldDelivery):
            # Slack was told that we have it, and will not repeat it: if the other one dies, it is ours.
            seconds = (claim.until - self._clock.now()).total_seconds()
            self._work.later(max(seconds, 1.0), partial(self.after_ack, incoming, todo))

    async def _do(self, claim: ClaimedDelivery, todo: Todo) -> None:
        held = _Held(claim, asyncio.current_task())
        self._held.add(held)
        try:
            self._on_step(steps.BEGUN)
            if self._clock.now() >= claim.until and not await self._renew(held):
                return  # this process slept, and another one is at it
            await self._work.run(todo.begin(), todo.reply)
            self._on_step(steps.DONE)
            self._answered[_name(claim)] = None
        finally:
            self._held.discard(held)
        await self._finish(held.claim)
        self._on_step(steps.FINISHED)

    async def _finish(self, claim: ClaimedDelivery) -> None:
        try:
            await self._deliveries.finish_delivery(claim, self._clock.now())
        except StoreError as error:
            _log.warning("a delivery is still to be marked as answered", detail=error.detail)
            self._unfinished[claim.incoming.key] = claim

    async def _renew(self, held: _Held) -> bool:
        """Hold it for longer; where another process has it, what was begun here ends."""
        longer = await self._deliveries.renew_delivery(held.claim, self._clock.now(), LEASE_SECONDS)
        if longer is not None:
            held.claim = longer
            return True
        if held in self._held:
            _log.warning("another process has taken a delivery over")
            if held.task is not None and held.task is not asyncio.current_task():
                held.task.cancel()
        return False

    def _take_up(self, claim: ClaimedDelivery) -> None:
        for held in self._held:
            if _name(held.claim) == _name(claim):  # our own, which was not renewed in time
                held.claim = claim
                return
        if _name(claim) in self._answered:
            self._unfinished[claim.incoming.key] = claim
            return
        self._on_step(steps.TAKEN_UP)
        _log.info("a request is taken up that another process left", kind=claim.incoming.kind)
        try:
            todo = self._again(claim.incoming)
        except (KeyError, TypeError, ValueError) as error:
            _log.error("a request cannot be taken up", kind=claim.incoming.kind, error=type(error).__name__)
            self._unfinished[claim.incoming.key] = claim
            return
        self._work.start(self._do(claim, todo), todo.reply)

    async def _forget(self) -> None:
        """Once a minute: an address for answers is kept no longer than it takes any."""
        if self._clock.monotonic() < self._forget_at:
            return
        self._forget_at = self._clock.monotonic() + _FORGET_SECONDS
        expired = await self._deliveries.forget_deliveries(self._clock.now())
        self._patience_seconds = PATIENCE_SECONDS  # it is open
        if expired:
            _log.warning("requests came too old to be answered", requests=expired)


def _name(claim: ClaimedDelivery) -> tuple[str, int]:
    """One that says more is another one."""
    return claim.incoming.key, claim.incoming.rank

"""Every delivery is answered once, whatever dies: claimed in the database, and taken up where it was left.

What changes something is written down before it is acknowledged, so that it is done though the process
dies. A question that only reads is claimed after the ack; where its process dies, Slack's repeat has it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

import structlog
from cachetools import TTLCache

from bot.domain.errors import StoreError
from bot.domain.messages.delivery_keys import reference_of_key
from bot.domain.ports import Clock
from bot.domain.ports.deliveries import (
    ANSWERABLE_FOR,
    ClaimedDelivery,
    Deliveries,
    HeldDelivery,
    Incoming,
)
from bot.handlers.deliveries import crash_points
from bot.handlers.deliveries.claims import LEASE_SECONDS, Claims
from bot.handlers.kit.tenants import Tenants
from bot.handlers.kit.work import Todo, Work, holding
from bot.tasks import ClockJumps, OnRound, correlated, working_for

PASS_SECONDS: Final = 5.0
"""How often leases are renewed, and it is looked for what was left."""
PATIENCE_SECONDS: Final = 0.5
"""How long the database may take to write down what is to be acknowledged then."""
PATIENCE_AFTER_ACK_SECONDS: Final = 1.0
"""The same for a question, which is answered in any case: windows have to be opened within 3 s."""
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


class _Name(NamedTuple):
    """By what a delivery is known; one that says more is another one."""

    team_id: str
    key: str
    rank: int


class Answering:
    """Lets each delivery be answered by one process. `run` goes beside it, where there is a database."""

    def __init__(  # noqa: PLR0913, PLR0917  (the ports, and what answers)
        self,
        tenants: Tenants,
        clock: Clock,
        deliveries: Deliveries,
        work: Work,
        again: Callable[[Incoming], Awaitable[Todo | None]],
        on_crash_point: crash_points.OnCrashPoint = crash_points.nothing,
    ) -> None:
        self._tenants = tenants
        self._deliveries = deliveries
        self._clock = clock
        self._work = work
        self._again = again
        self._on_crash_point = on_crash_point
        self._claims = Claims(deliveries, clock, work)
        self._held: set[_Held] = set()
        self._answered: TTLCache[_Name, None] = TTLCache(
            _MOST_ANSWERED, ANSWERABLE_FOR.total_seconds(), timer=clock.monotonic
        )
        """What this process need not take up, even where it is not yet written down that it was answered."""
        self._forget_at = clock.monotonic()
        self._jumps = ClockJumps(clock)
        self._takes_up_from = clock.monotonic()

    async def promise(self, incoming: Incoming, todo: Todo) -> None:
        """Write it down, then begin it: it may be acknowledged when this returns.

        Raises:
            StoreError: the database did not take it in time; nothing will be done.
        """
        self._on_crash_point(crash_points.RECEIVED)
        claim = await self._claims.claim(incoming, PATIENCE_SECONDS)
        self._on_crash_point(crash_points.CLAIMED)
        if isinstance(claim, ClaimedDelivery) and not self._is_known(claim):
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
        await self._claims.finish_rest()
        if self._may_take_up():
            now = self._clock.now()
            for claim in await self._deliveries.take_up_deliveries(now, LEASE_SECONDS, _MOST_AT_ONCE):
                await self._take_up(claim)
        await self._forget()

    def _may_take_up(self) -> bool:
        """Not while nobody knows whose it is, nor right after the clock jumped.

        Then every lease seems to be over, and whoever is at something renews it within a pass.
        """
        if self._jumps.look() > 0:
            self._takes_up_from = self._clock.monotonic() + LEASE_SECONDS
        return self._tenants.are_known and self._clock.monotonic() >= self._takes_up_from

    async def _claim_and_do(self, incoming: Incoming, todo: Todo) -> None:
        self._on_crash_point(crash_points.RECEIVED)
        try:
            claim = await self._claims.claim(incoming, PATIENCE_AFTER_ACK_SECONDS)
        except StoreError as error:
            # Better answered by each process that was asked than by none.
            _log.info("answered without the database", error=error.code, detail=error.detail)
            await self._work.run(todo.begin(), todo.reply)
            return
        self._on_crash_point(crash_points.CLAIMED)
        if isinstance(claim, ClaimedDelivery) and not self._is_known(claim):
            await self._do(claim, todo)
        elif isinstance(claim, HeldDelivery):
            # Slack was told that we have it, and will not repeat it: if the other one dies, it is ours.
            seconds = (claim.until - self._clock.now()).total_seconds()
            self._work.later(max(seconds, 1.0), partial(self.after_ack, incoming, todo))

    async def _do(self, claim: ClaimedDelivery, todo: Todo) -> None:
        held = _Held(claim, asyncio.current_task())
        self._held.add(held)
        try:
            self._on_crash_point(crash_points.BEGUN)
            if not await self._is_ours(held):
                return  # this process slept, and another one is at it
            with holding(partial(self._is_ours, held)):
                await self._work.run(todo.begin(), todo.reply)
            self._on_crash_point(crash_points.DONE)
            self._answered[_name(claim)] = None
        finally:
            self._held.discard(held)
        await self._claims.finish(held.claim)
        self._on_crash_point(crash_points.FINISHED)

    async def _is_ours(self, held: _Held) -> bool:
        """Whether nobody took it over meanwhile; where nobody can say, better answered twice than not."""
        if self._clock.now() < held.claim.until:
            return True
        try:
            return await self._renew(held)
        except StoreError as error:
            _log.info("whether a delivery was taken over is not known", detail=error.detail)
            return True

    async def _renew(self, held: _Held) -> bool:
        """Hold it for longer; where another process has it, what was begun here ends."""
        longer = await self._deliveries.renew_delivery(held.claim, self._clock.now(), LEASE_SECONDS)
        if longer is not None:
            held.claim = longer
            return True
        if held in self._held:
            _log.warning("another process has taken a delivery over", team_id=held.claim.incoming.team_id)
            self._work.measures.lease_lost()
            if held.task is not None and held.task is not asyncio.current_task():
                held.task.cancel()
        return False

    def _is_known(self, claim: ClaimedDelivery) -> bool:
        """Whether this process is at it, or has answered it: its own claim was not renewed in time."""
        for held in self._held:
            if _name(held.claim) == _name(claim):
                held.claim = claim
                return True
        if _name(claim) in self._answered:
            self._claims.finish_later(claim)
            return True
        return False

    async def _take_up(self, claim: ClaimedDelivery) -> None:
        if not self._is_known(claim):
            known = partial(reference_of_key, claim.incoming.key)
            with correlated(known), working_for(claim.incoming.team_id):
                await self._taken_up(claim)

    async def _taken_up(self, claim: ClaimedDelivery) -> None:
        self._on_crash_point(crash_points.TAKEN_UP)
        _log.info("a request is taken up that another process left", kind=claim.incoming.kind)
        try:
            todo = await self._again(claim.incoming)
        except (KeyError, TypeError, ValueError) as error:
            _log.error("a request cannot be taken up", kind=claim.incoming.kind, error=type(error).__name__)
            self._claims.finish_later(claim)
            return
        if todo is None:  # until the lease is over: then whoever has that workspace takes it up
            _log.warning("a request is left to whoever has its workspace")
            return
        self._work.start(self._do(claim, todo), todo.reply)

    async def _forget(self) -> None:
        """Once a minute: an address for answers is kept no longer than it takes any."""
        if self._clock.monotonic() < self._forget_at:
            return
        self._forget_at = self._clock.monotonic() + _FORGET_SECONDS
        expired = await self._deliveries.forget_deliveries(self._clock.now())
        self._claims.is_open = True
        if expired:
            _log.warning("requests came too old to be answered", requests=expired)


def _name(claim: ClaimedDelivery) -> _Name:
    return _Name(claim.incoming.team_id, claim.incoming.key, claim.incoming.rank)

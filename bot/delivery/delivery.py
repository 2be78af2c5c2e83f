"""The loop: claims the lanes in which something is due, and works on them side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.cards.kit.card_settings import NOTHING_SET, CardSettings
from bot.delivery.attempt import OnAttempt
from bot.delivery.crash_points import OnCrashPoint, nothing
from bot.delivery.edge import caught
from bot.delivery.editing import Editing
from bot.delivery.job_metrics import NOTHING_LOGGED, Logged
from bot.delivery.lane import DeliveryStore, LaneWork, Tried
from bot.delivery.lease import Lease
from bot.delivery.posting import Posting
from bot.delivery.shares import Shares
from bot.domain.errors import SchemaError, SlackError, SlackLimitedError, StoreError
from bot.domain.ports import Clock, Gateways, Lane
from bot.domain.ports.monitoring import NOT_MEASURED, Measures
from bot.tasks import ClockJumps, Errands, OnRound, first_of

LONGEST_REST_SECONDS: Final = 1.0
"""Other processes put messages into the outbox, too."""
HURRY_SECONDS: Final = 5.0
LAST_SECONDS: Final = 5.0
"""How long calls under way may take when the process is told to leave."""
_SHORT_REST_SECONDS: Final = 0.1
_HURRIED_REST_SECONDS: Final = (0.05, 0.25)
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 30.0
_LONGEST_WAIT_SECONDS: Final = 1_000.0
"""So far ahead at most a try is put off: Slack is not believed for longer than a quarter of an hour."""
_MOST_DOUBLINGS: Final = 10

_log = structlog.stdlib.get_logger(__name__)


class Delivery:
    """Implements `bot.domain.ports.Deliverer`. Any number of them may share a database.

    Args:
        store: the outbox.
        gateways: where it goes, by workspace.
        clock: time and waiting.
        slash_command: as people type it here.
        lease_seconds: for how long a lane is claimed. A call that takes longer is given up.
        jitter: a random number from 0 to 1.
        on_crash_point: called with each of `bot.delivery.crash_points.CRASH_POINTS`.
        logged: what jobs log, by organization; where it is, some messages show the loss.
        card_settings: what the operator set that cards show.
        has_many_teams: no workspace gets more than its share of what goes on at a time.
        on_attempt: called with every try of a message or an edit, once its outcome is written down.
        measures: takes a span of each.
    """

    def __init__(  # noqa: PLR0913  (the ports, and what the settings say)
        self,
        store: DeliveryStore,
        gateways: Gateways,
        clock: Clock,
        *,
        slash_command: str,
        lease_seconds: float,
        jitter: Callable[[], float],
        on_crash_point: OnCrashPoint = nothing,
        logged: Mapping[str, Logged] = NOTHING_LOGGED,
        card_settings: CardSettings = NOTHING_SET,
        on_attempt: OnAttempt = nothing,
        has_many_teams: bool = False,
        measures: Measures = NOT_MEASURED,
    ) -> None:
        self._store = store
        self._shares = Shares(has_many_teams=has_many_teams)
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._jitter = jitter
        self._work = LaneWork(
            store,
            gateways,
            clock,
            posting=Posting(
                clock, jitter, on_crash_point, slash_command, logged=logged, card_settings=card_settings
            ),
            editing=Editing(clock, jitter, on_crash_point, card_settings, logged=logged),
            on_crash_point=on_crash_point,
            on_attempt=on_attempt,
            measures=measures,
            lease_seconds=lease_seconds,
        )
        self._jumps = ClockJumps(clock)
        self._latest_seconds: float | None = _LONGEST_WAIT_SECONDS
        """Beyond this nothing waits; set where times may have been written by another clock."""
        self._bell = asyncio.Event()
        self._lanes = Errands("delivery to a channel")
        self._told_of_schema = False

    def wake(self) -> None:
        """Something was put into the outbox: look now."""
        self._bell.set()

    async def run(self, on_round: OnRound = nothing) -> None:
        """Deliver until cancelled; calls under way then have `LAST_SECONDS` to end."""
        failures = 0
        try:
            while True:
                self._bell.clear()
                rest = await caught(self._turn())
                if isinstance(rest, Exception):
                    failures += 1
                    on_round(rest)
                    await self._clock.sleep(self._pause_after(rest, failures))
                else:
                    failures = 0
                    on_round(None)
                    await self._rest(rest)
        finally:
            await self._lanes.aclose(LAST_SECONDS)

    async def round(self) -> int:
        """One turn, with everything in it done when it returns: how many lanes that were.

        Raises:
            StoreError: the database does not answer.
        """
        lease, lanes = await self._claimed(self._shares.most)
        await asyncio.gather(*(self._at(lane, lease) for lane in lanes))
        return len(lanes)

    async def hurry(self, subscription_id: str) -> SlackError | None:
        """Send what waits in this subscription's channel until its card was tried, for `HURRY_SECONDS`.

        Returns why Slack did not take the card, where that is so.
        """
        deadline = self._clock.monotonic() + HURRY_SECONDS
        while True:
            rest = await caught(self._hurried(subscription_id))
            if isinstance(rest, Exception):
                self._tell(rest)
                return None
            left = deadline - self._clock.monotonic()
            if isinstance(rest, Tried) and isinstance(error := rest.error, SlackLimitedError):
                # As the second try is told in a workspace that has just refused a table.
                rest = error.retry_after_seconds if error.retry_after_seconds < left else rest
            if not isinstance(rest, float):
                return None if rest is None else rest.error
            if left <= 0:
                return None
            await self._clock.sleep(min(rest, left))

    async def _hurried(self, subscription_id: str) -> float | Tried | None:
        """Work on the subscription's channel once.

        Returns what was tried, seconds until it may be worth another try, or None if there is nothing to do.
        """
        least, most = _HURRIED_REST_SECONDS
        subscription = await self._store.subscriptions.subscription(subscription_id)
        if subscription is None or subscription.is_open or not subscription.is_active:
            return None
        place = subscription.team_id, subscription.channel_id
        if self._shares.is_busy(*place):
            return least
        await self._mind_the_clock()
        lease = Lease(self._clock, self._lease_seconds)
        now, since = self._jumps.moment()
        lane = await self._store.outbox.claim_lane(*place, now, self._lease_seconds, steady_since=since)
        if isinstance(lane, datetime):
            # Somebody may hold it and be done long before the lease is over.
            return min(max((lane - now).total_seconds(), least), most)
        tried = None if lane is None else await self._at(lane, lease)
        if lane is None or (tried is not None and tried.subscription_id == subscription_id):
            return tried
        return least

    async def _turn(self) -> float:
        """Claim what is due and begin it; how many seconds until there may be more."""
        await self._mind_the_clock()
        free = self._shares.most - len(self._lanes)
        if free <= 0:
            return LONGEST_REST_SECONDS  # whoever is done rings
        now, since = self._jumps.moment()
        due = await self._store.outbox.next_lane_at(since)
        wait = LONGEST_REST_SECONDS if due is None else (due - now).total_seconds()
        if wait > 0:
            return min(wait, LONGEST_REST_SECONDS)
        lease, lanes = await self._claimed(free)
        for lane in lanes:
            self._lanes.start(self._at(lane, lease)).add_done_callback(lambda _lane: self._bell.set())
        return 0.0 if lanes else _SHORT_REST_SECONDS

    async def _mind_the_clock(self) -> None:
        """Where the wall clock jumped, be it before this process began: times that it wrote are no good."""
        if jumped := self._jumps.look():
            _log.warning("the clock jumped, what waits is looked at anew", seconds=round(jumped))
            self._latest_seconds = 0.0
        if self._latest_seconds is None:
            return
        now = self._clock.now()
        latest = now + timedelta(seconds=self._latest_seconds)
        await self._store.outbox.rebase_sending(now, latest)
        self._latest_seconds = None

    async def _claimed(self, most: int) -> tuple[Lease, Sequence[Lane]]:
        # Begun before the claim: this process may sleep in it, and then claims with a time that is no more.
        lease = Lease(self._clock, self._lease_seconds)
        now, since = self._jumps.moment()
        shares, outbox = self._shares, self._store.outbox
        lanes = await outbox.claim_lanes(
            now, self._lease_seconds, most, a_team=shares.a_team, without=shares.full(), steady_since=since
        )
        return lease, [each for each in lanes if not shares.is_busy(each.team_id, each.channel_id)]

    async def _at(self, lane: Lane, lease: Lease) -> Tried | None:
        """Work on a lane; whose turn it was, if that is known."""
        self._shares.begin(lane)
        try:
            tried = await caught(self._work.work(lane, lease))
        finally:
            self._shares.end(lane)
        if isinstance(tried, Exception):
            self._tell(tried)
            return None
        return tried

    async def _rest(self, seconds: float) -> None:
        """Wait until it is time, or the bell rings."""
        if seconds > 0:
            await first_of(self._clock.sleep(seconds), self._bell.wait())

    def _pause_after(self, error: Exception, failures: int) -> float:
        pause = min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * (1 << min(failures, _MOST_DOUBLINGS)))
        seconds = pause * (0.75 + self._jitter() / 2)
        self._tell(error, pause_seconds=round(seconds, 1))
        return seconds

    def _tell(self, error: Exception, **more: float) -> None:
        """One line of the log; a schema that is not ours is told once."""
        if isinstance(error, SchemaError):
            if not self._told_of_schema:
                _log.error("delivery waits", detail=error.detail)
            self._told_of_schema = True
        elif isinstance(error, StoreError):
            _log.warning("delivery waits for the database", detail=error.detail, **more)
        else:
            _log.error("delivery failed", exc_info=error, **more)

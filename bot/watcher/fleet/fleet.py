"""Watches every organization with due work: a few at a time, and none of them waits for a slow one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.domain.errors import SchemaError
from bot.domain.ports import Clock
from bot.tasks import ClockJumps, Errands, OnRound, first_of
from bot.watcher.context import WatcherStore
from bot.watcher.fleet.places import Places
from bot.watcher.housekeeping import Housekeeping
from bot.watcher.part import pause_after, tell_failure
from bot.watcher.watcher import Watcher

ASK_SECONDS: Final = 0.5
"""At most so often the database is asked who has due work."""
SWEEP_SECONDS: Final = 600.0
"""How often every organization that has any work gets a turn, due or not."""
_SHORTEST_REST_SECONDS: Final = 0.5
"""Between two turns of an organization though something is due: somebody else is about it."""

_MOST_FAILURES: Final = 10
"""As many as make the longest pause."""

_log = structlog.stdlib.get_logger(__name__)


class Fleet:
    """The watchers of all organizations; any number of processes may share a database.

    Args:
        store: the watchers' ports.
        clock: time and waiting.
        org_ids: the organizations there are; they may come and go.
        watcher: makes or finds the one of an organization; None where it cannot be asked.
        wake_delivery: called where something was put into the outbox.
        longest_rest_seconds: other processes make work, too.
        by_list: as of each `Watcher`.
    """

    def __init__(  # noqa: PLR0913  (the ports and settings, each by its name)
        self,
        store: WatcherStore,
        clock: Clock,
        org_ids: AbstractSet[str],
        watcher: Callable[[str], Watcher | None],
        *,
        wake_delivery: Callable[[], None],
        longest_rest_seconds: float,
        by_list: bool = True,
    ) -> None:
        self._store = store
        self._clock = clock
        self._org_ids = org_ids
        self._watcher = watcher
        self._longest_rest_seconds = longest_rest_seconds
        self._by_list = by_list
        self._house = Housekeeping(store, clock, wake_delivery).parts
        self._jumps = ClockJumps(clock)
        self._bell = asyncio.Event()
        self._turns = Errands("watching an organization")
        self._places = Places(clock)
        self._at_once: dict[str, None] = {}
        """Woken, in that order."""
        self._due: dict[str, datetime] = {}
        """As the database said last."""
        self._again_at: dict[str, float] = {}
        """When something is due that the database does not say."""
        self._not_before: dict[str, float] = {}
        self._failing: dict[str, int] = {}
        """How many turns in a row failed as a whole."""
        self._failures: dict[str, Exception] = {}
        """What a part of the last turn failed with."""
        self._ask_at = self._sweep_at = clock.monotonic()
        self._asks_failed = 0

    def wake(self, org_id: str) -> None:
        """Something is to be watched anew there: look now."""
        self._at_once[org_id] = None
        self._bell.set()

    async def run(self, on_round: OnRound) -> None:
        """Turn after turn until cancelled, whatever goes wrong in one."""
        try:
            while True:
                self._bell.clear()
                try:
                    seconds = await self._round(on_round)
                except Exception as error:  # noqa: BLE001  (the loop's edge: nothing may end it)
                    on_round(error)
                    seconds = self._pause(error)
                    await self._clock.sleep(seconds)
                else:
                    self._asks_failed = 0
                    await first_of(self._clock.sleep(seconds), self._bell.wait())
        finally:
            await self._turns.aclose()

    async def _round(self, on_round: OnRound) -> float:
        """Begin what is due. Returns after how many seconds there may be more.

        Raises:
            StoreError: the database does not say what is due.
        """
        house = [await part.run() for part in self._house]
        if jumped := self._jumps.look():
            _log.warning("the clock jumped, every organization is looked at", seconds=round(jumped))
            self._sweep_at = self._clock.monotonic()
        await self._ask()
        now = self._clock.monotonic()
        for org_id in self._ready(now):
            if self._places.are_free_for(org_id):
                self._begin(org_id, on_round)
        if not self._places.taken:
            on_round(next((part.failure for part in self._house if part.failure), self._failure()))
        return max(0.0, min([self._rest_seconds(now), *house]))

    async def _ask(self) -> None:
        """Who has due work, if that was not asked a moment ago."""
        now = self._clock.monotonic()
        if now >= self._sweep_at:
            found = await self._store.watches.due_work(None, by_list=self._by_list)
            self._at_once.update(dict.fromkeys(found))
            self._sweep_at = now + SWEEP_SECONDS
            for known in (self._again_at, self._not_before, self._failing):
                for org_id in known.keys() - self._org_ids:
                    del known[org_id]
        if now >= self._ask_at:
            until = self._clock.now() + timedelta(seconds=self._longest_rest_seconds)
            self._due = dict(await self._store.watches.due_work(until, by_list=self._by_list))
            self._ask_at = now + ASK_SECONDS

    def _ready(self, now: float) -> list[str]:
        """Whose turn it is: whoever was woken first, then whoever waits longest."""
        moment = self._clock.now()
        due = [each for each, at in self._due.items() if at <= moment and self._may_be_asked(each, now)]
        again = [each for each, at in self._again_at.items() if at <= now]
        ours = [each for each in dict.fromkeys((*self._at_once, *due, *again)) if each in self._org_ids]
        for org_id in [each for each in self._at_once if each not in self._org_ids]:
            del self._at_once[org_id]
        return [each for each in ours if each not in self._places.taken]

    def _may_be_asked(self, org_id: str, now: float) -> bool:
        return self._not_before.get(org_id, now) <= now

    def _begin(self, org_id: str, on_round: OnRound) -> None:
        for known in (self._at_once, self._due, self._again_at, self._not_before):
            known.pop(org_id, None)
        if (watcher := self._watcher(org_id)) is None:
            self._not_before[org_id] = self._clock.monotonic() + pause_after(_MOST_FAILURES)
            return
        self._places.take(org_id)
        self._turns.start(self._turn(org_id, watcher, on_round))

    async def _turn(self, org_id: str, watcher: Watcher, on_round: OnRound) -> None:
        try:
            seconds = await watcher.turn()
        except Exception as error:  # noqa: BLE001  (the edge of each organization: no other one pays for it)
            self._failing[org_id] = failures = self._failing.get(org_id, 0) + 1
            self._failures[org_id], seconds = error, pause_after(failures)
            tell_failure(error, failures, part="turn")
            self._rests(org_id, seconds, seconds)
        else:
            self._failing.pop(org_id, None)
            if watcher.failure is None:
                self._failures.pop(org_id, None)
            else:
                self._failures[org_id] = watcher.failure
            least = _SHORTEST_REST_SECONDS
            self._rests(org_id, seconds, least if watcher.failure is None else max(least, seconds))
        finally:
            self._places.free(org_id)
            self._bell.set()
        on_round(self._failure())

    def _rests(self, org_id: str, seconds: float, least: float) -> None:
        now = self._clock.monotonic()
        self._not_before[org_id] = now + min(least, SWEEP_SECONDS)
        if seconds < SWEEP_SECONDS:
            self._again_at[org_id] = now + seconds

    def _failure(self) -> Exception | None:
        """What goes wrong everywhere; what goes wrong for one organization is no fault of this process."""
        for org_id in [each for each in self._failures if each not in self._org_ids]:
            del self._failures[org_id]
        is_everywhere = self._failures and len(self._failures) >= len(self._org_ids)
        return next(iter(self._failures.values())) if is_everywhere else None

    def _rest_seconds(self, now: float) -> float:
        """Until the next turn; whoever needs a place gets one as soon as it is free."""
        moment, taken = self._clock.now(), self._places.taken
        waits = [
            max((at - moment).total_seconds(), self._not_before.get(each, now) - now)
            for each, at in self._due.items()
            if each in self._org_ids and each not in taken
        ]
        waits += [at - now for each, at in self._again_at.items() if each not in taken]
        seconds = min((each for each in waits if each > 0), default=self._longest_rest_seconds)
        return min(max(seconds, min(ASK_SECONDS, self._longest_rest_seconds)), self._longest_rest_seconds)

    def _pause(self, error: Exception) -> float:
        """Log what went wrong, a lasting problem only once."""
        self._asks_failed += 1
        if self._asks_failed == 1 or not isinstance(error, SchemaError):
            tell_failure(error, self._asks_failed, part="round")
        return pause_after(self._asks_failed)

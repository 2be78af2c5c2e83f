"""Answers that are kept: one question at a time, fresh for so long, an earlier one when asking fails."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from cachetools import TLRUCache

from bot.domain.errors import InvalidIdError, JobNotFoundError, TrainingApiError
from bot.domain.listing import JobListing, MetricsSnapshot
from bot.domain.ports import Clock
from bot.tasks import Errands
from bot.training_api.rate_limiter import Priority, Turn

FRESH_SECONDS = 15.0
"""How long an answer counts as fresh."""
STALE_SECONDS = 3600.0
"""How long one is kept to be shown when asking fails."""
FAILED_SECONDS = 2.0
"""How long a failure is believed: what people type key by key does not ask with each key."""

_Value = TypeVar("_Value", JobListing, MetricsSnapshot)


@dataclass(frozen=True, slots=True)
class _Seen(Generic[_Value]):
    """What the last questions gave; the times are the clock's monotonic seconds."""

    fresh_until: float
    keep_until: float
    value: _Value | None = None
    failure: TrainingApiError | None = None
    """Why the last question failed. Never raised itself: a raised error grows with each raise."""

    def in_hand(self) -> _Value:
        """The answer without asking.

        Raises:
            TrainingApiError: there is none.
        """
        if self.value is None:
            raise copy.copy(self.failure or TrainingApiError())
        return self.value if self.failure is None else replace(self.value, failure=self.failure)


@dataclass(frozen=True, slots=True)
class _Flight(Generic[_Value]):
    task: asyncio.Task[_Seen[_Value]]
    turn: Turn


class Answers(Generic[_Value]):
    """The answers to one kind of question, by what it is about.

    Args:
        ask: asks anew, in its turn.
        promote: a person now waits for this turn too.
        clock: tells how old an answer is.
        most: so much is kept, by ``weigh``; what was not asked for longest goes first.
        weigh: how heavy an answer is, at least 1.
    """

    def __init__(
        self,
        ask: Callable[[str, Turn], Awaitable[_Value]],
        promote: Callable[[Turn], None],
        clock: Clock,
        *,
        most: int = 1,
        weigh: Callable[[_Value], int] = lambda _: 1,
    ) -> None:
        self._ask: Callable[[str, Turn], Awaitable[_Value]] = ask
        self._promote = promote
        self._clock = clock
        self._flights: dict[str, _Flight[_Value]] = {}
        self._errands = Errands("asking the training suite", are_awaited=True)

        def weight(seen: _Seen[_Value]) -> int:
            return 1 if seen.value is None else min(most, weigh(seen.value))

        self._seen: TLRUCache[str, _Seen[_Value]] = TLRUCache(
            most, ttu=_keep_until, timer=clock.monotonic, getsizeof=weight
        )

    async def get(self, key: str, priority: Priority) -> _Value:
        """The answer: kept while it is fresh, else asked for, once for all who ask meanwhile.

        A question goes on when those who asked are cancelled.

        Raises:
            TrainingApiError: there is none, not even an earlier one. Each caller gets an error of its own.
        """
        seen = self._seen.get(key)
        if seen is None or self._clock.monotonic() >= seen.fresh_until:
            seen = await asyncio.shield(self._flight(key, priority).task)
        return seen.in_hand()

    def peek(self, key: str) -> _Value | None:
        """The answer if it is fresh; never any I/O."""
        seen = self._seen.get(key)
        is_old = seen is None or seen.failure is not None or self._clock.monotonic() >= seen.fresh_until
        return None if is_old or seen is None else seen.value

    def recall(self, key: str) -> _Value | None:
        """The last answer, fresh or not; never any I/O."""
        seen = self._seen.get(key)
        return None if seen is None else seen.value

    async def aclose(self) -> None:
        """End the questions under way."""
        await self._errands.aclose()

    def _flight(self, key: str, priority: Priority) -> _Flight[_Value]:
        flight = self._flights.get(key)
        if flight is None:
            turn = Turn(priority)
            flight = self._flights[key] = _Flight(self._errands.start(self._fetch(key, turn)), turn)
            flight.task.add_done_callback(lambda _: self._flights.pop(key, None))
        elif priority is Priority.PERSON:
            self._promote(flight.turn)
        return flight

    async def _fetch(self, key: str, turn: Turn) -> _Seen[_Value]:
        """Ask; an error is a value here, so that nobody need wait for it."""
        try:
            value = await self._ask(key, turn)
        except TrainingApiError as exc:
            return self._failed(key, copy.copy(exc))
        now = self._clock.monotonic()
        seen = self._seen[key] = _Seen(now + FRESH_SECONDS, now + STALE_SECONDS, value)
        return seen

    def _failed(self, key: str, error: TrainingApiError) -> _Seen[_Value]:
        """An earlier answer stands in for every failure but those that are about the job itself."""
        until = self._clock.monotonic() + FAILED_SECONDS
        known = self._seen.get(key)
        if known is None or known.value is None or isinstance(error, JobNotFoundError | InvalidIdError):
            seen = self._seen[key] = _Seen(until, until, failure=error)
        else:
            seen = self._seen[key] = replace(known, fresh_until=until, failure=error)
        return seen


def _keep_until(_key: str, seen: _Seen[_Value], _now: float) -> float:
    return seen.keep_until

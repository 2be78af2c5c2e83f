"""How much Simplismart is asked: few requests at once, few a second, people before anything else."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum

from bot.domain.errors import RateLimitedError
from bot.domain.ports import Clock
from bot.tasks import Errands

IN_FLIGHT = 8
PER_SECOND = 5.0
BURST = 20
"""The limits for one organisation."""

_ONE_START = 1 - 1e-9
"""One start saved up, less what adding fractions may have lost."""


class Priority(IntEnum):
    """Who asks; the smaller number goes first."""

    PERSON = 0
    BACKGROUND = 1


class Slot:
    """One place in the queue; it can be moved forward while it waits."""

    __slots__ = ("granted", "patient_until", "priority")

    def __init__(self, priority: Priority = Priority.PERSON) -> None:
        self.priority = priority
        self.granted: asyncio.Future[None] | None = None
        """Done when the request may start; set by `RateLimiter`."""
        self.patient_until = 0.0
        """Waits no longer than this (monotonic seconds); set by `RateLimiter`."""


class RateLimiter:
    """The queue to Simplismart for one organisation.

    At most ``in_flight`` requests run at once; they start at most ``per_second``, with up to ``burst`` saved
    up. Among those who wait, the better priority goes first, and within one the earlier. After `hold` nothing
    starts for a while.
    """

    def __init__(
        self, clock: Clock, *, in_flight: int = IN_FLIGHT, per_second: float = PER_SECOND, burst: int = BURST
    ) -> None:
        self._clock = clock
        self._whole = (in_flight, per_second, float(burst))
        self._most = self._places = in_flight
        self._per_second = per_second
        self._burst = float(burst)
        self._saved = self._burst
        self._saved_at = self._held_until = clock.monotonic()
        self._waiting: tuple[deque[Slot], ...] = tuple(deque() for _ in Priority)
        self._timer: asyncio.Task[None] | None = None
        self._errands = Errands("granting turns to ask")

    @asynccontextmanager
    async def turn(self, turn: Slot, longest_wait_seconds: float) -> AsyncIterator[None]:
        """Hold a place for one request.

        Raises:
            RateLimitedError: it would be, or was, a longer wait than ``longest_wait_seconds``.
        """
        await self._enter(turn, longest_wait_seconds)
        try:
            yield
        finally:
            self._places += 1
            self._grant()

    def share(self, parts: int) -> None:
        """Others ask too: from now on only one of so many equal parts of the limits is used here."""
        self._save_up()
        in_flight, per_second, burst = self._whole
        most = max(1, in_flight // parts)
        self._places += most - self._most
        self._most, self._per_second = most, per_second / parts
        self._burst = max(1.0, burst / parts)
        self._saved = min(self._saved, self._burst)
        self._grant()

    def promote(self, turn: Slot) -> None:
        """A person now waits for this too: put a waiting turn behind the other people's."""
        if turn.priority is Priority.PERSON:
            return
        background = self._waiting[turn.priority]
        turn.priority = Priority.PERSON
        if turn in background:
            background.remove(turn)
            self._waiting[Priority.PERSON].append(turn)

    def hold(self, seconds: float) -> None:
        """The server asked for a pause: nothing starts before it is over, and nothing is saved up meanwhile.

        Whoever waits already, and for less time than that, is refused at once.
        """
        self._save_up()
        self._held_until = max(self._held_until, self._clock.monotonic() + seconds)
        self._saved, self._saved_at = 0.0, self._held_until
        for queue in self._waiting:
            for turn in [turn for turn in queue if turn.patient_until < self._held_until]:
                queue.remove(turn)
                if turn.granted is not None and not turn.granted.done():
                    turn.granted.set_exception(_queue_is_full(seconds))

    def close(self) -> None:
        """Grant nothing more."""
        if self._timer is not None:
            self._timer.cancel()

    async def _enter(self, turn: Slot, longest_wait_seconds: float) -> None:
        wait = self._expected_wait_seconds(turn.priority)
        if wait > longest_wait_seconds:
            raise _queue_is_full(wait)
        turn.patient_until = self._clock.monotonic() + longest_wait_seconds
        turn.granted = asyncio.get_running_loop().create_future()
        self._waiting[turn.priority].append(turn)
        self._grant()
        if turn.granted.done():
            return
        try:
            async with asyncio.timeout(longest_wait_seconds):
                await turn.granted
        except TimeoutError:
            self._give_up(turn)
            raise _queue_is_full(1 / self._per_second) from None
        except asyncio.CancelledError:
            self._give_up(turn)
            raise

    def _give_up(self, turn: Slot) -> None:
        """Leave the queue; a place granted at the last moment goes to the next, and counts as not used."""
        if turn.granted is not None and not turn.granted.cancelled() and turn.granted.exception() is None:
            self._places += 1
            self._saved += 1
        elif turn in self._waiting[turn.priority]:
            self._waiting[turn.priority].remove(turn)
        self._grant()

    def _expected_wait_seconds(self, priority: Priority) -> float:
        """How long a pause and the rate make a newcomer wait, behind everyone who goes before."""
        self._save_up()
        ahead = sum(len(queue) for queue in self._waiting[: priority + 1])
        return self._pause_seconds() + max(0.0, ahead + 1 - self._saved) / self._per_second

    def _pause_seconds(self) -> float:
        return max(0.0, self._held_until - self._clock.monotonic())

    def _save_up(self) -> None:
        now = max(self._saved_at, self._clock.monotonic())
        self._saved = min(self._burst, self._saved + (now - self._saved_at) * self._per_second)
        self._saved_at = now

    def _grant(self) -> None:
        """Give out the places there are; with a place but no start saved up, look again when there is one."""
        self._save_up()
        pause = self._pause_seconds()
        while not pause and self._places > 0 and self._saved >= _ONE_START and (queue := self._next_queue()):
            turn = queue.popleft()
            if turn.granted is not None and not turn.granted.done():
                self._places -= 1
                self._saved -= 1
                turn.granted.set_result(None)
        if self._places > 0 and self._timer is None and self._next_queue():
            wait = pause + (1 - self._saved) / self._per_second
            self._timer = self._errands.start(self._grant_later(wait))

    def _next_queue(self) -> deque[Slot] | None:
        return next((queue for queue in self._waiting if queue), None)

    async def _grant_later(self, seconds: float) -> None:
        try:
            await self._clock.sleep(seconds)
        finally:
            self._timer = None
        self._grant()


def _queue_is_full(wait_seconds: float) -> RateLimitedError:
    return RateLimitedError("our own queue for the organisation is full", retry_after_seconds=wait_seconds)

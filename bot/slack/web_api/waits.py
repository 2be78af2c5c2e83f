"""The waits that Slack asked for with 429: nothing is asked before they are over, by whichever process.

Each process counts them itself, by the clock that only goes forward. What another one was told is in the
database, with times of a wall clock that may jump.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import structlog

from bot.domain.errors import SlackLimitedError, SlackPassingError, StoreError
from bot.domain.ports import Clock, SlackLimit, SlackWait, SlackWaitStore
from bot.slack.web_api.methods import PER_CHANNEL
from bot.tasks import ClockJumps, Errands

PATIENCE_SECONDS: Final = 1.0
"""How long a call waits for the database, be it to say what others were told: people wait for answers."""
ASLEEP_SECONDS: Final = 5.0
"""Longer than any question to the database takes: the process was stopped, and what it was to send is old."""
_WRITE_PAUSES_SECONDS: Final = (0.1, 0.3, 1.0, 3.0)

_log = structlog.stdlib.get_logger(__name__)


class _Counted(NamedTuple):
    until: datetime
    """As it is in the database: which wait it is."""
    ends_at: float
    """By the clock that only goes forward."""


class SlackWaits:
    """All waits that concern this process. Without a store, those that it was asked for itself."""

    def __init__(self, clock: Clock, store: SlackWaitStore | None = None) -> None:
        self._clock = clock
        self._store = store
        self._jumps = ClockJumps(clock)
        self._counted: dict[SlackLimit, _Counted] = {}
        self._telling = Errands("telling others to wait for Slack")

    def of(self, team_id: str) -> TeamWaits:
        """Those of one workspace."""
        return TeamWaits(self, team_id)

    async def refuse_early(self, limit: SlackLimit) -> None:
        """Return where a call can be made now.

        Raises:
            SlackLimitedError: Slack asked to wait, this process or another one: it says how much longer.
            SlackPassingError: so much time passed meanwhile that another process may have called.
        """
        began_at = self._clock.monotonic()
        await self._forget_what_is_over()
        if limit not in self._counted and (wait := await self._told_to_others(limit)) is not None:
            self._counted[limit] = _Counted(wait.until, self._clock.monotonic() + self._seconds_left(wait))
            await self._forget_what_is_over()
        if limit in self._counted:
            left = self._counted[limit].ends_at - self._clock.monotonic()
            detail = f"{limit.method}: Slack asked to wait, not called for {left:.1f} s"
            raise SlackLimitedError(detail, slack_code="ratelimited", retry_after_seconds=left)
        if self._clock.monotonic() - began_at >= ASLEEP_SECONDS:
            detail = f"{limit.method}: not called, this process was asleep"
            raise SlackPassingError(detail, slack_code="asleep", may_have_happened=False)

    async def begin(self, limit: SlackLimit, seconds: float) -> None:
        """Slack asks to wait: so does every process from now on."""
        wait = SlackWait(self._clock.now() + timedelta(seconds=seconds), seconds)
        counted = self._counted[limit] = _Counted(wait.until, self._clock.monotonic() + seconds)
        if self._store is not None:
            # Whoever called goes on meanwhile: the database may be away for longer than they have.
            telling = self._telling.start(self._tell_others(self._store, limit, wait, counted))
            await asyncio.wait([telling], timeout=PATIENCE_SECONDS)

    async def aclose(self) -> None:
        """End what is still being told."""
        await self._telling.aclose()

    async def _tell_others(
        self, store: SlackWaitStore, limit: SlackLimit, wait: SlackWait, counted: _Counted
    ) -> None:
        for pause in (*_WRITE_PAUSES_SECONDS, None):
            if self._counted.get(limit) is not counted:
                return  # it is over, or Slack has asked for another one since
            try:
                await store.begin_wait(limit, wait)
            except StoreError as error:
                if pause is None or not error.can_retry:
                    _log.warning("other processes don't know that Slack asked to wait", detail=error.detail)
                    return
                await self._clock.sleep(pause)
            else:
                return

    async def _told_to_others(self, limit: SlackLimit) -> SlackWait | None:
        """None too where the database does not say: then Slack says it again."""
        if self._store is None:
            return None
        with suppress(StoreError, TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._store.wait(limit)
        return None

    def _seconds_left(self, wait: SlackWait) -> float:
        """Of a wait that this process sees for the first time: the whole of it where its clock says nothing.

        It may have been written before the clock jumped, be it ahead or back.
        """
        now, steady_since = self._jumps.moment()
        mistrusted_until = steady_since + timedelta(seconds=wait.seconds)
        return min((max(wait.until, mistrusted_until) - now).total_seconds(), wait.seconds)

    async def _forget_what_is_over(self) -> None:
        now = self._clock.monotonic()
        over = {limit: counted for limit, counted in self._counted.items() if counted.ends_at <= now}
        for limit in over:
            del self._counted[limit]
        if self._store is None:
            return
        with suppress(StoreError, TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):  # for all: a trigger lives 3 s
                for limit, counted in over.items():
                    await self._store.end_wait(limit, counted.until)


@dataclass(frozen=True, slots=True)
class TeamWaits:
    """The waits that concern whoever calls in one workspace, or organization of them; none: only the app."""

    _waits: SlackWaits
    _team_id: str

    @asynccontextmanager
    async def kept(self, method: str, body: Mapping[str, Any]) -> AsyncIterator[None]:
        """Call the method in this block.

        Raises:
            SlackLimitedError: the block is not run; or it raised this, and everybody waits from now on.
        """
        channel_id = str(body.get("channel", "")) if method in PER_CHANNEL else ""
        limit = SlackLimit(self._team_id, method, channel_id)
        await self._waits.refuse_early(limit)
        try:
            yield
        except SlackLimitedError as error:
            await self._waits.begin(limit, error.retry_after_seconds)
            raise

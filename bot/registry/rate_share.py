"""This process's share of the limits that Simplismart sets an organization: they hold over all processes."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from typing import Final

import structlog

from bot.domain.errors import StoreError
from bot.domain.ports import Clock
from bot.domain.ports.tenants import ProcessStore
from bot.registry.organizations import Organizations
from bot.tasks import OnRound

BEAT_SECONDS: Final = 2.0
LEASE_SECONDS: Final = 10.0
JOINING_SECONDS: Final = BEAT_SECONDS + 0.5
"""Until all others know of a process that has just come; it asks nothing before."""
LOST_PARTS: Final = 10
"""Divisor of the share of a process whose lease is over, where there were others."""
_LAST_SECONDS: Final = 1.0

_log = structlog.stdlib.get_logger(__name__)


class RateShare:
    """Each live process has the same share, whatever it asks about. With one process it is all there is."""

    def __init__(self, processes: ProcessStore, organizations: Organizations, clock: Clock) -> None:
        self._processes = processes
        self._organizations = organizations
        self._clock = clock
        self._id = secrets.token_hex(8)
        self._live = 1
        self._lives_until = clock.monotonic()

    async def join(self) -> None:
        """Be one of them. Where there are others, wait until they know it."""
        try:
            await self._beat()
        except StoreError as error:
            _log.warning("how many processes there are is not known yet", detail=error.detail)
        if self._live > 1:
            self._organizations.hold(JOINING_SECONDS)

    async def run(self, on_round: OnRound) -> None:
        """Say again and again that this process lives, and take the share that is left for it."""
        try:
            while True:
                try:
                    await self._beat()
                except StoreError as error:
                    on_round(error)
                    self._unheard()
                else:
                    on_round(None)
                await self._clock.sleep(BEAT_SECONDS)
        finally:
            with suppress(StoreError, TimeoutError):
                async with asyncio.timeout(_LAST_SECONDS):
                    await self._processes.leave(self._id)

    async def _beat(self) -> None:
        began_at = self._clock.monotonic()
        live = max(1, await self._processes.beat(self._id, self._clock.now(), LEASE_SECONDS))
        self._lives_until = began_at + LEASE_SECONDS
        if live != self._live:
            _log.info("the limits of Simplismart are shared", processes=live)
        self._live = live
        self._organizations.share(live)

    def _unheard(self) -> None:
        """The others think that this one is gone, and have shared its part among them."""
        if self._live > 1 and self._clock.monotonic() >= self._lives_until:
            self._organizations.share(self._live * LOST_PARTS)

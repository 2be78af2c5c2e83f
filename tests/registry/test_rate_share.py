"""The training API's limits hold over all processes of an organization, also as they come, die and leave."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import pytest
from pydantic import SecretStr

from bot.domain.errors import RateLimitedError, StoreError
from bot.domain.ports.monitoring import NOT_MEASURED
from bot.domain.ports.tenants import OrganizationAccess
from bot.registry.organizations import Organizations, account_of
from bot.registry.rate_share import LEASE_SECONDS, RateShare
from bot.store.store import DatabaseStore
from bot.training_api.rate_limiter import BURST, PER_SECOND, RateLimiter, Slot
from tests.loop_clock import LoopClock
from tests.sqlite_file import SQLiteFile, sqlite_file

ACCESS = OrganizationAccess("org-1", "https://api.example", SecretStr("key"))


@pytest.fixture(scope="session")
def database() -> Iterator[SQLiteFile]:
    """One for all."""
    with sqlite_file() as made:
        yield made


class Process:
    """One of several, which asks as often as it may."""

    def __init__(self, store: DatabaseStore, clock: LoopClock, starts: list[float]) -> None:
        self._clock = clock
        self._starts = starts
        self._organizations = Organizations(clock, NOT_MEASURED, is_fixed=True)
        self._organizations.keep([ACCESS])
        self._share = RateShare(store.processes, self._organizations, clock)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Join, and ask."""
        await self._share.join()
        self._organizations.open(account_of(ACCESS))
        limiter = self._organizations._limiters["org-1"]  # noqa: SLF001  (what is sent shows no more)
        self._tasks = [asyncio.create_task(self._share.run(lambda _: None))]
        self._tasks += [asyncio.create_task(self._ask(limiter)) for _ in range(4)]

    async def stop(self) -> None:
        """Leave."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._organizations.aclose()

    def die(self) -> None:
        """Do nothing any more, without a word."""
        self._share._processes = Gone()  # type: ignore[assignment]  # noqa: SLF001
        for task in self._tasks:
            task.cancel()

    async def _ask(self, limiter: RateLimiter) -> None:
        while True:
            with suppress(RateLimitedError):
                async with limiter.turn(Slot(), 30.0):
                    self._starts.append(self._clock.monotonic())
                    await self._clock.sleep(0.01)


class Gone:
    """A database that does not answer."""

    async def leave(self, _process_id: str) -> None:
        """Raises StoreError."""
        raise StoreError


def _most(starts: list[float], seconds: float) -> int:
    """The most starts in any so many seconds."""
    return max(sum(at <= each < at + seconds for each in starts) for at in starts)


async def test_the_limits_hold_over_all_processes(database: SQLiteFile) -> None:
    """One, then two, then three; one dies, one leaves: together they ask no more than one may."""
    await database.clear()
    clock, starts = LoopClock(), list[float]()
    began_at = clock.monotonic()
    processes = [Process(database.store, clock, starts) for _ in range(3)]
    for process in processes:
        await process.start()
        await clock.sleep(20)
    processes[0].die()
    await clock.sleep(20)
    await processes[1].stop()
    await clock.sleep(20)
    await processes[2].stop()
    await database.store.database.close()
    for seconds in (10, 20, 60):
        assert _most(starts, seconds) <= seconds * PER_SECOND + BURST + 1, seconds
    steady = [at - began_at for at in starts if at - began_at > 20]
    assert _most(steady, 10) <= 10 * PER_SECOND + BURST / 2, "what two saved up before"
    last = [at for at in steady if at >= 80 + LEASE_SECONDS]
    assert len(last) >= 0.9 * PER_SECOND * (20 - LEASE_SECONDS), "all of it is the last one's"


async def test_one_process_has_all_of_it_at_once(database: SQLiteFile) -> None:
    """It waits for nobody."""
    await database.clear()
    clock, starts = LoopClock(), list[float]()
    process = Process(database.store, clock, starts)
    began_at = clock.monotonic()
    await process.start()
    await clock.sleep(1)
    await process.stop()
    await database.store.database.close()
    assert sum(at < began_at + 0.5 for at in starts) >= BURST

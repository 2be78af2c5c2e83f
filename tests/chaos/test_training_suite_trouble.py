"""The training suite away and back: one reply in each thread when it has been long, one when it is over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.domain.subscriptions.rules import OUTAGE_SECONDS
from bot.domain.subscriptions.subscription import Subscription
from bot.playground.workspace import ML_OPS
from tests.chaos.telling import RUN, check_not_early, take, until_told
from tests.chaos.worker import LEASE_SECONDS
from tests.chaos.world import WorkerProcess, World, world

OUTAGES: tuple[dict[str, Any], ...] = (
    {"down": True},
    {"html": True},
    {"rate_limited": True},
    {"key_expired": True},
)
"""What each one's switches are."""
FLAPS = 4
SHORTLY_SECONDS = 4.0
LEAP_SECONDS = 25.0
"""Less than the time without a look after which an outage counts from the beginning."""
LOOK_SECONDS = 1.0
"""Time goes on when everybody waits, so after everybody who was due has looked."""


async def test_down_for_long_and_back(database_url: str, tmp_path: Path) -> None:
    """However it does not answer, and though the worker is killed before the one reply or between the two."""
    async with world(database_url, tmp_path) as here:
        followed = [await here.follow("job-1"), await here.follow("job-2", ML_OPS)]
        worker = here.start_worker()
        take(here, RUN[0], "job-1", "job-2")
        await until_told(here, 1, *followed)
        for number, outage in enumerate(OUTAGES):
            here.suite.switches.update(outage)
            await here.until_so(lambda: _is_down(here))
            await _stay_down(here, OUTAGE_SECONDS / 2)
            worker = await _another(here, worker) if number % 2 else worker
            await _stay_down(here, OUTAGE_SECONDS - SHORTLY_SECONDS)
            await here.clock.sleep(SHORTLY_SECONDS / 2)
            assert {len(here.told(each)) for each in followed} == {1 + 2 * number}, here.story()
            await until_told(here, 2 + 2 * number, *followed)
            worker = worker if number % 2 else await _another(here, worker)
            here.suite.switches.update(dict.fromkeys(outage, False))
            await until_told(here, 3 + 2 * number, *followed)
        take(here, RUN[1], "job-1", "job-2")
        await until_told(here, 2 + 2 * len(OUTAGES), *followed)
        for each in followed:
            _check(here, each)
        check_not_early(here)


async def test_away_again_and_again(database_url: str, tmp_path: Path) -> None:
    """Never for long: nobody is told, and what happens meanwhile is."""
    async with world(database_url, tmp_path) as here:
        followed = [await here.follow("job-1"), await here.follow("job-2", ML_OPS)]
        worker = here.start_worker()
        await here.quiet()
        for _ in range(FLAPS):
            here.suite.switches.update({"down": True})
            await here.until_so(lambda: _is_down(here))
            await here.clock.leap(OUTAGE_SECONDS / 4)
            here.suite.switches.update({"down": False})
            await here.until_so(lambda: _is_up(here))
        take(here, RUN[0], "job-1", "job-2")
        await until_told(here, 1, *followed)
        assert worker.is_alive
        assert [len(here.told(each)) for each in followed] == [1, 1], here.story()
        check_not_early(here)


def _check(here: World, subscription: Subscription) -> None:
    texts = [message.text for message in here.told(subscription)]
    assert "started" in texts[0]
    assert "26%" in texts[-1]
    assert all("hasn't responded for 10 min" in text for text in texts[1:-1:2]), here.story()
    assert all("is responding again after 10 min" in text for text in texts[2:-1:2]), here.story()


async def _another(here: World, worker: WorkerProcess) -> WorkerProcess:
    here.kill(worker)
    await worker.died.wait()
    await here.clock.leap(LEASE_SECONDS)
    return here.start_worker()


async def _stay_down(here: World, seconds: float) -> None:
    """Until so long after the outage was noticed, by leaps with a look after each: it is one outage."""
    since = (await here.store.watches.plan(here.suite.org_id)).api_down_since
    assert since is not None
    until = since + timedelta(seconds=seconds)
    while (left := (until - here.clock.now()).total_seconds()) > 0:
        await here.clock.leap(min(left, LEAP_SECONDS))
        await here.clock.sleep(min(left - LEAP_SECONDS, LOOK_SECONDS))


async def _is_down(here: World) -> bool:
    return (await here.store.watches.plan(here.suite.org_id)).api_down_since is not None


async def _is_up(here: World) -> bool:
    return not await _is_down(here)

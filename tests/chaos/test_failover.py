"""The primary goes, a standby takes over, and the address leads there: everything goes on, told once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.playground.workspace import ME, ML_OPS, TRAINING, Message
from tests.chaos.relay import relayed
from tests.chaos.telling import LONGEST_GAP_SECONDS, RUN, check, check_not_early, take, told, until_told
from tests.chaos.world import World, world
from tests.standby import Server, primary_and_standby

Servers = tuple[Server, Server]


@pytest.fixture
def servers() -> Iterator[Servers]:
    """A primary and its standby; what is committed is on both."""
    with primary_and_standby() as both:
        yield both


@pytest.fixture
def asynchronous() -> Iterator[Servers]:
    """A primary that doesn't wait for its standby."""
    with primary_and_standby(settings="") as both:
        yield both


@pytest.mark.parametrize("how", ["killed", "demoted"])
async def test_a_standby_takes_over(servers: Servers, tmp_path: Path, how: str) -> None:
    """Killed as with its machine; or demoted: open connections still answer, and every write is refused."""
    primary, standby = servers
    async with relayed(primary.url) as (relay, url), world(url, tmp_path) as here:
        followed = [await here.follow("job-1"), await here.follow("job-2", ML_OPS)]
        server, worker = await here.start_server(), here.start_worker()
        take(here, RUN[0], "job-1", "job-2")
        await until_told(here, 1, *followed)
        await asyncio.to_thread(primary.kill if how == "killed" else primary.demote)
        take(here, RUN[1], "job-1", "job-2")
        assert "database" in (await _readiness(here))["store"]
        await here.workspace.slash(TRAINING, ME, "watch job-1")
        await here.until(lambda: [one for one in _private(here) if "database isn't responding" in one.text])
        await asyncio.to_thread(standby.promote)
        relay.lead_to(standby.socket_path)
        await here.store.database.close()  # the test's own, which only reads: that works on the old one too
        since = here.clock.monotonic()
        await until_told(here, 2, *followed)
        assert here.clock.monotonic() - since <= LONGEST_GAP_SECONDS
        assert (await _readiness(here))["store"] == "ok"
        for number, turn in enumerate(RUN[2:], start=3):
            take(here, turn, "job-1", "job-2")
            await until_told(here, number, *followed)
        await check(here, RUN, *followed)
        check_not_early(here)
        assert server.is_alive, here.story()
        assert worker.is_alive, here.story()


async def test_what_the_standby_never_got(asynchronous: Servers, tmp_path: Path) -> None:
    """The last moments are undone, as docs/operating.md says: told again, and a subscription is gone."""
    primary, standby = asynchronous
    async with relayed(primary.url) as (relay, url), world(url, tmp_path) as here:
        followed = await here.follow("job-1")
        server = await here.start_server()
        take(here, RUN[0], "job-1")
        await until_told(here, 1, followed)
        await asyncio.to_thread(standby.away)
        take(here, RUN[1], "job-1")
        await until_told(here, 2, followed)
        lost = await here.follow("job-2", ML_OPS)
        await here.until(lambda: here.card(lost))
        await here.quiet()
        await asyncio.to_thread(primary.kill)
        await asyncio.to_thread(standby.back)
        await asyncio.to_thread(standby.promote)
        relay.lead_to(standby.socket_path)
        await here.until(lambda: len(here.told(followed)) == 3)
        await here.quiet()
        assert [told(one.text, RUN) for one in here.told(followed)] == ["started", "26%", "26%"]
        assert await here.store.subscriptions.subscription(lost.id) is None
        take(here, RUN[2], "job-1", "job-2")
        await until_told(here, 4, followed)
        assert here.told(lost) == []
        assert server.is_alive, here.story()


def _private(here: World) -> list[Message]:
    return [one for one in here.workspace.messages(TRAINING) if one.ephemeral_to == ME]


async def _readiness(here: World) -> dict[str, str]:
    """What the process that serves says of itself; by real time, as whoever sends it traffic asks."""
    address = (here.workspace.request_url or "").partition("/slack")[0]
    async with aiohttp.ClientSession() as session, session.get(f"{address}/readyz") as answer:
        checks: dict[str, str] = (await answer.json())["checks"]
        return checks

"""What Slack asked for is told to other processes, and nobody is kept by a database that is slow or away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from bot.domain.errors import SlackLimitedError, StoreError
from bot.domain.ports import SlackLimit, SlackWait
from bot.playground.clock import ManualClock
from bot.slack.web_api.waits import PATIENCE_SECONDS, SlackWaits
from tests.delivery.test_loop import Ailing
from tests.sqlite_file import SQLiteFile, sqlite_file

METHOD, SECONDS = "conversations.replies", 30


@pytest.fixture
def clock() -> ManualClock:
    """One that only moves as told."""
    return ManualClock()


@pytest.fixture
async def database() -> AsyncIterator[SQLiteFile]:
    """An empty one."""
    with sqlite_file() as made:
        await made.clear()
        yield made
        await made.store.database.close()


class _Hangs:
    """A database that takes what it is told, and then says nothing anymore."""

    async def begin_wait(self, limit: SlackLimit, wait: SlackWait) -> None:
        """As the port says."""

    async def wait(self, limit: SlackLimit) -> SlackWait | None:
        """Never."""
        del limit
        await asyncio.Event().wait()
        return None

    async def end_wait(self, limit: SlackLimit, until: datetime) -> None:
        """Never."""
        del limit, until
        await asyncio.Event().wait()


async def test_a_database_that_hangs_keeps_no_window_from_opening(clock: ManualClock) -> None:
    """However many waits are over, of which the next call tells it: a trigger lives for 3 s."""
    waits = SlackWaits(clock, _Hangs())
    for number in range(20):
        await waits.begin(SlackLimit("T1", "chat.postMessage", f"C{number}"), SECONDS)
    clock.advance(SECONDS)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await waits.refuse_early(SlackLimit("T1", "views.open", ""))
    assert loop.time() - began <= 2 * PATIENCE_SECONDS


async def test_a_wait_that_is_told_late_takes_no_newer_one_back(
    clock: ManualClock, database: SQLiteFile
) -> None:
    """The database was away when Slack asked for the first."""
    away = Ailing(database.store.slack_waits, StoreError("gone"), begin_wait=1)
    waits, limit = SlackWaits(clock, away), SlackLimit("T1", METHOD, "")
    first = asyncio.create_task(waits.begin(limit, 1))
    while away.failures["begin_wait"]:  # noqa: ASYNC110  (nobody tells of it)
        await asyncio.sleep(0)
    await waits.begin(limit, 60)
    while not first.done():
        await asyncio.sleep(0.001)
        clock.advance(0.1)
    assert clock.monotonic() < 60
    found = await database.store.slack_waits.wait(limit)
    assert found is not None
    assert found.seconds == 60
    await waits.aclose()


class _Deaf(_Hangs):
    """One that does not even take what it is told."""

    async def begin_wait(self, limit: SlackLimit, wait: SlackWait) -> None:
        """Never."""
        del limit, wait
        await asyncio.Event().wait()


async def test_a_database_that_hangs_keeps_nobody_who_was_asked_to_wait(clock: ManualClock) -> None:
    """They have an answer to give; this process keeps to what Slack said."""
    waits = SlackWaits(clock, _Deaf())
    limit, loop = SlackLimit("T1", METHOD, ""), asyncio.get_running_loop()
    began = loop.time()
    await waits.begin(limit, SECONDS)
    assert loop.time() - began <= 2 * PATIENCE_SECONDS
    with pytest.raises(SlackLimitedError):
        await waits.refuse_early(limit)
    await waits.aclose()

"""What Slack asked one process to wait for, every process waits for: each method, whatever the clocks do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from bot.domain.errors import SlackError, SlackLimitedError, SlackPassingError, StoreError
from bot.domain.ports import SlackLimit, SlackWait
from bot.playground.clock import ManualClock
from bot.playground.serving import serving
from bot.playground.workspace import ML_OPS, TRAINING, Workspace
from bot.slack.gateway import open_session
from bot.slack.web_api.calling import SlackCalls
from bot.slack.web_api.waits import SlackWaits
from bot.store.store import DatabaseStore
from tests.delivery.test_loop import Ailing
from tests.slack.test_codes import LISTED
from tests.sqlite_file import SQLiteFile, sqlite_file
from tests.tables import each_row

HOUR = 3_600.0
METHOD, SECONDS = "conversations.replies", 30


@dataclass
class World:
    """A workspace, a database, and processes of the bot between them."""

    clock: ManualClock
    workspace: Workspace
    session: aiohttp.ClientSession
    store: DatabaseStore

    def process(self, team_id: str = "T1", store: Any = None) -> SlackCalls:
        """One more, which knows nothing but what is in the database."""
        waits = SlackWaits(self.clock, store or self.store.slack_waits)
        url, token = f"{self.workspace.base_url}/api/", self.workspace.identity.bot_token
        return SlackCalls(self.session, url, token, self.clock, lambda: 0.5, waits=waits.of(team_id))

    async def limited(self, process: SlackCalls, method: str = METHOD, channel_id: str = TRAINING) -> None:
        """It calls, and Slack asks it to wait."""
        self.workspace.faults.fail_next(1, "rate_limited", method=method, retry_after_seconds=SECONDS)
        with pytest.raises(SlackLimitedError):
            await process.once(method, {"channel": channel_id})

    async def calls(self, process: SlackCalls, method: str = METHOD, channel_id: str = TRAINING) -> float:
        """It calls: for how many seconds it was kept from that, 0 where it reached Slack."""
        before = len(self.workspace.calls_of(method))
        try:
            await process.once(method, {"channel": channel_id})
        except SlackLimitedError as error:
            assert len(self.workspace.calls_of(method)) == before
            return error.retry_after_seconds
        except SlackError:  # of arguments that are missing
            pass
        assert len(self.workspace.calls_of(method)) == before + 1
        return 0.0


@pytest.fixture(scope="module")
def database() -> Iterator[SQLiteFile]:
    """One for all."""
    with sqlite_file() as made:
        yield made


@pytest.fixture
async def here(database: SQLiteFile) -> AsyncIterator[World]:
    """A fresh one."""
    async with AsyncExitStack() as opening:
        await database.clear()
        opening.push_async_callback(database.store.database.close)
        clock = ManualClock()
        workspace = Workspace(clock)
        workspace.rates.enabled = False
        workspace.base_url = await opening.enter_async_context(serving(workspace.app()))
        opening.push_async_callback(workspace.aclose)
        session = await opening.enter_async_context(open_session())
        yield World(clock, workspace, session, database.store)


@each_row("method", sorted(LISTED))
async def test_every_method_that_is_called_waits_for_all_processes(here: World, method: str) -> None:
    """In its workspace, and in its channel where each has a limit of its own; then it is called again."""
    one, other, elsewhere = here.process(), here.process(), here.process("T2")
    here.clock.advance(SECONDS)
    await here.limited(one, method)
    assert await here.calls(one, method) == SECONDS
    here.clock.advance(10)
    assert await here.calls(other, method) == SECONDS - 10
    assert await here.calls(elsewhere, method) == 0
    is_per_channel = method == "chat.postMessage"
    assert await here.calls(other, method, ML_OPS) == (0 if is_per_channel else SECONDS - 10)
    here.clock.advance(SECONDS - 10)
    assert await here.calls(other, method) == await here.calls(one, method) == 0


async def test_methods_wait_each_for_itself(here: World) -> None:
    """The lookup is limited; messages go on."""
    process = here.process()
    await here.limited(process)
    assert await here.calls(process, "conversations.history") == 0


@pytest.mark.parametrize("jumped", [-24 * HOUR, -HOUR, -10.0, 10.0, HOUR, 24 * HOUR])
@pytest.mark.parametrize("knows", [True, False])
async def test_a_jump_of_the_clock_makes_no_wait_shorter_or_longer(
    here: World, jumped: float, *, knows: bool
) -> None:
    """In processes that lived through it: they have known of the wait before, or hear of it afterwards."""
    one, other = here.process(), here.process()
    here.clock.advance(HOUR)
    await here.limited(one)
    if knows:
        assert await here.calls(other) == SECONDS
    here.clock.advance(10)
    here.clock.jump(jumped)
    assert await here.calls(one) == SECONDS - 10
    left = await here.calls(other)
    assert left == SECONDS - 10 if knows else SECONDS - 10 <= left <= SECONDS
    here.clock.advance(left)
    assert await here.calls(one) == await here.calls(other) == 0


@pytest.mark.parametrize("jumped", [-24 * HOUR, -HOUR, 0.0, HOUR, 24 * HOUR])
async def test_a_process_that_starts_after_a_jump_waits_too(here: World, jumped: float) -> None:
    """It can't know that the clock jumped: from its start it waits as long as Slack asked, and no longer."""
    await here.limited(here.process())
    here.clock.jump(jumped)
    fresh = here.process()
    assert await here.calls(fresh) == SECONDS
    here.clock.advance(SECONDS)
    assert await here.calls(fresh) == 0
    assert await here.store.slack_waits.wait(SlackLimit("T1", METHOD)) is None, "nobody waits for it again"


async def test_a_process_that_was_stopped_before_its_call_does_not_make_it(here: World) -> None:
    """Whatever it was to send, another one may have sent meanwhile; asked again, it calls."""
    limit, known = SlackLimit("T1", METHOD), here.store.slack_waits

    async def wait(asked: SlackLimit) -> SlackWait | None:
        here.clock.advance(60)
        return await known.wait(asked)

    process = here.process(store=SimpleNamespace(wait=wait))
    with pytest.raises(SlackPassingError) as caught:
        await process.once(METHOD, {"channel": TRAINING})
    assert not caught.value.may_have_happened
    assert len(here.workspace.calls_of(METHOD)) == 0
    assert await here.calls(here.process()) == 0
    assert await known.wait(limit) is None


class _GoneError(StoreError):
    """For good."""

    can_retry = False


async def test_without_the_database_a_process_still_waits_itself(here: World) -> None:
    """And calls as ever."""
    gone = Ailing(here.store.slack_waits, _GoneError("gone"), wait=9, begin_wait=9, end_wait=9)
    process = here.process(store=gone)
    assert await here.calls(process) == 0
    await here.limited(process)
    assert await here.calls(process) == SECONDS
    here.clock.advance(SECONDS)
    assert await here.calls(process) == 0


async def test_a_database_that_is_away_for_a_moment_is_told_all_the_same(here: World) -> None:
    """Until when was known before: nobody waits longer for that."""
    waits = Ailing(here.store.slack_waits, StoreError("gone"), begin_wait=2)
    limited = asyncio.create_task(here.limited(here.process(store=waits)))
    while not limited.done():
        await asyncio.sleep(0.001)
        here.clock.advance(0.5)
    passed = here.clock.monotonic()
    assert 0 < passed < SECONDS
    assert await here.calls(here.process()) == pytest.approx(SECONDS)
    assert await here.store.slack_waits.wait(SlackLimit("T1", METHOD)) == SlackWait(
        here.clock.now() + timedelta(seconds=SECONDS - passed), SECONDS
    )

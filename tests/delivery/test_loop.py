"""The loop: it rests, wakes, and outlives whatever the database and we ourselves do wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.delivery import Delivery
from bot.domain.errors import SchemaError, StoreError
from bot.playground.workspace import TRAINING, Message
from tests.delivery.world import HISTORY, LEASE_SECONDS, World
from tests.resting_loop import at_rest
from tests.store_with import store_with

POST = "chat.postMessage"


class Ailing:
    """A port, with the next calls of some methods failing."""

    def __init__(self, port: Any, error: Exception, **failures: int) -> None:
        self._port = port
        self._error = error
        self.failures = failures

    def __getattr__(self, name: str) -> Any:
        """The port's own method, or one that fails."""
        if self.failures.get(name, 0) <= 0:
            return getattr(self._port, name)
        self.failures[name] -= 1

        async def fail(*_arguments: object, **_named: object) -> None:
            raise self._error

        return fail


@asynccontextmanager
async def running(delivery: Delivery) -> AsyncIterator[asyncio.Task[None]]:
    """The loop, while the block runs."""
    task = asyncio.create_task(delivery.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _until(here: World, is_so: Callable[[], object]) -> None:
    """Move the clock on while everybody rests, until it is so."""

    async def wait() -> None:
        while not is_so():  # noqa: ASYNC110  (nobody tells of it)
            await asyncio.sleep(0.001)

    async with asyncio.timeout(5):
        await here.moving(wait())


def _said(here: World) -> list[Message]:
    return here.workspace.messages(TRAINING)


async def test_what_is_put_into_the_outbox_is_sent_within_a_second(here: World) -> None:
    """Also by another process, which cannot ring."""
    async with running(here.delivery):
        await _until(here, lambda: here.clock.slept)
        await here.follow()
        await _until(here, lambda: _said(here))
    # How long the loop rests, not how far the clock was moved: a busy machine moves it further.
    assert max(here.clock.slept) <= 1


async def test_the_bell_wakes_it_at_once(here: World) -> None:
    """No rest is waited out: the clock stands still."""
    async with running(here.delivery):
        await at_rest()
        await here.follow()
        here.delivery.wake()
        await here.workspace.wait_for(lambda: _said(here) or None)


async def test_a_hanging_call_holds_no_other_channel(here: World) -> None:
    """Each lane is on its own."""
    slow, quick = await here.follow("job-1"), await here.follow("job-2", "C0MLOPS001")
    here.workspace.faults.fail_next(1, "timeout", method=POST, channel_id=TRAINING)
    async with running(here.delivery):
        await here.workspace.wait_for(lambda: here.workspace.messages("C0MLOPS001") or None)
        assert not (await here.now(slow)).is_open
    assert (await here.now(quick)).channel_id == "C0MLOPS001"


@pytest.mark.parametrize(
    ("method", "error", "seconds"),
    [
        ("claim_lanes", ZeroDivisionError(), 5),
        ("finish_post", SchemaError("older"), LEASE_SECONDS + 5),
    ],
)
async def test_it_outlives_the_database(here: World, method: str, error: Exception, seconds: float) -> None:
    """It tries again after a pause, or when the lease is over, and every message comes once."""
    outbox = Ailing(here.store.outbox, error, **{method: 1})
    subscription = await here.follow()
    await here.tell("one")
    with capture_logs():
        async with running(here.another(store=store_with(here.store, outbox=outbox))):
            await _until(here, lambda: here.clock.monotonic() > seconds)
    assert here.thread(await here.now(subscription)) == ["one"]
    assert len(_said(here)) == 2


async def test_what_slack_did_is_written_down_when_the_database_is_back(here: World) -> None:
    """A moment's absence costs nothing, also where nobody could look into the history."""
    here.workspace.scopes.difference_update(HISTORY)
    outbox = Ailing(here.store.outbox, StoreError("gone"), finish_post=3, finish_edit=3)
    subscription = await here.opened()
    await here.tell("one")
    await here.move(progress=10)
    await here.run_for(4, here.another(store=store_with(here.store, outbox=outbox)))
    assert here.thread(subscription) == ["one"]
    assert here.card(subscription).edited
    assert not any(outbox.failures.values())


async def test_our_own_mistake_costs_a_message_some_time(here: World) -> None:
    """Whatever a call raises, the message is tried again, and the log says what it was."""
    slack = Ailing(here.slack, RuntimeError("Session is closed"), send=1)
    delivery = here.another(slack=slack)
    subscription = await here.opened()
    await here.tell("one")
    with capture_logs() as logs:
        await here.run_for(4, delivery)
    assert here.thread(subscription) == ["one"]
    assert "Session is closed" in str(logs)


async def test_pauses_grow_while_the_database_is_away(here: World) -> None:
    """Nobody hammers a database that does not answer."""
    outbox = Ailing(here.store.outbox, StoreError("gone"), next_lane_at=10)
    async with running(here.another(store=store_with(here.store, outbox=outbox))):
        await _until(here, lambda: not outbox.failures["next_lane_at"])
    assert here.clock.slept[:7] == [1, 2, 4, 8, 16, 30, 30]


async def test_a_schema_of_another_version_is_told_once(here: World) -> None:
    """Not every second again."""
    outbox = Ailing(here.store.outbox, SchemaError("run migrate"), next_lane_at=3)
    with capture_logs() as logs:
        async with running(here.another(store=store_with(here.store, outbox=outbox))):
            await _until(here, lambda: not outbox.failures["next_lane_at"])
    assert str(logs).count("run migrate") == 1


async def test_calls_under_way_may_end_before_it_does(here: World) -> None:
    """Told to stop in the middle of a call, it writes down what came of it."""
    subscription = await here.follow()
    begun = asyncio.Event()
    delivery = here.another(lambda step: begun.set() if step == "before send" else None)
    async with running(delivery):
        await begun.wait()
    assert (await here.now(subscription)).is_open

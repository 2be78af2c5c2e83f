"""The wall clock jumps while messages wait, are paced, or are being sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.delivery import Delivery
from bot.delivery.crash_points import LANE_CLAIMED, POST_FINISHED
from bot.domain.errors import StoreError
from bot.domain.ports import Lane
from tests.delivery.test_loop import Ailing
from tests.delivery.world import LEASE_SECONDS, World
from tests.store_with import store_with

HOUR = 3_600.0
POST = "chat.postMessage"


@asynccontextmanager
async def _running(delivery: Delivery) -> AsyncIterator[None]:
    task = asyncio.create_task(delivery.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _until(here: World, is_so: Callable[[], object]) -> None:
    """Move the clock on while everybody rests, until it is so."""

    async def wait() -> None:
        while not is_so():  # noqa: ASYNC110  (nobody tells of it)
            await asyncio.sleep(0.001)

    async with asyncio.timeout(10):
        await here.moving(wait())


@pytest.mark.parametrize("jumped", [-24 * HOUR, -HOUR, -100.0, HOUR, 24 * HOUR])
async def test_messages_come_within_a_lease_whatever_the_clock_does(here: World, jumped: float) -> None:
    """The channel was closed for a second by the time it was; those after it come at their pace."""
    subscription = await here.opened()
    async with _running(here.delivery):
        await here.tell("one")
        await _until(here, lambda: here.thread(subscription) == ["one"])
        here.clock.jump(jumped)
        jumped_at = here.clock.monotonic()
        await here.tell("two", "three")
        here.delivery.wake()
        await _until(here, lambda: here.thread(subscription) == ["one", "two", "three"])
    assert here.clock.monotonic() - jumped_at <= LEASE_SECONDS + 10


async def test_what_waits_for_its_next_try_is_tried(here: World) -> None:
    """Slack failed, and the next try was to be in a few seconds, by the time it was."""
    subscription = await here.opened()
    here.workspace.faults.fail_next(1, "server_error", method="chat.postMessage")
    async with _running(here.delivery):
        await here.tell("one")
        await _until(here, lambda: here.workspace.faults.next_for("chat.postMessage") is None)
        here.clock.jump(-HOUR)
        jumped_at = here.clock.monotonic()
        await _until(here, lambda: here.thread(subscription) == ["one"])
    assert here.clock.monotonic() - jumped_at <= LEASE_SECONDS + 10


async def test_a_process_that_was_away_while_the_clock_was_set_back_sends_soon(here: World) -> None:
    """What it finds was to be sent in an hour, which no try is ever put off for."""
    subscription = await here.opened()
    await here.tell("one")
    await here.run_for(0.5)
    await here.tell("two")
    here.clock.jump(-2 * HOUR)
    async with _running(here.another()):
        started_at = here.clock.monotonic()
        await _until(here, lambda: here.thread(subscription) == ["one", "two"])
    assert here.clock.monotonic() - started_at <= 1_100


async def test_after_a_jump_forward_nobody_is_overtaken(here: World) -> None:
    """A lease that seems to be over may be held: for as long as it lasts nothing is claimed."""
    claimed: list[float] = []

    def on_crash_point(step: str) -> None:
        if step == LANE_CLAIMED:
            claimed.append(here.clock.monotonic())

    await here.opened()
    await here.tell("one")
    [_held] = await here.store.outbox.claim_lanes(here.clock.now(), LEASE_SECONDS, 10)
    delivery = here.another(on_crash_point)
    here.clock.jump(HOUR)
    jumped_at = here.clock.monotonic()
    async with _running(delivery):
        await _until(here, lambda: claimed)
    assert claimed[-1] - jumped_at >= LEASE_SECONDS - 2


class Asleep:
    """An outbox of whose process nothing is heard from when it had asked what time it is until it claims."""

    def __init__(self, port: Any, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self._port = port
        self._meanwhile = meanwhile

    def __getattr__(self, name: str) -> Any:
        """The port's own method, but for a nap."""
        call = getattr(self._port, name)
        if not name.startswith("claim_lane"):
            return call

        async def later(*arguments: object, **named: object) -> Any:
            await self._meanwhile()
            return await call(*arguments, **named)

        return later


@pytest.mark.parametrize("is_hurried", [False, True])
async def test_who_claims_with_the_time_before_its_nap_sends_nothing(
    here: World, *, is_hurried: bool
) -> None:
    """The clock was set back meanwhile: to that process every lease seems to be over, and one is held."""
    await here.opened()
    held: list[Lane] = []

    async def meanwhile() -> None:
        if not held:
            here.clock.jump(-HOUR)
            await here.store.outbox.rebase_sending(here.clock.now(), here.clock.now())
            here.clock.advance(LEASE_SECONDS)
            held.extend(await here.store.outbox.claim_lanes(here.clock.now(), LEASE_SECONDS, 10))

    asleep = here.another(store=store_with(here.store, outbox=Asleep(here.store.outbox, meanwhile)))
    here.clock.advance(2 * LEASE_SECONDS)
    if is_hurried:
        subscription = await here.follow("job-2")
        await asleep.hurry(subscription.id)
    else:
        await here.tell("one")
        await asleep.round()
    assert len(held) == 1
    assert len(here.workspace.calls_of(POST)) == 1  # the card before


@pytest.mark.parametrize("jumped", [-HOUR, -10.0, 2.0, 10.0, HOUR])
async def test_a_jump_makes_no_pause_in_a_channel_shorter(here: World, jumped: float) -> None:
    """Whichever process sent the last message."""
    here.workspace.rates.enabled = False
    subscription, other = await here.opened(), here.another()
    async with _running(here.delivery), _running(other):
        await here.tell("one", "two")
        await _until(here, lambda: here.thread(subscription) == ["one"])
        here.clock.jump(jumped)
        await _until(here, lambda: here.thread(subscription) == ["one", "two"])
    _, first, second = here.workspace.calls_of(POST)
    assert second.at_seconds - first.at_seconds >= 1


@pytest.mark.parametrize("jumped", [-HOUR, 2.0, HOUR])
async def test_nor_does_it_in_a_process_that_starts_then(here: World, jumped: float) -> None:
    """It can't know of the jump, and what waits since long before waits a moment longer."""
    here.workspace.rates.enabled = False
    subscription = await here.opened()
    await here.tell("one", "two")
    await here.run_for(0.5)
    here.clock.jump(jumped)
    async with _running(here.another()):
        await _until(here, lambda: here.thread(subscription) == ["one", "two"])
    _, first, second = here.workspace.calls_of(POST)
    assert second.at_seconds - first.at_seconds >= 1


@pytest.mark.parametrize("jumped", [-HOUR, HOUR])
async def test_a_wait_that_slack_asked_for_ends_when_it_said(here: World, jumped: float) -> None:
    """Neither earlier nor, where no lease has to be waited for, much later."""
    steps: list[str] = []
    subscription = await here.opened()
    here.workspace.faults.fail_next(1, "rate_limited", method=POST, retry_after_seconds=30)
    async with _running(here.another(steps.append)):
        await here.tell("one")
        await _until(here, lambda: POST_FINISHED in steps)
        limited_at = here.clock.monotonic()
        here.clock.jump(jumped)
        await _until(here, lambda: here.thread(subscription) == ["one"])
    assert 29 <= here.clock.monotonic() - limited_at <= 35


@pytest.mark.parametrize("jumped", [-2 * HOUR, -HOUR, HOUR])
async def test_what_was_sent_before_a_jump_is_found(here: World, jumped: float) -> None:
    """Nobody wrote down that it was; it comes once, whichever of the two times is right."""
    subscription = await here.opened()
    await here.tell("one")
    outbox = Ailing(here.store.outbox, StoreError("gone"), finish_post=10)
    await here.run_for(1, here.another(store=store_with(here.store, outbox=outbox)))
    assert here.thread(subscription) == ["one"]
    here.clock.jump(jumped)
    await here.tell("two")
    async with _running(here.delivery):
        await _until(here, lambda: "two" in here.thread(subscription))
    assert here.thread(subscription) == ["one", "two"]

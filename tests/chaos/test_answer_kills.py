"""kill -9 of a process that answers, at every step: what was acknowledged is done, and nothing twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.cards.kit import actions
from bot.delivery.crash_points import BEFORE_EDIT, EDIT_SENT
from bot.handlers.deliveries import crash_points
from bot.playground.workspace import ME, TRAINING, Delivery, Message
from tests.chaos.worker import LEASE_SECONDS
from tests.chaos.world import World, world

REQUEST = (
    crash_points.CLAIMED,
    crash_points.BEGUN,
    crash_points.CARD_MADE,
    crash_points.CARD_SENT,
    crash_points.DONE,
    crash_points.FINISHED,
)
"""Of what is promised; at the first of them it is written down and not yet acknowledged."""
PRESS = (
    crash_points.CLAIMED,
    crash_points.BEGUN,
    BEFORE_EDIT,
    EDIT_SENT,
    crash_points.DONE,
    crash_points.FINISHED,
)
"""Of one on a card, which is edited once it is stored that somebody subscribed."""
QUESTION = (
    crash_points.RECEIVED,
    crash_points.CLAIMED,
    crash_points.BEGUN,
    crash_points.DONE,
    crash_points.FINISHED,
)
ANSWERED_ALREADY = frozenset({crash_points.CARD_SENT, crash_points.DONE})
"""The answer has reached Slack, and nobody wrote that down: it may come a second time."""
ANSWERING = {crash_points.RECEIVED, *REQUEST, *QUESTION, crash_points.TAKEN_UP}


async def test_what_was_written_down_is_done(database_url: str, tmp_path: Path) -> None:
    """A command that subscribes: one thread, the asker told, and its repeat at the next process nothing."""
    async with world(database_url, tmp_path) as here:
        server = await here.start_server()
        for number, step in enumerate(REQUEST):
            name = f"job-{number}"
            here.suite.set(name, experiment_name=name, status="RUNNING")
            here.doom(server, step)
            asked = await here.workspace.slash(TRAINING, ME, f"watch {name}")
            await here.death(server, step)
            server = await here.start_server()
            await here.until(lambda name=name: _told(here, name))
            await here.workspace.send_again(asked)
            await _settled(here, name)
            assert len(_told(here, name)) <= 1 + (step in ANSWERED_ALREADY), (step, here.story())
            assert len(_cards(here, name)) == 1, (step, here.story())


async def test_a_pressed_card_is_the_only_one(database_url: str, tmp_path: Path) -> None:
    """[Subscribe] on the answer to a mention: it becomes the card whoever dies over it, and says so."""
    async with world(database_url, tmp_path) as here:
        server = await here.start_server()
        for number, step in enumerate(PRESS):
            name = f"job-{number}"
            here.suite.set(name, experiment_name=name, status="RUNNING")
            asked = await here.workspace.say(TRAINING, ME, f"<@{here.workspace.identity.bot_user_id}> {name}")
            await here.until(lambda asked=asked: _answers(here, asked))
            await here.clock.sleep(6.0)  # it is written down that the mention was answered
            [card] = _answers(here, asked)
            here.doom(server, step)
            pressed = await here.workspace.click(ME, card, actions.SUBSCRIBE)
            await here.death(server, step)
            server = await here.start_server()
            await here.until(lambda name=name: _told(here, name))
            await here.workspace.send_again(pressed)
            await here.clock.sleep(6.0)
            await here.quiet()
            [shown] = [one for one in _answers(here, asked) if one.ephemeral_to is None]
            assert shown.ts == card.ts, (step, here.story())
            assert _cards(here, name) == [asked.message], (step, here.story())
            assert "1 person subscribed" in str(shown.blocks), (step, here.story())
            assert len(_told(here, name)) <= 1 + (step in PRESS[2:]), (step, here.story())


async def test_what_was_not_written_down_was_not_promised(database_url: str, tmp_path: Path) -> None:
    """Slack itself tells the asker that nothing came; and so it is."""
    async with world(database_url, tmp_path) as here:
        here.suite.set("job-1", experiment_name="job-1", status="RUNNING")
        server = await here.start_server(crash_points.RECEIVED)
        asked = await here.workspace.slash(TRAINING, ME, "watch job-1")
        assert not asked.ok
        await here.death(server, crash_points.RECEIVED)
        await here.start_server()
        await here.clock.sleep(30.0)
        assert here.workspace.messages(TRAINING) == []


async def test_whoever_takes_it_up_may_die_too(database_url: str, tmp_path: Path) -> None:
    """The third one does it: a button, and a command."""
    async with world(database_url, tmp_path) as here:
        here.suite.set("job-1", experiment_name="job-1", status="RUNNING")
        first = await here.start_server(crash_points.BEGUN)
        await here.workspace.slash(TRAINING, ME, "watch job-1")
        await here.death(first, crash_points.BEGUN)
        second = await here.start_server(crash_points.TAKEN_UP)
        await here.death(second, crash_points.TAKEN_UP)
        third = await here.start_server()
        await here.until(lambda: _told(here, "job-1"))
        [card] = _cards(here, "job-1")
        here.doom(third, crash_points.BEGUN)
        await here.workspace.click(ME, card, "job.subscribe")
        await here.death(third, crash_points.BEGUN)
        await here.start_server()
        await here.until(lambda: [one for one in _private(here) if "already subscribed" in one.text])
        assert len(_told(here, "job-1")) == 2  # each of them once


async def test_a_question_is_answered_by_the_repeat(database_url: str, tmp_path: Path) -> None:
    """A mention: once, in its thread, whoever died over it; and not again where it was answered."""
    async with world(database_url, tmp_path) as here:
        here.suite.set("job-1", experiment_name="job-1", status="RUNNING")
        server = await here.start_server()
        for step in QUESTION:
            here.doom(server, step)
            asked = await here.workspace.say(TRAINING, ME, f"<@{here.workspace.identity.bot_user_id}> job-1")
            await here.death(server, step)
            server = await here.start_server()
            await here.workspace.send_again(asked)
            await here.until(lambda asked=asked: _answers(here, asked))
            await here.clock.leap(LEASE_SECONDS)
            await here.clock.sleep(2.0)
            assert len(_answers(here, asked)) <= 1 + (step in ANSWERED_ALREADY), (step, here.story())


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("watch job-1", crash_points.BEGUN),
        ("feed on", crash_points.BEGUN),
        ("feed on", crash_points.CARD_MADE),
    ],
)
async def test_one_that_sleeps_through_its_lease_says_nothing(
    postgresql_url: str, tmp_path: Path, words: str, step: str
) -> None:
    """It was not killed, and wakes when another one has answered."""
    async with world(postgresql_url, tmp_path) as here:
        here.suite.set("job-1", experiment_name="job-1", status="RUNNING")
        sleeper = await here.start_server()
        await asyncio.gather(here.asleep(sleeper, step), here.workspace.slash(TRAINING, ME, words))
        await here.start_server()
        await here.until(lambda: _private(here))
        here.wake(sleeper)
        await here.clock.sleep(20.0)
        assert len(_private(here)) == 1, here.story()
        assert sleeper.is_alive


async def test_a_clock_that_jumps_takes_nothing_from_who_is_at_it(
    postgresql_url: str, tmp_path: Path
) -> None:
    """Every lease seems to be over, to the other process too: it leaves it to whoever is at it."""
    async with world(postgresql_url, tmp_path) as here:
        await here.start_server()
        await here.clock.sleep(2.5)  # so that this one looks for what was left before the other renews
        await here.start_server()
        here.suite.switches.update({"latency_seconds": 2.0})
        await here.clock.sleep(2.0)
        asked = await here.workspace.slash(TRAINING, ME, "feed on")
        assert asked.ok
        here.clock.memory.jumped_seconds = 600.0
        await here.until(lambda: _private(here))
        await here.clock.sleep(20.0)
        assert len(_private(here)) == 1, here.story()


async def _settled(here: World, name: str) -> None:
    """Wait until nothing is left to be done, and to be sent."""
    deliveries = here.store.deliveries
    await here.clock.sleep(6.0)
    await here.until(lambda: _cards(here, name))
    await here.quiet()
    assert await deliveries.take_up_deliveries(here.clock.now(), 0.0, 10) == [], here.story()


def _private(here: World) -> list[Message]:
    return [one for one in here.workspace.messages(TRAINING) if one.ephemeral_to == ME]


def _told(here: World, name: str) -> list[Message]:
    """What the asker was told of this subscription."""
    return [one for one in _private(here) if name in one.text and "unsubscribed" not in one.text]


def _cards(here: World, name: str) -> list[Message]:
    """The threads about this job."""
    messages = here.workspace.messages(TRAINING)
    return [one for one in messages if one.ephemeral_to is None and not one.is_reply and name in one.text]


def _answers(here: World, asked: Delivery) -> list[Message]:
    assert asked.message is not None
    ts = asked.message.ts
    return [one for one in here.workspace.messages(TRAINING) if one.is_reply and one.thread_ts == ts]

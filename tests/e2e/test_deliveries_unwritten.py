"""What cannot be written down is not promised; a question is answered without the database too."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager

import pytest
import structlog

from bot.cards.kit import actions
from bot.playground.workspace import ME, TRAINING
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, World, world
from tests.resting_loop import threads_stuck

RUNNING = {"request_id": "run-7", "status": "RUNNING", "progress": 10}


@contextmanager
def _locked(each: World) -> Iterator[None]:
    """Somebody else writes into the database, and does not come to an end."""
    path = each.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with threads_stuck():
            yield
        other.execute("ROLLBACK")


@asynccontextmanager
async def _running() -> AsyncIterator[World]:
    """A bot that has used its database before."""
    async with world("http") as each:
        each.suite.add_job(RUNNING)
        await each.ask("watching")
        yield each


@pytest.mark.parametrize("words", ["watch run-7", "unwatch run-7", "feed on", "digest off"])
async def test_what_cannot_be_written_down_is_not_promised(words: str) -> None:
    """The person is told within the ack's time; nothing is done later, though the database comes back."""
    async with _running() as each:
        with _locked(each):
            loop = asyncio.get_running_loop()
            begun = loop.time()
            answer = await each.slash(words)
            assert loop.time() - begun < 2.0
        assert answer.message is not None
        assert "database isn't responding" in text_of(answer.message)
        await each.pass_until(lambda: each.clock.monotonic() > 60)
        await each.bot.stop()
        messages = each.workspace.messages(TRAINING)
        assert [message.text for message in messages][1:] == [answer.message.text]


async def test_a_button_and_a_mention_that_cannot_be_written_down_are_told_too() -> None:
    """To the presser and in the thread."""
    async with _running() as each:
        card = await each.mention(JOB)
        with _locked(each):
            await each.workspace.click(ME, card, actions.SUBSCRIBE)
            await each.told("database isn't responding")
            before = len(each.workspace.messages(TRAINING))
            bot = each.workspace.identity.bot_user_id
            await each.workspace.say(TRAINING, ME, f"<@{bot}> watch run-7")
            answer = await each.soon(
                lambda: next(iter(each.workspace.messages(TRAINING)[before + 1 :]), None)
            )
        assert "database isn't responding" in text_of(answer)


async def test_a_question_is_answered_without_the_database() -> None:
    """Nobody waits for it long; better answered twice than not at all."""
    async with _running() as each:
        with _locked(each), structlog.testing.capture_logs() as logged:
            answer = await each.mention(JOB)
        assert "support-tone-llama-8b" in text_of(answer)
        assert "answered without the database" in [entry["event"] for entry in logged]


async def test_nothing_of_an_address_for_answers_is_logged() -> None:
    """At no level, of what is written down, taken up or refused."""
    async with _running() as each:
        with structlog.testing.capture_logs() as logged, _locked(each):
            refused = await each.slash("watch run-7")
        with structlog.testing.capture_logs() as more:
            promised = await each.slash("watch run-7")
            await each.told("Subscribed to")
        for delivery in (refused, promised):
            assert str(delivery.payload["response_url"]) not in f"{logged} {more}"

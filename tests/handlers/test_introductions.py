"""The first answer in a channel, and the first to a person, says what the bot can do; no other does."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest

from bot.domain.errors import StoreError
from bot.handlers.entry import mentions
from bot.handlers.home.introductions import Introductions
from bot.playground.clock import ManualClock
from tests.handlers.neighbours import Neighbourhood

LINE = "I answer questions about training jobs"


@pytest.fixture
def made() -> Neighbourhood:
    """A job that runs, and nobody who was answered yet."""
    made = Neighbourhood()
    made.jobs.give("run-7", status="RUNNING", progress=10)
    made.new_places = {"C1", "U01"}
    return made


async def _say(made: Neighbourhood, text: str, **more: Any) -> list[bool]:
    """Of each message that answers whether it has the line."""
    event = {"type": "app_mention", "user": "U01", "channel": "C1", "ts": "6.0", "text": f"<@U09BOT> {text}"}
    before = len(made.slack.sent)
    body = {"team_id": "T1", "event": event | more, "event_id": "E1"}
    await mentions.answer(made.context, made.dispatch, body)
    return [LINE in str(message) for _, _, message in made.slack.sent[before:]]


DM = {"type": "message", "channel": "D1", "channel_type": "im"}


async def test_the_first_answer_has_the_line_and_is_still_one_message(made: Neighbourhood) -> None:
    """A channel's and a person's, each once; only on the first of several cards."""
    made.jobs.give("run-8", status="RUNNING", progress=10)
    assert await _say(made, "run-7 run-8") == [True, False]
    assert await _say(made, "run-7", user="U02") == [False]
    assert await _say(made, "run-7", **DM) == [True]
    assert await _say(made, "run-7", **DM) == [False]


@pytest.mark.parametrize("text", ["help", "hello", "thanks", "cancel it", "xyzzy plugh"])
async def test_what_answers_no_question_leaves_it_to_the_next(made: Neighbourhood, text: str) -> None:
    """Help, a greeting and questions back say what can be asked; thanks get a reaction at most."""
    assert True not in await _say(made, text)
    assert await _say(made, "run-7") == [True]


class _Greetings:
    """A database that is fast, slow or gone."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.is_open = asyncio.Event()
        self.is_open.set()
        self.error: StoreError | None = None

    async def greet(self, team_id: str, place: str, _now: datetime) -> bool:
        self.asked.append((team_id, place))
        await self.is_open.wait()
        if self.error is not None:
            raise self.error
        return True


async def test_the_database_is_asked_once_about_a_place() -> None:
    """Also where two ask at the same time."""
    store = _Greetings()
    introductions = Introductions(store, ManualClock())
    first = await asyncio.gather(*(introductions.is_first("T1", "C1") for _ in range(3)))
    assert sorted(first) == [False, False, True]
    assert await introductions.is_first("T2", "C1")
    assert store.asked == [("T1", "C1"), ("T2", "C1")]


async def test_no_answer_waits_for_a_database_that_is_slow_or_gone() -> None:
    """There is no line then, and the next answer does not ask again."""
    store = _Greetings()
    introductions = Introductions(store, ManualClock(), patience_seconds=0.01)
    store.is_open.clear()
    assert not await introductions.is_first("T1", "C1")
    store.is_open.set()
    await introductions.aclose()
    assert not await introductions.is_first("T1", "C1")
    store.error = StoreError("gone")
    assert not await introductions.is_first("T1", "C2")

"""Bad nights: whatever breaks, the person gets a card that says what happened and what to do."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import structlog

from bot.cards.kit.card import Card
from bot.handlers.jobs import status
from bot.handlers.kit.command import Command, Question
from bot.handlers.kit.context import Context
from bot.playground.training_suite import DEFAULT_TOKEN
from bot.playground.workspace import ME, TRAINING
from bot.playground.workspace.faults import FaultKind
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, Transport, World, world

SECRET = "xoxb-1234567890-abcdefghij"


@pytest.mark.parametrize(
    ("switches", "words", "again"),
    [
        ({"server_error": True}, "error", True),
        ({"html": True}, "", True),
        ({"html": True, "html_status": 502}, "", True),
        ({"rate_limited": True, "retry_after_seconds": 60}, "", True),
        ({"down": True}, "", True),
        ({"key_expired": True}, "SIMPLISMART_API_TOKEN", False),
    ],
)
async def test_every_failure_is_a_card(
    impatient: World, switches: dict[str, Any], words: str, *, again: bool
) -> None:
    """What to do next, a reference that is in the log too, [Try again] where that can help."""
    impatient.suite.switches.update(switches)
    with structlog.testing.capture_logs() as logged:
        card = await impatient.ask(JOB)
    assert words in text_of(card)
    assert ("Try again" in text_of(card)) is again
    found = re.search(r"Reference `?(\w+)", text_of(card))
    assert found is not None
    assert found[1] in {entry.get("reference") for entry in logged}
    assert DEFAULT_TOKEN not in f"{text_of(card)} {logged}"


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "no such job"), (400, "id")],
)
async def test_an_id_that_is_not_there_is_told(over_http: World, status: int, words: str) -> None:
    """404 and 400 are about the id: no [Try again]."""
    over_http.suite.raw("wrong-1", b'{"detail": "x"}', status)
    card = await over_http.ask("wrong-1")
    assert words in text_of(card).lower()
    assert "Try again" not in text_of(card)


async def test_an_earlier_answer_stands_in_with_a_warning(each: World) -> None:
    """The suite is down: what was known an hour ago at most is shown, and said to be old."""
    await each.ask(JOB)
    await each.let_pass(600)
    each.suite.switches.update({"key_expired": True})
    card = await each.ask(JOB)
    assert "support-tone-llama-8b" in text_of(card)
    assert "10 min" in text_of(card)


async def test_repeats_and_replays_are_dropped(each: World) -> None:
    """The same delivery twice is one answer: commands, buttons, events."""
    bot = each.workspace.identity.bot_user_id
    event = await each.workspace.say(TRAINING, ME, f"<@{bot}> {JOB}")
    card = await each.next_message(TRAINING, 1)
    command = await each.slash("nothing-1")
    await each.next_message(TRAINING, 2)
    press = await each.choose(card, "job.details")
    await each.soon(lambda: each.workspace.views_of(ME) or None)
    for delivery in (event, command, press):
        again = await each.workspace.send_again(delivery)
        assert again.ok
        assert not again.body
    await each.ask("help")
    assert len(each.workspace.messages(TRAINING)) == 4
    assert len(each.workspace.calls_of("views.open")) == 1


async def test_slack_that_says_429_is_waited_for(impatient: World) -> None:
    """The answer to a mention comes when Slack takes it, after the pause it asked for."""
    impatient.workspace.faults.fail_next(1, "rate_limited", method="chat.postMessage", retry_after_seconds=9)
    answer = await impatient.mention("help")
    assert answer.thread_ts
    assert any(9 <= pause < 12 for pause in impatient.clock.slept)


@pytest.mark.parametrize("kind", ["server_error", "html", "lost"])
async def test_slack_that_fails_for_a_moment_is_asked_again(impatient: World, kind: FaultKind) -> None:
    """A 500, a page or a lost connection does not cost the answer."""
    impatient.workspace.faults.fail_next(2, kind, method="chat.postMessage")
    assert "Ask in your own words" in text_of(await impatient.mention("help"))


def _fails_at_once(_context: Context, _question: Question) -> Card | None:
    msg = f"broken {SECRET}"
    raise RuntimeError(msg)


async def _fails_later(_context: Context, _question: Question) -> AsyncIterator[Card]:
    yield _fails_at_once(_context, _question) or Card("", ())


AT_ONCE = replace(status.COMMAND, instantly=_fails_at_once, run=_fails_later)
LATER = replace(status.COMMAND, instantly=lambda _context, _question: None, run=_fails_later)


@pytest.mark.parametrize("transport", ["http", "socket"])
@pytest.mark.parametrize("command", [AT_ONCE, LATER], ids=["before the ack", "after the ack"])
async def test_what_nobody_foresaw_is_a_card_too(transport: Transport, command: Command) -> None:
    """A command that breaks: the person gets a card with a reference, the log has the rest under it."""
    async with world(transport, commands=(command,)) as made:
        with structlog.testing.capture_logs() as logged:
            cards = [await made.ask(JOB), await made.mention(JOB)]
    for card in cards:
        found = re.search(r"reference `?(\w+)", text_of(card))
        assert found is not None
        (entry,) = [entry for entry in logged if entry.get("reference") == found[1]]
        assert "broken" in repr(entry["exc_info"])
        assert SECRET not in text_of(card)

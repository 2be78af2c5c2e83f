"""While Slack is slow or loses answers: one answer, and no word of a failure that may be none."""

from __future__ import annotations

import pytest

from bot.playground.workspace import DM, ME, TRAINING, Message
from bot.playground.workspace.faults import FaultKind
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, World

POST = "chat.postMessage"


def _said(made: World, channel_id: str = TRAINING) -> list[Message]:
    bot = made.workspace.identity.bot_user_id
    return [one for one in made.workspace.messages(channel_id) if one.user_id == bot]


async def _finished(made: World) -> None:
    """Until nothing is under way, with every wait let pass."""
    await made.let_pass(30, steps=60)


@pytest.mark.parametrize("kind", ["server_error", "html", "lost", "lost_answer"])
async def test_a_mention_is_answered_once(over_http: World, kind: FaultKind) -> None:
    """Every answer of Slack's is lost, or one is: one card stands, and no error card beside it."""
    over_http.workspace.faults.fail_next(1, kind, method=POST)
    await over_http.workspace.say(TRAINING, ME, f"<@{over_http.workspace.identity.bot_user_id}> {JOB}")
    await over_http.soon(lambda: _said(over_http) or None)
    await _finished(over_http)
    (answer,) = _said(over_http)
    assert "support-tone" in text_of(answer)


async def test_where_nobody_can_look_nothing_is_said_twice(over_http: World) -> None:
    """In a direct message whose history the bot may not read: one card, and no error card."""
    over_http.workspace.scopes.discard("im:history")
    over_http.workspace.faults.fail_next(9, "lost_answer", method=POST)
    body = {"type": "message", "user": ME, "text": JOB, "channel": DM, "channel_type": "im", "ts": "9.0"}
    event = {"type": "event_callback", "team_id": over_http.workspace.identity.team_id, "event": body}
    await over_http.workspace.deliver_event({**event, "event_id": "Ev1"})
    await over_http.soon(lambda: _said(over_http, DM) or None)
    await _finished(over_http)
    assert len(_said(over_http, DM)) == 1


async def test_a_command_whose_answer_may_stand_gets_no_second(over_http: World) -> None:
    """Through the response URL, where nobody can look at all."""
    over_http.workspace.faults.fail_next(1, "lost_answer", method="response_url")
    await over_http.slash(JOB)
    await over_http.soon(lambda: _said(over_http) or None)
    await _finished(over_http)
    assert len(_said(over_http)) == 1


async def test_a_question_that_was_deleted_gets_no_answer(over_http: World) -> None:
    """Slack would show it to the whole channel."""
    over_http.suite.switches.update({"latency_seconds": 1.0})
    bot = over_http.workspace.identity.bot_user_id
    delivery = await over_http.workspace.say(TRAINING, ME, f"<@{bot}> {JOB}")
    assert delivery.message is not None
    over_http.workspace.delete_message(TRAINING, delivery.message.ts)
    await over_http.soon(lambda: over_http.workspace.calls_of("chat.delete") or None)
    await _finished(over_http)
    assert _said(over_http) == []
    assert len(over_http.workspace.calls_of(POST)) == 1


async def test_a_button_in_a_thread_answers_there(each: World) -> None:
    """For the presser's eyes, in the thread that they look at."""
    card = await each.mention(JOB)
    await each.workspace.click(ME, card, "job.metrics")
    drawn = await each.told("support-tone-llama-8b")
    assert (drawn.thread_ts, drawn.ephemeral_to) == (card.thread_ts, ME)
    assert card.thread_ts is not None


async def test_where_the_bot_is_no_member_the_response_url_answers(over_http: World) -> None:
    """Outside of the thread, but it answers."""
    card = await over_http.mention(JOB)
    over_http.workspace.kick_bot(TRAINING)
    await over_http.workspace.click(ME, card, "job.metrics")
    assert (await over_http.told("support-tone-llama-8b")).ephemeral_to == ME

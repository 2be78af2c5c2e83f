"""The message shortcut: whose words it reads, and where it answers."""

from __future__ import annotations

import pytest

from bot.cards.kit import actions
from bot.domain.commands.command_line import MAX_REQUEST_IDS
from bot.playground.training_suite import IDS
from bot.playground.workspace import GENERAL, GRACE, HIDDEN, ME, PARTNERS, TRAINING, Delivery, Message
from tests.e2e.messages import has_button, text_of
from tests.e2e.world import JOB, World


def _said(made: World, text: str, channel_id: str = TRAINING, thread_ts: str | None = None) -> Message:
    """What a colleague wrote, without the bot."""
    board = made.workspace.board
    return board.post(Message(board.next_ts(), channel_id, GRACE, text, thread_ts=thread_ts))


async def _check(made: World, message: Message) -> Delivery:
    delivery = await made.workspace.shortcut(ME, message, actions.CHECK_JOB)
    assert delivery.ok, delivery
    return delivery


async def test_the_answer_stands_in_the_messages_thread(each: World) -> None:
    """For all, as a mention's would; a message in a thread is answered in that thread."""
    root = _said(each, f"launched <https://example.com/jobs/{JOB}|the run>")
    await _check(each, root)
    card = await each.next_message(TRAINING, 1)
    assert "support-tone-llama-8b" in text_of(card)
    assert (card.thread_ts, card.ephemeral_to) == (root.ts, None)
    assert not has_button(card, actions.SHARE)
    await each.let_pass(2)
    await _check(each, _said(each, f"and {IDS['completed']}", thread_ts=root.ts))
    assert (await each.next_message(TRAINING, 3)).thread_ts == root.ts


@pytest.mark.parametrize("channel_id", [HIDDEN, GENERAL, PARTNERS])
async def test_elsewhere_it_answers_the_asker_alone(over_http: World, channel_id: str) -> None:
    """Where the bot is no member, and where another company reads along."""
    await _check(over_http, _said(over_http, JOB, channel_id))
    card = await over_http.told("support-tone-llama-8b", channel_id=channel_id)
    assert card.ephemeral_to == ME
    assert has_button(card, actions.SHARE)


async def test_a_message_without_a_job_is_told_so(over_http: World) -> None:
    """To the asker alone, in the thread it stands in."""
    root = _said(over_http, "lunch?")
    reply = _said(over_http, "yes", thread_ts=root.ts)
    for message, thread_ts in ((root, None), (reply, root.ts)):
        await _check(over_http, message)
        told = await over_http.told("find a job ID in that message")
        assert told.thread_ts == thread_ts
        over_http.workspace.board.delete(told)


async def test_every_job_of_a_message_gets_its_card(over_http: World) -> None:
    """Up to five; the rest is counted."""
    ids = list(IDS.values())[: MAX_REQUEST_IDS + 1]
    await _check(over_http, _said(over_http, " and ".join(ids), HIDDEN))
    assert await over_http.told("Showing 5 of 6", channel_id=HIDDEN)
    answers = [one for one in over_http.workspace.messages(HIDDEN) if one.ephemeral_to == ME]
    assert len(answers) == MAX_REQUEST_IDS


async def test_a_delivery_that_comes_twice_is_answered_once(over_http: World) -> None:
    """And a shortcut of another name is none of ours: who used it is told so."""
    message = _said(over_http, JOB)
    delivery = await _check(over_http, message)
    await over_http.next_message(TRAINING, 1)
    assert (await over_http.workspace.send_again(delivery)).ok
    assert (await over_http.workspace.shortcut(ME, message, "other")).ok
    await over_http.bot.stop(grace_seconds=1)
    *answered, other = over_http.workspace.messages(TRAINING)
    assert len(answered) == 2
    assert "This shortcut belongs to another version of me" in text_of(other)
    assert other.ephemeral_to == ME

"""Response URLs: five uses, thirty minutes, and what a response can do."""

from __future__ import annotations

import pytest

from bot.playground.workspace import BOT, GRACE, HIDDEN, ME, TRAINING, Message
from bot.playground.workspace.expiring_tokens import Origin
from tests.playground.slack_side import CARD, Slack


def _url(served: Slack, channel_id: str = TRAINING, message_ts: str | None = None) -> str:
    return served.workspace.world.response_url(Origin(channel_id, ME, message_ts))


def _card(served: Slack, ephemeral_to: str | None) -> Message:
    board = served.workspace.board
    return board.post(Message(board.next_ts(), TRAINING, BOT, "old", ephemeral_to=ephemeral_to))


async def test_answers_are_for_the_asker_unless_they_say_otherwise(served: Slack) -> None:
    """Ephemeral by default; in_channel for all."""
    url = _url(served)
    assert await served.respond(url, CARD) == (200, "ok")
    await served.respond(url, {**CARD, "response_type": "in_channel"})
    mine, everyones = served.workspace.messages(TRAINING)
    assert (mine.ephemeral_to, everyones.ephemeral_to) == (ME, None)
    assert served.workspace.visible_to(GRACE) == [everyones]


async def test_they_work_where_the_bot_may_not_post(served: Slack) -> None:
    """A private channel without the bot."""
    assert (await served.respond(_url(served, HIDDEN), CARD))[0] == 200
    assert len(served.workspace.messages(HIDDEN)) == 1


async def test_five_uses(served: Slack) -> None:
    """The sixth is refused. A response that Slack does not take may count, so here it does."""
    url = _url(served)
    assert (await served.respond(url, {"text": "x", "blocks": [{"type": "nope"}]}))[0] == 400
    for _ in range(4):
        assert (await served.respond(url, CARD))[0] == 200
    status, body = await served.respond(url, CARD)
    assert status == 404
    assert "used_url" in body


async def test_thirty_minutes(served: Slack) -> None:
    """Then it is gone."""
    url = _url(served)
    served.clock.advance(1800)
    assert (await served.respond(url, CARD))[0] == 200
    served.clock.advance(1)
    status, body = await served.respond(url, CARD)
    assert status == 404
    assert "expired_url" in body


@pytest.mark.parametrize("ephemeral_to", [None, ME])
async def test_a_button_can_replace_its_message(served: Slack, ephemeral_to: str | None) -> None:
    """Also an ephemeral one, which chat.update cannot."""
    card = _card(served, ephemeral_to)
    await served.respond(_url(served, message_ts=card.ts), {**CARD, "replace_original": True})
    assert served.workspace.messages(TRAINING) == [card]
    assert (card.text, card.blocks, card.ephemeral_to) == ("A card", CARD["blocks"], ephemeral_to)


async def test_a_button_can_delete_its_message(served: Slack) -> None:
    """Nothing is posted instead."""
    card = _card(served, ME)
    await served.respond(_url(served, message_ts=card.ts), {"delete_original": True})
    assert served.workspace.messages(TRAINING) == []


async def test_without_an_original_a_replacement_is_a_new_message(served: Slack) -> None:
    """A slash command has none; one may be gone."""
    await served.respond(_url(served), {**CARD, "replace_original": True})
    await served.respond(_url(served, message_ts="1.0"), {"delete_original": True})
    assert len(served.workspace.messages(TRAINING)) == 1


async def test_a_public_answer_can_go_into_a_thread(served: Slack) -> None:
    """Where thread_ts names one."""
    root = _card(served, None)
    body = {**CARD, "response_type": "in_channel", "thread_ts": root.ts}
    await served.respond(_url(served), body)
    assert [one.text for one in served.workspace.board.channels[TRAINING].replies(root.ts)] == ["A card"]


async def test_a_private_answer_cannot(served: Slack) -> None:
    """Slack says nothing of a thread there."""
    root = _card(served, None)
    await served.respond(_url(served), {**CARD, "thread_ts": root.ts})
    assert served.workspace.messages(TRAINING)[-1].thread_ts is None


async def test_refusals_may_come_with_any_status(served: Slack) -> None:
    """An error in the body, in two spellings, of a 200."""
    served.workspace.faults.refuses_with_200 = True
    url = _url(served)
    status, body = await served.respond(url, {"text": "x", "blocks": [{"type": "nope"}]})
    assert (status, "invalid_blocks" in body) == (200, True)
    served.clock.advance(1801)
    assert await served.respond(url, CARD) == (200, "Expired url")


@pytest.mark.parametrize(
    ("body", "error"), [([], "invalid_payload"), ("x", "invalid_payload"), ({}, "no_text")]
)
async def test_bodies_are_checked(served: Slack, body: object, error: str) -> None:
    """As messages are."""
    status, text = await served.respond(_url(served), body)
    assert status == 400
    assert error in text


async def test_made_up_addresses_are_refused(served: Slack) -> None:
    """Nobody answers through a URL that was not handed out."""
    assert (await served.respond(f"{served.workspace.base_url}/respond/T1/000000009999", CARD))[0] == 404

"""Buttons and modals: what is sent when people press them, and what they cannot press."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from bot.playground.workspace import (
    ARCHIVED,
    BOT,
    GRACE,
    HIDDEN,
    ME,
    PARTNER,
    TRAINING,
    Message,
    NotPossibleError,
    View,
)
from tests.playground.slack_side import CARD, MODAL, WITH_BUTTON, Slack, http_bot

SELECT = {
    "type": "static_select",
    "action_id": "pick",
    "options": [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("a", "b")],
}


def _card(served: Slack, **more: Any) -> Message:
    board = served.workspace.board
    return board.post(Message(board.next_ts(), TRAINING, BOT, "A card", WITH_BUTTON["blocks"], **more))


def _modal(served: Slack, **more: Any) -> View:
    return served.workspace.board.open_view(ME, {**MODAL, **more})


async def test_a_button_in_a_message(served: Slack) -> None:
    """The action, its message, where it stands, and both handles to answer with."""
    root = _card(served)
    card = _card(served, thread_ts=root.ts)
    async with http_bot(served.workspace) as bot:
        assert (await served.workspace.click(ME, card, "go")).ok
    (payload,) = bot.payloads
    (action,) = payload["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("go", "row", "1")
    assert payload["message"]["ts"] == card.ts
    assert payload["container"] == {
        "type": "message",
        "message_ts": card.ts,
        "channel_id": TRAINING,
        "is_ephemeral": False,
        "thread_ts": root.ts,
    }
    trigger_id = payload["trigger_id"]
    assert (await served.respond(payload["response_url"], {**CARD, "replace_original": True}))[0] == 200
    assert await served.error("views.open", trigger_id=trigger_id, view=MODAL) is None
    assert card.blocks == CARD["blocks"]


async def test_an_ephemeral_message_is_not_in_the_payload(served: Slack) -> None:
    """As in Slack; only its person can press it."""
    card = _card(served, ephemeral_to=ME)
    async with http_bot(served.workspace) as bot:
        await served.workspace.click(ME, card, "go")
        with pytest.raises(NotPossibleError):
            await served.workspace.click(GRACE, card, "go")
    (payload,) = bot.payloads
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload


async def test_a_select_sends_the_option(served: Slack) -> None:
    """Chosen by its value."""
    card = _card(served)
    card.blocks = [{"type": "actions", "elements": [SELECT]}]
    async with http_bot(served.workspace) as bot:
        await served.workspace.click(ME, card, "pick", value="b")
        with pytest.raises(NotPossibleError):
            await served.workspace.click(ME, card, "pick", value="c")
    assert bot.payloads[0]["actions"][0]["selected_option"]["value"] == "b"


async def test_what_cannot_be_pressed(served: Slack) -> None:
    """A button that is not there, with another value, in another block, in a message that is gone."""
    card = _card(served)
    async with http_bot(served.workspace) as bot:
        for wrong in ({"action_id": "no"}, {"value": "2"}, {"block_id": "other"}):
            with pytest.raises(NotPossibleError):
                await served.workspace.click(ME, card, **{"action_id": "go", **wrong})
        served.workspace.board.delete(card)
        with pytest.raises(NotPossibleError):
            await served.workspace.click(ME, card, "go")
    assert bot.bodies == []


async def test_a_button_in_a_modal(served: Slack) -> None:
    """It carries the view and a trigger, no response URL and no channel."""
    view = _modal(served, blocks=WITH_BUTTON["blocks"])
    async with http_bot(served.workspace) as bot:
        await served.workspace.click(ME, view, "go")
    (payload,) = bot.payloads
    assert payload["view"]["id"] == view.id
    assert payload["container"] == {"type": "view", "view_id": view.id}
    assert not {"response_url", "channel", "message"} & set(payload)


@pytest.mark.parametrize(
    ("answer", "open_after"),
    [
        (web.Response(), False),
        (web.json_response({"response_action": "clear"}), False),
        (web.json_response({"response_action": "errors", "errors": {"row": "No"}}), True),
        (web.json_response({"response_action": "update", "view": MODAL}), True),
        (web.json_response({"response_action": "update", "view": {}}), True),
        (web.Response(status=500), True),
    ],
)
async def test_submitting_a_modal(served: Slack, answer: web.Response, open_after: bool) -> None:  # noqa: FBT001
    """The ack decides whether it stays."""
    view = _modal(served)
    values = {"row": {"name": {"type": "plain_text_input", "value": "x"}}}
    async with http_bot(served.workspace, answer) as bot:
        await served.workspace.submit_view(ME, view, values)
    assert bot.payloads[0]["type"] == "view_submission"
    assert bot.payloads[0]["view"]["state"]["values"] == values
    assert bool(served.workspace.views_of(ME)) is open_after


@pytest.mark.parametrize("notifies", [True, False])
async def test_closing_a_modal(served: Slack, notifies: bool) -> None:  # noqa: FBT001
    """The app hears of it where it asked to; a closed one cannot be closed again."""
    view = _modal(served, notify_on_close=notifies)
    async with http_bot(served.workspace) as bot:
        await served.workspace.close_view(ME, view)
        with pytest.raises(NotPossibleError):
            await served.workspace.close_view(ME, view)
        with pytest.raises(NotPossibleError):
            await served.workspace.submit_view(ME, view)
    assert [one["type"] for one in bot.payloads] == (["view_closed"] if notifies else [])


@pytest.mark.parametrize(
    ("channel", "user"),
    [(TRAINING, PARTNER), (HIDDEN, PARTNER), (ARCHIVED, ME), ("C0NOWHERE1", ME), (TRAINING, "U0NOBODY01")],
)
async def test_where_people_cannot_write(served: Slack, channel: str, user: str) -> None:
    """Channels they are not in, archived ones, ones that do not exist."""
    with pytest.raises(NotPossibleError):
        await served.workspace.slash(channel, user)
    with pytest.raises(NotPossibleError):
        await served.workspace.say(channel, user, "x")

"""Presses of buttons on cards, and what is sent after them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.cards.kit import actions
from bot.handlers.entry.buttons import press
from bot.handlers.kit.button_press import ButtonPress
from bot.handlers.subscriptions.subscribe_dialog import as_press
from tests.handlers.neighbours import Neighbourhood


def payload_of(action_id: str, value: str = "run-7", **more: Any) -> dict[str, Any]:
    """A press as Slack sends it."""
    container = {"type": "message", "message_ts": "3.0", "is_ephemeral": more.get("private", True)}
    if "thread_ts" in more:
        container["thread_ts"] = more["thread_ts"]
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "channel": {"id": "C1"},
        "user": {"id": more.get("user_id", "U01"), "team_id": "T1"},
        "container": container,
        "response_url": "https://hooks.example/1",
        "actions": [{"action_id": action_id, "value": value, "block_id": more.get("block_id", "b1")}],
    }


async def press_on(made: Neighbourhood, action_id: str, value: str = "run-7", **more: Any) -> list[Any]:
    """What was sent after this press."""
    payload = payload_of(action_id, value, **more)
    pressed = ButtonPress.read(payload)
    assert pressed is not None
    before = len(made.slack.sent)
    await press(made.context, pressed)
    if action_id == actions.SUBSCRIBE and pressed.is_private:
        before += 1
        await press(made.context, _sent(made, payload, **more))
    return [body for _, _, body in made.slack.sent[before:]]


def _sent(
    made: Neighbourhood, payload: Mapping[str, Any], *, where: str = "here", **more: Any
) -> ButtonPress:
    """The window that was just opened, filled in and sent."""
    _, _, view = made.slack.sent[-1]
    which = more.get("which", "milestones")
    chosen = {"where": {"where": {"selected_option": {"value": where}}}}
    chosen["which"] = {"which": {"selected_option": {"value": which}}}
    who = {name: payload[name] for name in ("team", "user")}
    body = {"type": "view_submission", **who, "view": {**view, "state": {"values": chosen}}}
    pressed = ButtonPress.read(as_press(body) or {})
    assert pressed is not None
    return pressed


def shows(body: Mapping[str, Any], *words: str) -> bool:
    """Whether all of these stand in what was sent."""
    text = json.dumps(body, ensure_ascii=False)
    return all(word in text for word in words)

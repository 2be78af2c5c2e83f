"""Payloads that are signed and that Slack would not send: each costs one line at most, and no traceback."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.cards.kit import actions
from bot.playground.workspace import ME
from tests.e2e.strangers import NAMES, OURS, Sender, what
from tests.e2e.world import JOB, World

_BUTTONS = sorted(NAMES)
_ODD: dict[str, dict[str, Any]] = {
    "missing": {"response_url": None},
    "empty": {"response_url": ""},
    "foreign": {"response_url": "https://example.com/commands/T1/1/x"},
    "no address": {"response_url": "http://[::1"},
    "no text": {"response_url": {"a": 1}},
    "half a pair": {},
    "no objects": {"container": "C0TRAINING", "message": [], "channel": 5, "view": "V1"},
    "objects for texts": {"action_id": {}, "callback_id": [], "text": {"a": 1}, "trigger_id": 7},
    "no pressed button": {"actions": [{"action_id": False, "value": {}}, "x"]},
    "no trigger": {"trigger_id": None},
    "too long": dict.fromkeys(("trigger_id", "response_url", "channel_id", "channel_name"), "x" * 6_000),
    "nothing chosen": {"view": {"callback_id": actions.PICK, "private_metadata": "[]", "state": {}}},
}
_KINDS = ("view_submission", "view_closed", "message_action", "block_suggestion", "shortcut")
_CALLBACKS = (actions.PICK, actions.SUBSCRIBE, actions.SETUP_SEND, actions.CHECK_JOB, "another")
_DEEP = "[" * 1_000 + "]" * 1_000
"""As much of it as a button's value takes: deeper than Python reads."""
_VALUES = {"half a pair": "\ud83d", "deep": _DEEP}
_ODD["deep"] = {"view": {"callback_id": actions.SUBSCRIBE, "private_metadata": _DEEP}}


@pytest.mark.parametrize("odd", _ODD)
async def test_a_payload_that_cannot_be_costs_one_line(over_http: World, odd: str) -> None:
    """Whatever was pressed or typed: nowhere to answer, somewhere else to answer, half a letter."""
    sender = Sender(over_http, OURS, ME)
    value = _VALUES.get(odd)
    payloads = [sender.press(each, value=value) | _ODD[odd] for each in _BUTTONS]
    payloads.append(sender.command(JOB) | _ODD[odd])
    payloads.append(sender.event("app_mention", text=f"<@U> {value or JOB}"))
    with capture_logs() as lines:
        for payload in payloads:
            assert (await sender.send(payload)).status in {200, 400}, what(payload)
        await over_http.bot.stop(grace_seconds=2)
    assert [line for line in lines if line.get("exc_info")] == []
    loud = [line for line in lines if line["log_level"] in {"warning", "error"}]
    assert len(loud) <= len(payloads), [what(each) for each in payloads]


async def test_a_window_or_shortcut_that_cannot_be_is_no_failure(each: World) -> None:
    """The same of everything else that can be sent, chosen or typed."""
    sender = Sender(each, OURS, ME)
    with capture_logs() as lines:
        for odd, kind, name in product(_ODD.values(), _KINDS, _CALLBACKS):
            more = {"callback_id": name, "view": sender.view(name), "message": sender.message()}
            payload = sender.interaction(kind, **more) | odd
            assert (await sender.send(payload)).status in {200, 400}, what(payload)
        await each.bot.stop(grace_seconds=2)
    assert [line for line in lines if line.get("exc_info")] == []

"""Payloads that are signed and that Slack would not send: each costs one line at most, and no traceback."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

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
}


@pytest.mark.parametrize("odd", _ODD)
async def test_a_payload_that_cannot_be_costs_one_line(over_http: World, odd: str) -> None:
    """Whatever was pressed or typed: nowhere to answer, somewhere else to answer, half a letter."""
    sender = Sender(over_http, OURS, ME)
    value = "\ud83d" if odd == "half a pair" else None
    payloads = [sender.press(each, value=value) | _ODD[odd] for each in _BUTTONS]
    payloads.append(sender.command(JOB) | _ODD[odd])
    payloads.append(sender.event("app_mention", text=f"<@U> {value or JOB}"))
    with capture_logs() as lines:
        for payload in payloads:
            await sender.send(payload)
        await over_http.bot.stop(grace_seconds=2)
    assert [line for line in lines if line.get("exc_info")] == []
    loud = [line for line in lines if line["log_level"] in {"warning", "error"}]
    assert len(loud) <= len(payloads), [what(each) for each in payloads]

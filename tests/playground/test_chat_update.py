"""`chat.update`, as Slack's reference has it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playground.workspace import TRAINING
from tests.playground.slack_side import CARD, Slack


async def test_update_with_text_alone_takes_the_blocks_away(served: Slack) -> None:
    """Blocks alone leave the text; what is sent beside them changes them both."""
    ts = (await served.call("chat.postMessage", channel=TRAINING, **CARD))["ts"]
    await served.call("chat.update", channel=TRAINING, ts=ts, text="new")
    (message,) = served.workspace.messages(TRAINING)
    assert (message.text, message.blocks, message.edited) == ("new", None, True)
    await served.call("chat.update", channel=TRAINING, ts=ts, blocks=CARD["blocks"])
    assert (message.text, message.blocks) == ("new", CARD["blocks"])
    await served.call("chat.update", channel=TRAINING, ts=ts, text="newer", blocks=[])
    assert (message.text, message.blocks) == ("newer", [])


@pytest.mark.parametrize(
    "sent", [{}, {"text": ""}, {"blocks": []}, {"metadata": {"event_type": "e", "event_payload": {}}}]
)
async def test_update_with_nothing_to_show_is_refused(served: Slack, sent: dict[str, Any]) -> None:
    """As a post would be."""
    ts = (await served.call("chat.postMessage", channel=TRAINING, **CARD))["ts"]
    assert await served.error("chat.update", channel=TRAINING, ts=ts, **sent) == "no_text"


async def test_an_archived_channel_has_another_name_where_something_is_edited(served: Slack) -> None:
    """Each method its own."""
    ts = (await served.call("chat.postMessage", channel=TRAINING, **CARD))["ts"]
    served.workspace.archive(TRAINING)
    assert await served.error("chat.update", channel=TRAINING, ts=ts, text="x") == "is_inactive"
    served.clock.advance(1)
    assert await served.error("chat.postMessage", channel=TRAINING, text="x") == "is_archived"


async def test_update_takes_less_text_than_a_post(served: Slack) -> None:
    """4,000 characters."""
    ts = (await served.call("chat.postMessage", channel=TRAINING, text="x" * 5_000))["ts"]
    assert await served.error("chat.update", channel=TRAINING, ts=ts, text="x" * 4_001) == "msg_too_long"
    assert await served.error("chat.update", channel=TRAINING, ts=ts, text="x" * 4_000) is None

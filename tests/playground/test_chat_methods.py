"""`chat.*`: what may be posted where, and how Slack refuses the rest."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playground.workspace import (
    ARCHIVED,
    BOT,
    DM,
    GENERAL,
    GRACE,
    HIDDEN,
    ME,
    ML_OPS,
    PARTNERS,
    TRAINING,
    Message,
)
from tests.playground.slack_side import CARD, Slack


def _said(served: Slack, text: str = "hello") -> Message:
    board = served.workspace.board
    return board.post(Message(board.next_ts(), TRAINING, ME, text))


async def test_a_message_is_posted_and_comes_back(served: Slack) -> None:
    """The answer carries the message as it is kept, with block ids."""
    answer = await served.call("chat.postMessage", channel=TRAINING, **CARD)
    assert answer["ok"]
    assert answer["message"]["blocks"][0]["block_id"]
    (kept,) = served.workspace.messages(TRAINING)
    assert (kept.ts, kept.user_id, kept.text, kept.blocks) == (answer["ts"], BOT, "A card", CARD["blocks"])


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        (TRAINING, None),
        (ML_OPS, None),
        (PARTNERS, None),
        (DM, None),
        (ME, None),
        (GENERAL, "not_in_channel"),
        (HIDDEN, "channel_not_found"),
        ("C0NOWHERE1", "channel_not_found"),
        (ARCHIVED, "is_archived"),
        ("", "channel_not_found"),
        (None, "channel_not_found"),
        (["C1"], "channel_not_found"),
    ],
)
async def test_where_the_bot_may_post(served: Slack, channel: object, error: str | None) -> None:
    """Only where it is a member; a private channel without it does not exist for it."""
    assert await served.error("chat.postMessage", channel=channel, **CARD) == error


async def test_public_channels_with_the_scope_for_them(served: Slack) -> None:
    """`chat:write.public` opens public channels, private ones stay shut."""
    served.workspace.scopes.add("chat:write.public")
    assert await served.error("chat.postMessage", channel=GENERAL, **CARD) is None
    assert await served.error("chat.postMessage", channel=HIDDEN, **CARD) == "channel_not_found"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x" * 40_000}, None),
        ({"text": "x", "blocks": "["}, "invalid_blocks_format"),
        ({"text": "x", "blocks": {}}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [{"type": "no such"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        (
            {
                "text": "x",
                "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "y" * 2_900}}] * 5,
            },
            "msg_blocks_too_long",
        ),
        ({"blocks": CARD["blocks"]}, None),
    ],
)
async def test_content_is_held_to_the_limits(
    served: Slack, content: dict[str, Any], error: str | None
) -> None:
    """Each limit has its own code."""
    assert await served.error("chat.postMessage", channel=TRAINING, **content) == error
    assert len(served.workspace.messages(TRAINING)) == (error is None)


async def test_invalid_blocks_say_what_is_wrong(served: Slack) -> None:
    """The reasons come in the response's metadata, as Slack sends them."""
    answer = await served.call("chat.postMessage", channel=TRAINING, text="x", blocks=[{"type": "header"}])
    assert answer["response_metadata"]["messages"][0].startswith("[ERROR] blocks[0]")


async def test_forms_carry_objects_as_json(served: Slack) -> None:
    """The SDK sends forms; blocks and metadata arrive as strings."""
    form = {
        "channel": TRAINING,
        "text": "A card",
        "blocks": '[{"type": "divider"}]',
        "metadata": '{"event_type": "card", "event_payload": {}}',
    }
    await served.client.api_call("chat.postMessage", data=form)
    (kept,) = served.workspace.messages(TRAINING)
    assert kept.blocks == [{"type": "divider"}]
    assert kept.metadata == {"event_type": "card", "event_payload": {}}


async def test_a_reply_goes_into_the_thread(served: Slack) -> None:
    """Also when a reply's own ts is given; the parent counts its replies."""
    served.workspace.rates.enabled = False
    root = _said(served)
    first = await served.call("chat.postMessage", channel=TRAINING, text="one", thread_ts=root.ts)
    await served.call("chat.postMessage", channel=TRAINING, text="two", thread_ts=first["ts"])
    assert first["message"]["thread_ts"] == root.ts
    assert [one.text for one in served.workspace.board.channels[TRAINING].replies(root.ts)] == ["one", "two"]


async def test_a_reply_without_its_parent_lands_in_the_channel(served: Slack) -> None:
    """Silently, as in Slack: only the missing thread_ts in the answer tells."""
    root = _said(served)
    served.workspace.board.delete(root)
    answer = await served.call("chat.postMessage", channel=TRAINING, text="late", thread_ts=root.ts)
    assert answer["ok"]
    assert "thread_ts" not in answer["message"]


async def test_a_reply_can_be_broadcast(served: Slack) -> None:
    """It is marked as such; what is no reply is not, whatever was asked for."""
    served.workspace.rates.enabled = False
    post = {"channel": TRAINING, "reply_broadcast": True, **CARD}
    told = await served.call("chat.postMessage", **post, thread_ts=_said(served).ts)
    assert (told["message"]["subtype"], told["message"]["thread_ts"]) == (
        "thread_broadcast",
        served.workspace.messages(TRAINING)[0].ts,
    )
    for thread in ({}, {"thread_ts": "1.0"}):
        assert "subtype" not in (await served.call("chat.postMessage", **post, **thread))["message"]
    assert [one.broadcast for one in served.workspace.messages(TRAINING)] == [False, True, False, False]


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({"event_type": "card", "event_payload": {"id": "1"}}, None),
        ({}, None),
        ("card", "invalid_metadata_format"),
        ({"event_type": "card"}, "invalid_metadata_format"),
        ({"event_type": 1, "event_payload": {}}, "invalid_metadata_format"),
    ],
)
async def test_metadata_has_a_type_and_a_payload(served: Slack, metadata: object, error: str | None) -> None:
    """Or nothing at all."""
    assert await served.error("chat.postMessage", channel=TRAINING, metadata=metadata, **CARD) == error


async def test_an_edit_keeps_metadata_unless_it_empties_it(served: Slack) -> None:
    """As with blocks, what is not sent stays."""
    metadata = {"event_type": "card", "event_payload": {}}
    ts = (await served.call("chat.postMessage", channel=TRAINING, metadata=metadata, **CARD))["ts"]
    (message,) = served.workspace.messages(TRAINING)
    await served.call("chat.update", channel=TRAINING, ts=ts, text="new")
    assert message.metadata == metadata
    await served.call("chat.update", channel=TRAINING, ts=ts, text="new", metadata={})
    assert message.metadata is None


async def test_permalinks_name_the_thread_of_a_reply(served: Slack) -> None:
    """And lead to no message that is not there for all."""
    root = _said(served)
    reply = served.workspace.board.post(Message("1790000000.000001", TRAINING, ME, "yes", thread_ts=root.ts))
    link = (await served.call("chat.getPermalink", channel=TRAINING, message_ts=reply.ts))["permalink"]
    assert link.endswith(f"/{TRAINING}/p1790000000000001?thread_ts={root.ts}&cid={TRAINING}")
    assert await served.error("chat.getPermalink", channel=TRAINING, message_ts="1.0") == "message_not_found"
    assert await served.error("chat.getPermalink", channel=HIDDEN, message_ts="1.0") == "channel_not_found"


async def test_ephemeral_messages_are_for_one_member(served: Slack) -> None:
    """Nobody else sees them, and they cannot be edited, deleted or read back."""
    answer = await served.call("chat.postEphemeral", channel=TRAINING, user=ME, **CARD)
    place = {"channel": TRAINING, "ts": answer["message_ts"]}
    assert served.workspace.visible_to(ME)
    assert not served.workspace.visible_to(GRACE)
    assert await served.error("chat.update", **place, text="x") == "message_not_found"
    assert await served.error("chat.delete", **place) == "message_not_found"
    assert await served.error("conversations.replies", **place) == "thread_not_found"
    assert await served.error("chat.postEphemeral", channel=TRAINING, user="U0NOBODY01", text="x") == (
        "user_not_in_channel"
    )


async def test_only_its_own_messages(served: Slack) -> None:
    """The bot edits and deletes nobody else's words."""
    place = {"channel": TRAINING, "ts": _said(served).ts}
    assert await served.error("chat.update", **place, text="x") == "cant_update_message"
    assert await served.error("chat.delete", **place) == "cant_delete_message"
    assert await served.error("chat.delete", channel=TRAINING, ts="1.0") == "message_not_found"


async def test_delete_takes_it_away(served: Slack) -> None:
    """Once."""
    ts = (await served.call("chat.postMessage", channel=TRAINING, **CARD))["ts"]
    assert await served.error("chat.delete", channel=TRAINING, ts=ts) is None
    assert await served.error("chat.delete", channel=TRAINING, ts=ts) == "message_not_found"


async def test_a_channel_forgets_its_oldest(served: Slack) -> None:
    """However long it runs, memory stays bounded."""
    first = _said(served)
    for number in range(1_000):
        _said(served, str(number))
    assert len(served.workspace.messages(TRAINING)) == 1_000
    assert first.ts not in served.workspace.board.channels[TRAINING].messages

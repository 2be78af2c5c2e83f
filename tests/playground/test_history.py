"""What was said, as the bot can read it back; what admins do meanwhile; what the bot hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.playground.workspace import (
    DM,
    GENERAL,
    HIDDEN,
    ME,
    ML_OPS,
    TRAINING,
    Message,
    NotPossibleError,
)
from tests.playground.slack_side import CARD, Slack, http_bot

MARK = {"event_type": "update", "event_payload": {"id": "1"}}


def _said(served: Slack, text: str, thread_ts: str | None = None, **more: Any) -> Message:
    board = served.workspace.board
    return board.post(Message(board.next_ts(), TRAINING, ME, text, thread_ts=thread_ts, **more))


def _texts(answer: Mapping[str, Any]) -> list[str]:
    return [one["text"] for one in answer["messages"]]


async def _history(served: Slack, **arguments: object) -> dict[str, Any]:
    return await served.call("conversations.history", channel=TRAINING, **arguments)


async def test_history_is_newest_first_without_replies(served: Slack) -> None:
    """Broadcast ones excepted; ephemeral messages are never there."""
    root = _said(served, "root")
    _said(served, "reply", root.ts)
    _said(served, "loud reply", root.ts, broadcast=True)
    _said(served, "hidden", ephemeral_to=ME)
    _said(served, "last")
    assert _texts(await _history(served)) == ["last", "loud reply", "root"]


async def test_a_stretch_of_history(served: Slack) -> None:
    """Between two moments, which belong to it only if that is asked for."""
    first, _, third = (_said(served, text) for text in ("one", "two", "three"))
    between = {"oldest": first.ts, "latest": third.ts}
    assert _texts(await _history(served, **between)) == ["two"]
    assert _texts(await _history(served, **between, inclusive=True)) == ["three", "two", "one"]
    assert _texts(await _history(served, oldest=first.ts)) == ["three", "two"]


async def test_pages_follow_the_cursor(served: Slack) -> None:
    """History goes back, replies go on, and the parent stands on the first page only."""
    root = _said(served, "root")
    for text in ("one", "two", "three"):
        _said(served, text, root.ts, broadcast=True)
    for method, pages in (
        ("conversations.history", [["three", "two"], ["one", "root"]]),
        ("conversations.replies", [["root", "one"], ["two", "three"]]),
    ):
        place = {"channel": TRAINING, "ts": root.ts, "limit": 2}
        first = await served.call(method, **place)
        cursor = first["response_metadata"]["next_cursor"]
        second = await served.call(method, **place, cursor=cursor)
        assert [_texts(first), _texts(second)] == pages
        assert (first["has_more"], second["has_more"]) == (True, False)
        assert "response_metadata" not in second


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"limit": 0}, "invalid_limit"),
        ({"limit": 1_000}, "invalid_limit"),
        ({"cursor": "x"}, "invalid_cursor"),
        ({"cursor": "next_ts:x"}, "invalid_cursor"),
        ({"oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"latest": "NaN"}, "invalid_ts_latest"),
    ],
)
async def test_pages_that_cannot_be(served: Slack, arguments: dict[str, object], error: str) -> None:
    """Each has its code."""
    _said(served, "hello")
    assert (await _history(served, **arguments))["error"] == error


async def test_metadata_is_told_on_request(served: Slack) -> None:
    """Not otherwise."""
    root = _said(served, "root", metadata=MARK)
    for method in ("conversations.history", "conversations.replies"):
        place = {"channel": TRAINING, "ts": root.ts}
        (plain,) = (await served.call(method, **place))["messages"]
        (full,) = (await served.call(method, **place, include_all_metadata=True))["messages"]
        assert "metadata" not in plain
        assert full["metadata"] == MARK


async def test_a_thread_outlives_its_parent_if_it_has_replies(served: Slack) -> None:
    """A tombstone stands in the parent's place, here and in the channel; a new reply finds no thread."""
    root, lonely = _said(served, "root"), _said(served, "lonely")
    _said(served, "reply", root.ts)
    for parent in (root, lonely):
        served.workspace.delete_message(TRAINING, parent.ts)
    thread = await served.call("conversations.replies", channel=TRAINING, ts=root.ts)
    (tombstone, reply) = thread["messages"]
    assert (tombstone["subtype"], tombstone["ts"], reply["text"]) == ("tombstone", root.ts, "reply")
    assert [one["subtype"] for one in (await _history(served))["messages"]] == ["tombstone"]
    assert await served.error("conversations.replies", channel=TRAINING, ts=lonely.ts) == "thread_not_found"
    late = await served.call("chat.postMessage", channel=TRAINING, thread_ts=root.ts, **CARD)
    assert "thread_ts" not in late["message"]


async def test_where_history_can_be_read(served: Slack) -> None:
    """Where the bot is, also after the channel was archived."""
    _said(served, "hello")
    served.workspace.archive(TRAINING)
    assert _texts(await _history(served)) == ["hello"]
    assert await served.error("conversations.history", channel=GENERAL) == "not_in_channel"
    assert await served.error("conversations.history", channel=HIDDEN) == "channel_not_found"


async def test_channels_are_closed_and_opened_behind_the_bot(served: Slack) -> None:
    """Archived and back, removed and invited."""
    served.workspace.rates.enabled = False
    admins = served.workspace
    for close, open_, error in (
        (admins.archive, admins.unarchive, "is_archived"),
        (admins.kick_bot, admins.invite_bot, "channel_not_found"),
    ):
        close(ML_OPS)
        assert await served.error("chat.postMessage", channel=ML_OPS, **CARD) == error
        open_(ML_OPS)
        assert await served.error("chat.postMessage", channel=ML_OPS, **CARD) is None


async def test_what_admins_cannot_do(served: Slack) -> None:
    """Nobody archives direct messages, or deletes what is not there."""
    for impossible in (
        lambda: served.workspace.archive(DM),
        lambda: served.workspace.kick_bot("C0NOWHERE1"),
        lambda: served.workspace.delete_message(TRAINING, "1.0"),
        lambda: served.workspace.delete_message("C0NOWHERE1", "1.0"),
    ):
        with pytest.raises(NotPossibleError):
            impossible()


async def test_the_bot_hears_of_changes_in_direct_messages(served: Slack) -> None:
    """Of its own edits and deletions as well; in channels of none."""
    async with http_bot(served.workspace) as bot:
        for channel in (TRAINING, DM):
            ts = (await served.call("chat.postMessage", channel=channel, **CARD))["ts"]
            await served.call("chat.update", channel=channel, ts=ts, text="new")
            await served.call("chat.delete", channel=channel, ts=ts)
        await served.workspace.wait_for(lambda: len(bot.payloads) == 3)
        posted, changed, deleted = sorted(
            (payload["event"] for payload in bot.payloads), key=lambda event: str(event["event_ts"])
        )
    assert "subtype" not in posted
    assert (changed["subtype"], changed["message"]["text"], changed["previous_message"]["text"]) == (
        "message_changed",
        "new",
        "A card",
    )
    assert (deleted["subtype"], deleted["deleted_ts"], deleted["channel_type"]) == (
        "message_deleted",
        posted["ts"],
        "im",
    )

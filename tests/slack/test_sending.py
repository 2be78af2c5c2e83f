"""Updates: sent, edited and deleted, once each, and how each failure is told."""

from __future__ import annotations

import pytest
from aiohttp import web

from bot.domain.errors import (
    SlackConversationError,
    SlackError,
    SlackGoneError,
    SlackLimitedError,
    SlackPassingError,
    SlackPermanentError,
    SlackPermissionError,
    SlackRevokedError,
)
from bot.domain.messages.slack_messages import Posted
from bot.playground.serving import serving
from bot.playground.workspace import ARCHIVED, DM, GENERAL, HIDDEN, ME, ML_OPS, TRAINING
from bot.playground.workspace.faults import FaultKind
from bot.slack.gateway import SlackWebGateway, open_session
from tests.slack.connected import CARD, MARK, Connected, connected


async def test_an_update_goes_into_its_thread_and_carries_its_id_alone(slack: Connected) -> None:
    """The opaque id is all the metadata there is; addresses in the text are not unfolded."""
    root = slack.said()
    posted = await slack.gateway.send(TRAINING, CARD, slack.sent(thread_ts=root.ts))
    message = slack.workspace.messages(TRAINING)[-1]
    assert posted == Posted(TRAINING, message.ts, root.ts)
    assert (message.metadata, message.blocks, message.broadcast) == (MARK, CARD["blocks"], False)
    (call,) = slack.workspace.calls_of("chat.postMessage")
    assert call.arguments["unfurl_links"] is call.arguments["unfurl_media"] is False


async def test_a_broadcast_shows_in_the_channel_too(slack: Connected) -> None:
    """Only a reply can be: without a thread nothing of the kind is asked for."""
    root = slack.said()
    posted = await slack.gateway.send(TRAINING, CARD, slack.sent(thread_ts=root.ts, broadcast=True))
    assert slack.workspace.messages(TRAINING)[-1].broadcast
    assert posted.thread_ts == root.ts
    assert (await slack.gateway.send(TRAINING, CARD, slack.sent(broadcast=True))).thread_ts is None
    assert "reply_broadcast" not in slack.workspace.calls_of("chat.postMessage")[-1].arguments


async def test_a_reply_that_slack_moved_to_the_channel_is_noticed(slack: Connected) -> None:
    """The parent is gone: the answer names no thread, also where a broadcast was asked for."""
    root = slack.said()
    slack.workspace.delete_message(TRAINING, root.ts)
    posted = await slack.gateway.send(TRAINING, CARD, slack.sent(thread_ts=root.ts, broadcast=True))
    assert posted.thread_ts is None
    await slack.gateway.delete(TRAINING, posted.ts)
    assert slack.workspace.messages(TRAINING) == []


async def test_a_message_to_a_person_stands_in_their_direct_messages(slack: Connected) -> None:
    """`conversations.open` names the conversation; a user's id leads there as well."""
    assert await slack.gateway.open_dm(ME) == DM
    assert (await slack.gateway.send(ME, CARD, slack.sent())).channel_id == DM


async def test_an_edit_replaces_everything(slack: Connected) -> None:
    """Text and blocks, also blocks by none; the metadata stays."""
    posted = await slack.gateway.send(TRAINING, CARD, slack.sent())
    await slack.gateway.edit(TRAINING, posted.ts, {"text": "new & 'old'"})
    (message,) = slack.workspace.messages(TRAINING)
    assert (message.text, message.blocks, message.edited) == ("new & 'old'", [], True)
    assert message.metadata == MARK


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("x" * 4_000, "xx"),
        ("x" * 4_001, "x…"),
        ("x" * 3_997 + "&amp;" * 2, "x…"),
        ("x" * 3_994 + "&amp;" * 2, "x&amp;…"),
        ("x" * 3_990 + "<https://example.com|here>", "x…"),
        ("x" * 3_998 + "\U0001f600" * 2, "x…"),
    ],
)
async def test_an_edit_has_room_for_less_text(slack: Connected, text: str, end: str) -> None:
    """It is cut to 4,000 characters, with no half of an escape, a link or an emoji left over."""
    posted = await slack.gateway.send(TRAINING, {"text": text}, slack.sent())
    await slack.gateway.edit(TRAINING, posted.ts, {"text": text})
    (message,) = slack.workspace.messages(TRAINING)
    assert message.text.endswith(end)
    assert len(message.text) <= 4_000
    assert len(message.text) > 3_900


async def test_a_message_that_is_gone(slack: Connected) -> None:
    """Cannot be edited; to delete it is no failure. One of somebody else's is not touched."""
    with pytest.raises(SlackGoneError) as caught:
        await slack.gateway.edit(TRAINING, "1.0", CARD)
    assert caught.value.slack_code == "message_not_found"
    await slack.gateway.delete(TRAINING, "1.0")
    theirs = slack.said()
    with pytest.raises(SlackGoneError, match="cant_update_message"):
        await slack.gateway.edit(TRAINING, theirs.ts, CARD)
    with pytest.raises(SlackError, match="cant_delete_message"):
        await slack.gateway.delete(TRAINING, theirs.ts)


@pytest.mark.parametrize(
    ("channel_id", "code"),
    [
        (ARCHIVED, "is_archived"),
        (GENERAL, "not_in_channel"),
        (HIDDEN, "channel_not_found"),
        ("C0NOWHERE1", "channel_not_found"),
    ],
)
async def test_a_conversation_that_is_closed(slack: Connected, channel_id: str, code: str) -> None:
    """Is told as such, with Slack's code."""
    with pytest.raises(SlackConversationError) as caught:
        await slack.gateway.send(channel_id, CARD, slack.sent())
    assert caught.value.slack_code == code


async def test_the_bot_is_removed_and_invited_again(slack: Connected) -> None:
    """A public channel says that it is not in; a private one is no more, to it."""
    for channel_id, code in ((TRAINING, "not_in_channel"), (ML_OPS, "channel_not_found")):
        slack.workspace.kick_bot(channel_id)
        with pytest.raises(SlackConversationError, match=code):
            await slack.gateway.send(channel_id, CARD, slack.sent())
        slack.workspace.invite_bot(channel_id)
        await slack.gateway.send(channel_id, CARD, slack.sent())


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("token_revoked", SlackRevokedError),
        ("account_inactive", SlackRevokedError),
        ("invalid_auth", SlackRevokedError),
        ("app_uninstalled", SlackRevokedError),
        ("restricted_action_read_only_channel", SlackConversationError),
        ("cannot_reply_to_message", SlackGoneError),
        ("restricted_action_thread_locked", SlackGoneError),
        ("thread_not_found", SlackGoneError),
        ("msg_too_long", SlackPermanentError),
        ("invalid_blocks", SlackPermanentError),
        ("missing_scope", SlackPermissionError),
        ("message_limit_exceeded", SlackLimitedError),
        ("internal_error", SlackPassingError),
        ("team_added_to_org", SlackPassingError),
    ],
)
async def test_refusals_say_what_they_concern(slack: Connected, code: str, kind: type[SlackError]) -> None:
    """Our message, its thread, the conversation, the whole workspace, or only this moment."""
    slack.workspace.faults.refuse_next(1, code, method="chat.postMessage")
    with pytest.raises(SlackError) as caught:
        await slack.gateway.send(TRAINING, CARD, slack.sent())
    assert type(caught.value) is kind
    assert caught.value.slack_code == code


async def test_a_limit_is_told_at_once(slack: Connected) -> None:
    """With the time to wait; nothing was posted, and nothing is tried again here."""
    slack.workspace.faults.fail_next(1, "rate_limited", retry_after_seconds=7)
    with pytest.raises(SlackLimitedError) as caught:
        await slack.gateway.send(TRAINING, CARD, slack.sent())
    assert caught.value.retry_after_seconds == 7
    assert slack.workspace.messages(TRAINING) == []
    slack.workspace.rates.enabled = True
    slack.clock.advance(7)
    await slack.gateway.send(TRAINING, CARD, slack.sent())
    with pytest.raises(SlackLimitedError):
        await slack.gateway.send(TRAINING, CARD, slack.sent())
    assert len(slack.workspace.messages(TRAINING)) == 1
    assert slack.clock.slept == []


@pytest.mark.parametrize(
    ("kind", "posted"), [("server_error", 0), ("html", 0), ("lost", 0), ("lost_answer", 1), ("timeout", 1)]
)
async def test_what_may_have_happened_is_tried_once(kind: FaultKind, posted: int) -> None:
    """However it fails, over a new connection or one used before: one request, one message at the most."""
    async with connected(timeout_seconds=0.3 if kind == "timeout" else 10) as slack:
        await slack.gateway.permalink(TRAINING, slack.said().ts)
        slack.workspace.faults.fail_next(1, kind, method="chat.postMessage")
        slack.workspace.faults.fail_next(1, kind, method="chat.update")
        with pytest.raises(SlackPassingError) as caught:
            await slack.gateway.send(TRAINING, CARD, slack.sent())
        assert caught.value.may_have_happened
        assert len(slack.workspace.messages(TRAINING)) == posted + 1
        card = await slack.gateway.send(TRAINING, CARD, slack.sent())
        with pytest.raises(SlackPassingError):
            await slack.gateway.edit(TRAINING, card.ts, {"text": "new"})
        assert slack.workspace.messages(TRAINING)[-1].edited is bool(posted)
        assert len(slack.workspace.messages(TRAINING)) == posted + 2


async def test_without_a_connection_nothing_happened(slack: Connected) -> None:
    """Nobody listens there: it surely was not sent."""
    async with serving(web.Application()) as url:
        pass
    async with open_session() as session:
        gateway = SlackWebGateway(session, f"{url}/api/", "xoxb-1", slack.clock)
        with pytest.raises(SlackPassingError) as caught:
            await gateway.send(TRAINING, CARD, slack.sent())
    assert not caught.value.may_have_happened
    assert caught.value.slack_code == "no_connection"

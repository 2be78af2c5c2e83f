"""Settling what may have been sent, and what is asked about conversations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import SlackConversationError, SlackGoneError, SlackPassingError, SlackPermanentError
from bot.domain.messages.settling import MOST_LOOKED_AT, Settling
from bot.domain.messages.slack_messages import Conversation, Posted
from bot.playground.workspace import DM, GENERAL, HIDDEN, ML_OPS, PARTNERS, TRAINING
from bot.slack.sent_message_lookup import PAGE_SIZE
from tests.slack.connected import CARD, Connected


async def _found(
    slack: Connected, channel_id: str, thread_ts: str | None, opaque_id: str, since: datetime
) -> Posted | None:
    """What the whole search comes to."""
    settling = Settling.begin(since, max(since, slack.now), thread_ts)
    while True:
        found = await slack.gateway.find_sent(channel_id, thread_ts, opaque_id, settling)
        if not isinstance(found, Settling):
            return found
        settling = found


async def test_a_reply_whose_answer_was_lost_is_found(slack: Connected) -> None:
    """By its id, in its thread; another id is surely not there."""
    root, since = slack.said(), slack.now
    slack.workspace.faults.fail_next(1, "lost_answer", method="chat.postMessage")
    with pytest.raises(SlackPassingError):
        await slack.gateway.send(TRAINING, CARD, slack.sent(thread_ts=root.ts))
    sent = slack.workspace.messages(TRAINING)[-1]
    found = await _found(slack, TRAINING, root.ts, "abc", since)
    assert found == Posted(TRAINING, sent.ts, root.ts)
    assert await _found(slack, TRAINING, root.ts, "abd", since) is None
    assert slack.workspace.calls_of("conversations.history") == []


async def test_a_card_is_found_in_the_channel(slack: Connected) -> None:
    """Also after it has got replies; in its own thread it does not stand."""
    since = slack.now
    sent = await slack.gateway.send(TRAINING, CARD, slack.sent())
    slack.said(thread_ts=sent.ts)
    assert await _found(slack, TRAINING, None, "abc", since) == sent


async def test_a_stray_is_found_where_slack_moved_it(slack: Connected) -> None:
    """Its thread is gone, with or without other replies that remain: it stands in the channel."""
    for opaque_id, reply in (("lonely", False), ("left", True)):
        root, since = slack.said(), slack.now
        if reply:
            slack.said(thread_ts=root.ts)
        slack.workspace.delete_message(TRAINING, root.ts)
        stray = await slack.gateway.send(TRAINING, CARD, slack.sent(opaque_id, root.ts))
        assert await _found(slack, TRAINING, root.ts, opaque_id, since) == stray
        assert stray.thread_ts is None


async def test_clocks_may_differ_a_little(slack: Connected) -> None:
    """Slack's clock may be ten minutes behind ours; what is older is not looked at."""
    sent = await slack.gateway.send(TRAINING, CARD, slack.sent())
    for minutes, expected in ((9, sent), (11, None)):
        since = slack.now + timedelta(minutes=minutes)
        assert await _found(slack, TRAINING, None, "abc", since) == expected
    at_the_edge = datetime.fromtimestamp(float(sent.ts), UTC) + timedelta(minutes=10)
    assert await _found(slack, TRAINING, None, "abc", at_the_edge) == sent


async def test_long_histories_are_read_page_by_page_but_not_for_ever(slack: Connected) -> None:
    """The message is found on a later page; beyond the last one nobody looks."""
    since = slack.now
    sent = await slack.gateway.send(TRAINING, CARD, slack.sent())
    for _ in range(PAGE_SIZE):
        slack.said()
    assert await _found(slack, TRAINING, None, "abc", since) == sent
    assert len(slack.workspace.calls_of("conversations.history")) == 2
    for _ in range(MOST_LOOKED_AT - PAGE_SIZE - 1):
        slack.said()
    slack.workspace.calls.clear()
    assert await _found(slack, TRAINING, None, "other", since) is None
    assert len(slack.workspace.calls_of("conversations.history")) == MOST_LOOKED_AT / PAGE_SIZE


async def test_other_apps_metadata_is_not_ours(slack: Connected) -> None:
    """The same id under another event type does not count."""
    since = slack.now
    message = slack.said()
    message.metadata = {"event_type": "other", "event_payload": {"id": "abc"}}
    assert await _found(slack, TRAINING, None, "abc", since) is None


@pytest.mark.parametrize("thread", [True, False])
async def test_without_the_scope_it_cannot_be_known(slack: Connected, *, thread: bool) -> None:
    """That is told, with Slack's code; it is another matter than a channel the bot was removed from."""
    root = slack.said()
    where = root.ts if thread else None
    slack.workspace.scopes.discard("channels:history")
    with pytest.raises(SlackPermanentError) as caught:
        await _found(slack, TRAINING, where, "abc", slack.now)
    assert caught.value.slack_code == "missing_scope"
    slack.workspace.scopes.add("channels:history")
    slack.workspace.kick_bot(TRAINING)
    with pytest.raises(SlackConversationError):
        await _found(slack, TRAINING, where, "abc", slack.now)


async def test_while_slack_fails_nothing_is_settled(slack: Connected) -> None:
    """One question, one answer: whoever asks comes back later."""
    slack.workspace.faults.fail_next(1, "server_error", method="conversations.replies")
    with pytest.raises(SlackPassingError):
        await _found(slack, TRAINING, slack.said().ts, "abc", slack.now)
    assert slack.clock.slept == []


async def test_a_permalink_leads_to_a_message(slack: Connected) -> None:
    """And to nothing where it is gone."""
    message = slack.said()
    address = await slack.gateway.permalink(TRAINING, message.ts)
    assert address.endswith(f"/archives/{TRAINING}/p{message.ts.replace('.', '')}")
    slack.workspace.delete_message(TRAINING, message.ts)
    with pytest.raises(SlackGoneError):
        await slack.gateway.permalink(TRAINING, message.ts)


async def test_what_a_conversation_is(slack: Connected) -> None:
    """Member or not, read by another company or not, private or not, archived or not."""
    info = slack.gateway.conversation
    slack.workspace.scopes.add("im:read")
    assert await info(TRAINING) == Conversation(is_member=True, is_shared=False, is_private=False)
    assert await info(GENERAL) == Conversation(is_member=False, is_shared=False, is_private=False)
    assert await info(ML_OPS) == Conversation(is_member=True, is_shared=False, is_private=True)
    assert await info(PARTNERS) == Conversation(is_member=True, is_shared=True, is_private=False)
    assert await info(DM) == Conversation(is_member=True, is_shared=False, is_private=True)
    slack.workspace.archive(TRAINING)
    assert (await info(TRAINING)) == Conversation(
        is_member=True, is_shared=False, is_private=False, is_archived=True
    )
    with pytest.raises(SlackConversationError, match="channel_not_found"):
        await info(HIDDEN)


async def test_a_missing_scope_is_asked_about_once_an_hour(slack: Connected) -> None:
    """Each conversation by itself: a direct message cannot be asked about, a channel can."""
    for _ in range(3):
        assert await slack.gateway.conversation(DM) is None
        assert await slack.gateway.conversation(TRAINING) is not None
    assert len(slack.workspace.calls_of("conversations.info")) == 4
    slack.workspace.scopes.add("im:read")
    slack.clock.advance(3_600)
    assert await slack.gateway.conversation(DM) is not None

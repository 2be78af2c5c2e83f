"""What is sent as a message, and what Slack's answers say of messages and conversations. Pure.

Sources: https://docs.slack.dev/reference/methods/chat.postMessage, …/chat.update,
…/conversations.history, …/reference/objects/conversation-object, …/messaging/message-metadata
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from bot.domain.errors import SlackPassingError
from bot.domain.messages.slack_messages import Conversation, Posted, Sending
from bot.slack.web_api.answers import text_in

LONGEST_EDITED_TEXT: Final = 4_000
"""Characters of ``text`` that ``chat.update`` takes; ``chat.postMessage`` takes ten times as many."""

_EVENT_TYPE: Final = "jobbot_update"
_TORN: Final = re.compile(r"(?:&[a-z]{0,3}|<[^<>]*)\Z")
"""The first half of an escape such as ``&amp;``, or of a link, a date or a mention."""


def send_body(channel_id: str, message: Mapping[str, Any], how: Sending) -> dict[str, Any]:
    """The body of ``chat.postMessage``, with what the message is found by.

    Every app and member of the workspace can read a message's metadata, so it holds the opaque id only.
    """
    metadata = {"event_type": _EVENT_TYPE, "event_payload": {"id": how.opaque_id}}
    body = {"channel": channel_id, "unfurl_links": False, "unfurl_media": False, **message}
    body["metadata"] = metadata
    if how.thread_ts is None:
        return body
    in_thread = {**body, "thread_ts": how.thread_ts}
    return in_thread | {"reply_broadcast": True} if how.broadcast else in_thread


def edit_body(channel_id: str, ts: str, message: Mapping[str, Any]) -> dict[str, Any]:
    """The body of ``chat.update``: everything is replaced, also blocks by none."""
    text = cut(str(message.get("text", "")), LONGEST_EDITED_TEXT)
    return {"blocks": [], **message, "channel": channel_id, "ts": ts, "text": text}


def cut(text: str, most: int) -> str:
    """At most so many UTF-16 units of a message's text, with no half of an escape or a link at its end."""
    units = text.encode("utf-16-le", "replace")
    if len(units) <= 2 * most:
        return text
    kept = units[: 2 * (most - 1)].decode("utf-16-le", "ignore")
    return _TORN.sub("", kept) + "…"


def posted(channel_id: str, answer: Mapping[str, Any]) -> Posted:
    """Where ``chat.postMessage`` put the message.

    Where the parent is no more, Slack moves a reply to the conversation: only the ``thread_ts`` that is
    missing in the answer tells.

    Raises:
        SlackPassingError: the answer does not say.
    """
    message = answer.get("message")
    if not isinstance(message, dict) or not text_in(answer, "ts"):
        detail = "chat.postMessage: ok, but no message"
        raise SlackPassingError(detail, slack_code="http_error")
    return _standing(text_in(answer, "channel") or channel_id, {**message, "ts": answer["ts"]})


def sent_among(channel_id: str, messages: Iterable[Mapping[str, Any]], opaque_id: str) -> Posted | None:
    """The message with this id in its metadata."""
    for message in messages:
        metadata = message.get("metadata")
        if not isinstance(metadata, dict) or metadata.get("event_type") != _EVENT_TYPE:
            continue
        payload = metadata.get("event_payload")
        if isinstance(payload, dict) and payload.get("id") == opaque_id and text_in(message, "ts"):
            return _standing(channel_id, message)
    return None


def is_standing(messages: Iterable[Mapping[str, Any]], ts: str) -> bool:
    """Whether this message is among them, and not just the mark that a deleted one leaves over its thread."""
    return any(one.get("ts") == ts and one.get("subtype") != "tombstone" for one in messages)


def messages_in(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The messages of one page of a history; whatever is no message is left out."""
    messages = answer.get("messages")
    return [one for one in messages if isinstance(one, dict)] if isinstance(messages, list) else []


def next_cursor(answer: Mapping[str, Any]) -> str:
    """Where the next page begins; "" after the last one."""
    metadata = answer.get("response_metadata")
    return text_in(metadata, "next_cursor") if isinstance(metadata, dict) else ""


def conversation(answer: Mapping[str, Any]) -> Conversation:
    """What ``conversations.info`` says. An invitation to another company counts like its acceptance."""
    found = answer.get("channel")
    channel: Mapping[str, Any] = found if isinstance(found, dict) else {}
    is_direct = channel.get("is_im") is True
    return Conversation(
        is_member=is_direct or channel.get("is_member") is True,
        is_shared=channel.get("is_ext_shared") is True or channel.get("is_pending_ext_shared") is True,
        is_private=is_direct or channel.get("is_private") is True,
        is_archived=channel.get("is_archived") is True,
    )


def opened_conversation(answer: Mapping[str, Any]) -> str:
    """The ID of the direct messages that ``conversations.open`` gives.

    Raises:
        SlackPassingError: the answer does not say.
    """
    channel = answer.get("channel")
    channel_id = text_in(channel, "id") if isinstance(channel, dict) else ""
    if not channel_id:
        detail = "conversations.open: ok, but no conversation"
        raise SlackPassingError(detail, slack_code="http_error", may_have_happened=False)
    return channel_id


def opened_view(answer: Mapping[str, Any]) -> str:
    """The ID of a window that was opened; empty where the answer does not say."""
    view = answer.get("view")
    return text_in(view, "id") if isinstance(view, dict) else ""


def _standing(channel_id: str, message: Mapping[str, Any]) -> Posted:
    ts, thread_ts = text_in(message, "ts"), text_in(message, "thread_ts")
    # The parent of a thread names itself as its thread.
    return Posted(channel_id, ts, thread_ts if thread_ts and thread_ts != ts else None)

"""Finding a message that may have been sent, by the opaque id in its metadata, a page at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final

import structlog

from bot.domain.errors import SlackGoneError, SlackPermanentError
from bot.domain.messages.settling import Settling
from bot.domain.messages.slack_messages import Posted
from bot.slack.messages import is_standing, messages_in, next_cursor, sent_among
from bot.slack.web_api.answers import Answer

SKEW: Final = timedelta(minutes=10)
"""How far Slack's clock and ours may be apart."""
PAGE_SIZE: Final = 200
"""Messages asked for at a time; some apps get 15, whatever they ask for."""

_UNKNOWN_CURSOR: Final = "invalid_cursor"

_log = structlog.stdlib.get_logger(__name__)
Read = Callable[[str, Mapping[str, str]], Awaitable[Answer]]
"""Calls a method that reads."""


async def look(
    read: Read, channel_id: str, thread_ts: str | None, opaque_id: str, settling: Settling
) -> Posted | Settling | None:
    """Read one page: the message, how to go on, or None where there is none.

    Raises:
        SlackError: it cannot be known (now).
    """
    try:
        answer, _ = await read(*_question(channel_id, thread_ts, settling))
    except SlackGoneError:
        if not settling.is_in_thread:
            raise
        return settling.outside()
    except SlackPermanentError as error:
        if error.slack_code != _UNKNOWN_CURSOR or not settling.cursor:
            raise
        return settling.anew()
    page = messages_in(answer)
    found = sent_among(channel_id, page, opaque_id)
    if found is not None:
        return found
    has_parent = settling.is_in_thread and thread_ts is not None and is_standing(page, thread_ts)
    return _next(settling.further(next_cursor(answer), len(page), has_parent=has_parent), channel_id)


def _question(channel_id: str, thread_ts: str | None, settling: Settling) -> tuple[str, Mapping[str, str]]:
    body = {
        "channel": channel_id,
        "oldest": f"{(settling.since - SKEW).timestamp():.6f}",
        "latest": f"{(settling.until + SKEW).timestamp():.6f}",
        "inclusive": "true",
        "limit": str(PAGE_SIZE),
        "include_all_metadata": "true",
    }
    if settling.cursor:
        body["cursor"] = settling.cursor
    if settling.is_in_thread and thread_ts is not None:
        return "conversations.replies", {**body, "ts": thread_ts}
    return "conversations.history", body


def _next(settling: Settling, channel_id: str) -> Settling | None:
    if settling.cursor:
        if not settling.is_too_long:
            return settling
        _log.warning(
            "too many messages to look through for one that may have been sent", channel_id=channel_id
        )
        return None
    # Where the thread's parent is no more, Slack moves replies to the conversation.
    return settling.outside() if settling.is_in_thread and not settling.has_parent else None

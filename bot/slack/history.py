"""Finding a message that may have been sent, by the opaque id in its metadata."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from bot.domain.errors import SlackGoneError
from bot.domain.ports import Posted
from bot.slack.calling import SlackCalls
from bot.slack.messages import is_standing, messages_in, next_cursor, sent_among

SKEW: Final = timedelta(minutes=10)
"""How far Slack's clock and ours may be apart."""
PAGE_SIZE: Final = 200
MOST_PAGES: Final = 5

_log = structlog.stdlib.get_logger(__name__)
_Page = Sequence[Mapping[str, Any]]


async def find_in_thread(
    calls: SlackCalls, channel_id: str, thread_ts: str, opaque_id: str, since: datetime
) -> Posted | None:
    """The message in the thread; where the thread's parent is no more, also in the conversation.

    Raises:
        SlackError: it cannot be known (now).
    """
    has_parent = False
    try:
        async for page in _pages(calls, "conversations.replies", channel_id, since, ts=thread_ts):
            found = sent_among(channel_id, page, opaque_id)
            if found is not None:
                return found
            has_parent = has_parent or is_standing(page, thread_ts)
    except SlackGoneError:
        has_parent = False
    return None if has_parent else await find_in_conversation(calls, channel_id, opaque_id, since)


async def find_in_conversation(
    calls: SlackCalls, channel_id: str, opaque_id: str, since: datetime
) -> Posted | None:
    """The message in the conversation itself.

    Raises:
        SlackError: it cannot be known (now).
    """
    async for page in _pages(calls, "conversations.history", channel_id, since):
        found = sent_among(channel_id, page, opaque_id)
        if found is not None:
            return found
    return None


async def _pages(
    calls: SlackCalls, method: str, channel_id: str, since: datetime, **where: str
) -> AsyncIterator[_Page]:
    body = {
        "channel": channel_id,
        "oldest": f"{(since - SKEW).timestamp():.6f}",
        "limit": str(PAGE_SIZE),
        "include_all_metadata": "true",
        **where,
    }
    for _ in range(MOST_PAGES):
        answer, _headers = await calls.once(method, body, form=True)
        yield messages_in(answer)
        cursor = next_cursor(answer)
        if not cursor:
            return
        body["cursor"] = cursor
    _log.warning("too many messages to look through for one that may have been sent", channel_id=channel_id)

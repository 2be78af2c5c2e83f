"""A message of the bot's, from what it sent: the same for every way there is to post one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.playground.workspace.model import Message
from bot.playground.workspace.web_api.arguments import is_true, text_of
from bot.playground.workspace.world import World


def post(
    world: World, channel_id: str, sent: Mapping[str, Any], *, ephemeral_to: str | None = None
) -> Message:
    """Leave the message in the channel, or before one person's eyes."""
    return world.board.post(
        Message(
            ts=world.board.next_ts(),
            channel_id=channel_id,
            user_id=world.identity.bot_user_id,
            text=text_of(sent, "text"),
            blocks=sent.get("blocks"),
            thread_ts=text_of(sent, "thread_ts") or None,
            ephemeral_to=ephemeral_to,
            broadcast=ephemeral_to is None and is_true(sent, "reply_broadcast"),
            metadata=sent.get("metadata"),
        )
    )

"""`conversations.*`: what the bot may learn of channels and threads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.playground.workspace.arguments import text_of
from bot.playground.workspace.methods.rooms import need_channel_scope, visible
from bot.playground.workspace.model import ChannelKind
from bot.playground.workspace.objects import channel_object, message_object
from bot.playground.workspace.refusal import refuse
from bot.playground.workspace.world import World

_MOST_REPLIES = 1_000
_DEFAULT_REPLIES = 100


def replies(world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`conversations.replies`: the parent first, then its thread."""
    channel = visible(world, text_of(arguments, "channel"))
    need_channel_scope(world, channel, "history")
    if world.identity.bot_user_id not in channel.members:
        refuse("not_in_channel")
    asked = channel.messages.get(text_of(arguments, "ts"))
    if asked is None or asked.ephemeral_to is not None:
        refuse("thread_not_found")
    root = channel.messages.get(asked.thread_ts or "", asked)
    thread = [root, *(one for one in channel.replies(root.ts) if one.ephemeral_to is None)]
    limit = _limit(arguments)
    shown = [message_object(one, channel, world.identity) for one in thread[:limit]]
    return {"ok": True, "messages": shown, "has_more": len(thread) > limit}


def info(world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`conversations.info`."""
    channel = visible(world, text_of(arguments, "channel"))
    need_channel_scope(world, channel, "read")
    return {"ok": True, "channel": channel_object(channel, world.identity)}


def open_(world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`conversations.open`: the direct messages with one person."""
    user_id = text_of(arguments, "users")
    channel_id = text_of(arguments, "channel")
    if channel_id:
        channel = visible(world, channel_id)
        if channel.kind is not ChannelKind.DM:
            refuse("method_not_supported_for_channel_type")
        return {"ok": True, "channel": {"id": channel.id}}
    user = world.board.users.get(user_id)
    if user is None or user.is_bot:
        refuse("user_not_found")
    return {"ok": True, "channel": {"id": world.board.direct_messages(user_id).id}}


def _limit(arguments: Mapping[str, Any]) -> int:
    try:
        limit = int(arguments.get("limit", _DEFAULT_REPLIES))
    except (TypeError, ValueError, OverflowError):
        refuse("invalid_limit")
    if not 1 <= limit <= _MOST_REPLIES:
        refuse("invalid_limit")
    return limit

"""`conversations.*`: what the bot may learn of channels and who is in them, and direct messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.playground.workspace.methods.rooms import need_channel_scope, need_some_scope, visible
from bot.playground.workspace.model import ChannelKind
from bot.playground.workspace.refusal import refuse
from bot.playground.workspace.web_api.arguments import text_of
from bot.playground.workspace.web_api.objects import channel_object
from bot.playground.workspace.world import World


def info(world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`conversations.info`."""
    need_some_scope(world, "read")
    channel = visible(world, text_of(arguments, "channel"))
    need_channel_scope(world, channel, "read")
    return {"ok": True, "channel": channel_object(channel, world.identity)}


def members(world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`conversations.members`, a page at a time; the cursor is the last one that was told."""
    need_some_scope(world, "read")
    channel = visible(world, text_of(arguments, "channel"))
    need_channel_scope(world, channel, "read")
    most = int(text_of(arguments, "limit") or "100")
    left = sorted(each for each in channel.members if each > text_of(arguments, "cursor"))
    cursor = left[most - 1] if len(left) > most else ""
    return {"ok": True, "members": left[:most], "response_metadata": {"next_cursor": cursor}}


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
    if user.is_deactivated:
        refuse("user_disabled")
    return {"ok": True, "channel": {"id": world.board.direct_messages(user_id).id}}

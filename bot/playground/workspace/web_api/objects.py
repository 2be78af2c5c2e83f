"""Users, channels, messages and views as the JSON objects of Slack's API.

Source: https://docs.slack.dev/reference/objects
"""

from __future__ import annotations

from typing import Any

from bot.playground.workspace.identity import Identity
from bot.playground.workspace.model import Channel, ChannelKind, Message, User, View, with_block_ids


def user_object(user: User, identity: Identity) -> dict[str, Any]:
    """A user, as `users.info` tells it."""
    return {
        "id": user.id,
        "team_id": user.home_team_id or identity.team_id,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": user.is_deactivated,
        "is_bot": user.is_bot,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "tz": user.time_zone,
        "profile": {"real_name": user.real_name, "display_name": user.name},
    }


def channel_object(channel: Channel, identity: Identity) -> dict[str, Any]:
    """A conversation, as `conversations.info` tells it."""
    if channel.kind is ChannelKind.DM:
        others = sorted(channel.members - {identity.bot_user_id})
        return {"id": channel.id, "is_im": True, "user": others[0], "is_archived": channel.is_archived}
    is_group = channel.kind is ChannelKind.GROUP_DM
    is_private = channel.kind is ChannelKind.PRIVATE or is_group
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not is_private,
        "is_group": is_private,
        "is_im": False,
        "is_mpim": is_group,
        "is_private": is_private,
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.kind is ChannelKind.SHARED,
        "is_shared": channel.kind is ChannelKind.SHARED,
        "is_member": identity.bot_user_id in channel.members,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def message_object(message: Message, channel: Channel, identity: Identity) -> dict[str, Any]:
    """A message, as the Web API and interaction payloads give it."""
    found: dict[str, Any] = {
        "type": "message",
        "user": message.user_id,
        "text": message.text,
        "ts": message.ts,
        "team": identity.team_id,
    }
    if message.user_id == identity.bot_user_id:
        found |= {"bot_id": identity.bot_id, "app_id": identity.api_app_id}
    if message.blocks is not None:
        found["blocks"] = with_block_ids(message.blocks)
    if message.metadata is not None:
        found["metadata"] = message.metadata
    if message.edited:
        found["edited"] = {"user": message.user_id, "ts": message.ts}
    replies = channel.replies(message.ts)
    if replies:
        found |= {"thread_ts": message.ts, "reply_count": len(replies), "latest_reply": replies[-1].ts}
    elif message.is_reply:
        found |= {"thread_ts": message.thread_ts}
    if message.broadcast:
        found["subtype"] = "thread_broadcast"
    return found


def view_object(view: View, identity: Identity) -> dict[str, Any]:
    """A view, as the Web API and interaction payloads give it."""
    content = view.content
    return {
        "id": view.id,
        "team_id": identity.team_id,
        "type": view.type,
        "title": content.get("title"),
        "close": content.get("close"),
        "submit": content.get("submit"),
        "blocks": with_block_ids(content.get("blocks")),
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "external_id": content.get("external_id", ""),
        "state": {"values": view.values},
        "hash": view.hash,
        "clear_on_close": bool(content.get("clear_on_close", False)),
        "notify_on_close": bool(content.get("notify_on_close", False)),
        "root_view_id": view.id,
        "previous_view_id": None,
        "app_id": identity.api_app_id,
        "app_installed_team_id": identity.team_id,
        "bot_id": identity.bot_id,
    }

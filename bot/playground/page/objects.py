"""Messages, views, jobs and channels as the page gets them, for one person's eyes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.playground.training_suite import TrainingSuite
from bot.playground.workspace import Channel, ChannelKind, Message, View, Workspace
from bot.playground.workspace.model import with_block_ids

_VIEW_KEYS = ("title", "submit", "close")
_JOB_KEYS = ("request_id", "experiment_name", "status", "progress")


def channel_json(channel: Channel, bot_user_id: str) -> dict[str, Any]:
    """One line of the channel list; ``people`` are direct messages without the bot."""
    is_member = bot_user_id in channel.members
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": "people" if channel.kind.is_direct and not is_member else channel.kind.value,
        "bot_is_member": is_member,
        "topic": channel.topic,
        "is_archived": channel.is_archived,
    }


def message_json(message: Message, channel: Channel) -> dict[str, Any]:
    """One message."""
    found: dict[str, Any] = {
        "ts": message.ts,
        "channel_id": message.channel_id,
        "user_id": message.user_id,
        "text": message.text,
        "ephemeral": message.ephemeral_to is not None,
        "reply_count": sum(1 for reply in channel.replies(message.ts) if reply.ephemeral_to is None),
        "edited": message.edited,
        "broadcast": message.broadcast,
    }
    if message.blocks is not None:
        found["blocks"] = with_block_ids(message.blocks)
    if message.unfurls:
        found["unfurls"] = [with_block_ids(card.get("blocks")) for card in message.unfurls.values()]
    if message.reactions:
        found["reactions"] = list(message.reactions)
    if message.thread_ts is not None:
        found["thread_ts"] = message.thread_ts
    return found


def view_json(view: View) -> dict[str, Any]:
    """One open modal."""
    content = view.content
    given = {key: content[key] for key in _VIEW_KEYS if content.get(key) is not None}
    return {"id": view.id, "type": view.type, "blocks": with_block_ids(content.get("blocks")), **given}


def jobs_json(suite: TrainingSuite) -> list[dict[str, Any]]:
    """The jobs to try, always in the same order."""
    documents = (suite.document(request_id) for request_id in suite.request_ids)
    return [{key: document.get(key) for key in _JOB_KEYS} for document in documents if document is not None]


def channels_of(workspace: Workspace, user_id: str) -> list[Channel]:
    """The conversations a person is in.

    An archived one only while there is something to read in it, and the bot's while it is installed.
    """
    bot_user_id, is_installed = workspace.identity.bot_user_id, workspace.world.is_installed
    return [
        one
        for one in workspace.board.channels.values()
        if user_id in one.members
        and (one.messages or not one.is_archived)
        and (is_installed or not one.kind.is_direct or bot_user_id not in one.members)
    ]


def channels_json(workspace: Workspace, user_id: str) -> list[dict[str, Any]]:
    """The channel list."""
    bot_user_id = workspace.identity.bot_user_id if workspace.world.is_installed else ""
    return [channel_json(channel, bot_user_id) for channel in channels_of(workspace, user_id)]


def news_json(workspace: Workspace, news: Mapping[str, Any], user_id: str) -> dict[str, Any] | None:
    """A piece of news as an event of the page's stream; None where it is not for this person."""
    kind = news["type"]
    if kind in {"message", "message_changed", "message_deleted"}:
        message: Message = news["message"]
        channel = workspace.board.channels.get(message.channel_id)
        if channel is None or not _sees(channel, message, user_id):
            return None
        return {"type": kind, "message": message_json(message, channel)}
    if kind in {"view_opened", "view_updated", "view_closed", "home_published"}:
        view: View = news["view"]
        return {"type": kind, "view": view_json(view)} if view.user_id == user_id else None
    if kind == "note":
        return {"type": kind, "note": news["note"]} if news["to"] == user_id else None
    if kind == "channels":
        return {"type": kind, "channels": channels_json(workspace, user_id)}
    return dict(news) if kind in {"jobs", "switches", "bot"} else None


def _sees(channel: Channel, message: Message, user_id: str) -> bool:
    is_inside = user_id in channel.members or channel.kind is ChannelKind.PUBLIC
    return is_inside and message.ephemeral_to in {None, user_id}

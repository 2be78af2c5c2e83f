"""Which conversations the bot can see and write in."""

from __future__ import annotations

from bot.playground.workspace.model import Channel, ChannelKind
from bot.playground.workspace.refusal import refuse
from bot.playground.workspace.world import World

_FAMILIES = {
    ChannelKind.PUBLIC: "channels",
    ChannelKind.SHARED: "channels",
    ChannelKind.PRIVATE: "groups",
    ChannelKind.DM: "im",
    ChannelKind.GROUP_DM: "mpim",
}


def visible(world: World, channel_id: str) -> Channel:
    """The conversation, if the bot may know of it.

    Raises:
        Refusal: ``channel_not_found``, also for a private one the bot is not in.
    """
    channel = world.board.channel(channel_id)
    is_member = world.identity.bot_user_id in channel.members
    if not is_member and (channel.kind is ChannelKind.PRIVATE or channel.kind.is_direct):
        refuse("channel_not_found")
    return channel


def writable(world: World, channel_id: str, *, archived: str = "is_archived") -> Channel:
    """The conversation, if the bot may post there; a user's id stands for their direct messages.

    Raises:
        Refusal: ``channel_not_found``, ``not_in_channel`` or what the method calls an ``archived`` one.
    """
    user = world.board.users.get(channel_id)
    if user is not None and not user.is_bot:
        return world.board.direct_messages(channel_id)
    channel = visible(world, channel_id)
    is_member = world.identity.bot_user_id in channel.members
    may_join_in = channel.kind is ChannelKind.PUBLIC and "chat:write.public" in world.scopes
    if not is_member and not may_join_in:
        refuse("not_in_channel")
    if channel.is_archived:
        refuse(archived)
    return channel


def need_some_scope(world: World, action: str) -> None:
    """Go on if the bot may do this in any kind of conversation; asked before a conversation is looked up.

    Raises:
        Refusal: ``missing_scope``.
    """
    world.need_scope(*(f"{family}:{action}" for family in sorted(set(_FAMILIES.values()))))


def need_channel_scope(world: World, channel: Channel, action: str) -> None:
    """Go on if the bot may ``read`` such a conversation's data, or its ``history``.

    Raises:
        Refusal: ``missing_scope``.
    """
    world.need_scope(f"{_FAMILIES[channel.kind]}:{action}")

"""`chat.*`: posting, editing, deleting.

Source: https://docs.slack.dev/reference/methods/chat.postMessage and its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.playground.workspace.methods.rooms import visible, writable
from bot.playground.workspace.model import Channel, Message
from bot.playground.workspace.refusal import refuse
from bot.playground.workspace.web_api.arguments import text_of
from bot.playground.workspace.web_api.checks import check_message
from bot.playground.workspace.web_api.objects import message_object
from bot.playground.workspace.web_api.posting import post
from bot.playground.workspace.world import World

Arguments = Mapping[str, Any]


def post_message(world: World, arguments: Arguments) -> Arguments:
    """`chat.postMessage`: a reply to a parent that is gone lands in the channel, without a word."""
    channel = writable(world, text_of(arguments, "channel"))
    check_message(arguments, lacks=world.faults.lacks)
    message = post(world, channel.id, arguments)
    shown = message_object(message, channel, world.identity)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": shown}


def post_ephemeral(world: World, arguments: Arguments) -> Arguments:
    """`chat.postEphemeral`: seen by one member only, and never to be edited."""
    channel = writable(world, text_of(arguments, "channel"))
    user_id = text_of(arguments, "user")
    if user_id not in channel.members:
        refuse("user_not_in_channel")
    check_message(arguments, lacks=world.faults.lacks)
    message = post(world, channel.id, arguments, ephemeral_to=user_id)
    return {"ok": True, "message_ts": message.ts}


def update(world: World, arguments: Arguments) -> Arguments:
    """`chat.update`: text alone takes the blocks away; blocks alone leave the text, and metadata stays."""
    channel = writable(world, text_of(arguments, "channel"), archived="is_inactive")
    message = _own(world, channel, arguments, "cant_update_message")
    given = {name: arguments[name] for name in ("text", "blocks", "metadata") if name in arguments}
    check_message(given, is_update="text" in given, lacks=world.faults.lacks)
    sent = {"blocks": None, **given} if "text" in given else given
    if sent.get("metadata") == {}:
        sent["metadata"] = None
    world.board.edit(message, sent)
    shown = message_object(message, channel, world.identity)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def delete(world: World, arguments: Arguments) -> Arguments:
    """`chat.delete`."""
    channel = writable(world, text_of(arguments, "channel"))
    message = _own(world, channel, arguments, "cant_delete_message")
    world.board.delete(message)
    return {"ok": True, "channel": channel.id, "ts": message.ts}


def unfurl(world: World, arguments: Arguments) -> Arguments:
    """`chat.unfurl`: only of addresses that the message has; the bot need not be a member."""
    channel = world.board.channel(text_of(arguments, "channel"))
    message = channel.messages.get(text_of(arguments, "ts"))
    if message is None:
        refuse("cannot_find_message")
    shown = arguments.get("unfurls")
    if not isinstance(shown, dict) or not shown:
        refuse("missing_unfurls")
    for address, card in shown.items():
        if address not in message.text:
            refuse("cannot_unfurl_url")
        check_message({"text": address, "blocks": card.get("blocks")})
    world.board.unfurl(message, shown)
    return {"ok": True}


def react(world: World, arguments: Arguments) -> Arguments:
    """`reactions.add`: once for each emoji, where the bot is a member."""
    channel = visible(world, text_of(arguments, "channel"))
    message = channel.messages.get(text_of(arguments, "timestamp"))
    emoji = text_of(arguments, "name")
    if message is None or message.ephemeral_to is not None:
        refuse("message_not_found")
    if not emoji or set(emoji) & set(": "):
        refuse("invalid_name")
    if emoji in message.reactions:
        refuse("already_reacted")
    world.board.react(message, emoji)
    return {"ok": True}


def get_permalink(world: World, arguments: Arguments) -> Arguments:
    """`chat.getPermalink`: a reply's address names its thread as well."""
    channel = visible(world, text_of(arguments, "channel"))
    message = channel.messages.get(text_of(arguments, "message_ts"))
    if message is None or message.ephemeral_to is not None:
        refuse("message_not_found")
    domain = world.identity.team_domain
    address = f"https://{domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        address += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"ok": True, "channel": channel.id, "permalink": address}


def _own(world: World, channel: Channel, arguments: Arguments, refusal_code: str) -> Message:
    """The message, if it is there for all and the bot's own."""
    message = channel.messages.get(text_of(arguments, "ts"))
    if message is None or message.ephemeral_to is not None:
        refuse("message_not_found")
    if message.user_id != world.identity.bot_user_id:
        refuse(refusal_code)
    return message

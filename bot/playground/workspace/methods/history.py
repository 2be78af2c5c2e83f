"""`conversations.history` and `conversations.replies`: what was said, page by page.

Source: https://docs.slack.dev/reference/methods/conversations.history and …/conversations.replies
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from bot.playground.workspace.methods.rooms import need_channel_scope, need_some_scope, visible
from bot.playground.workspace.model import Channel, Message
from bot.playground.workspace.refusal import refuse
from bot.playground.workspace.web_api.arguments import is_true, text_of
from bot.playground.workspace.web_api.objects import message_object
from bot.playground.workspace.world import World

_MOST: Final = 999
_DEFAULT: Final = 100
_FEW: Final = 15
_CURSOR: Final = "next_ts:"
_SLACKBOT: Final = "USLACKBOT"


def history(world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`conversations.history`: newest first; of replies only those that were broadcast."""
    channel = _readable(world, arguments)
    roots = {one.thread_ts for one in channel.messages.values() if one.is_reply}
    deleted = (_tombstone(channel, ts) for ts in roots if ts is not None and ts not in channel.messages)
    said = [one for one in _said(channel.messages.values()) if not one.is_reply or one.broadcast]
    ordered = sorted([*said, *deleted], key=lambda one: Decimal(one.ts), reverse=True)
    found = _within(ordered, arguments)
    cursor = _cursor(arguments)
    if cursor is not None:
        found = [one for one in found if Decimal(one.ts) < cursor]
    return _page(world, channel, arguments, found)


def replies(world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`conversations.replies`: the parent, whenever it was, then its thread, oldest first."""
    channel = _readable(world, arguments)
    root = _root(channel, text_of(arguments, "ts"))
    found = _within(_said(channel.replies(root.ts)), arguments)
    cursor = _cursor(arguments)
    if cursor is None:
        found.insert(0, root)
    else:
        found = [one for one in found if Decimal(one.ts) > cursor]
    return _page(world, channel, arguments, found)


def _readable(world: World, arguments: Mapping[str, Any]) -> Channel:
    need_some_scope(world, "history")
    channel = visible(world, text_of(arguments, "channel"))
    need_channel_scope(world, channel, "history")
    if world.identity.bot_user_id not in channel.members:
        refuse("not_in_channel")
    return channel


def _root(channel: Channel, ts: str) -> Message:
    """The parent of the thread that this message is in; where it was deleted, what stands in its place."""
    asked = channel.messages.get(ts)
    if asked is None and channel.replies(ts):
        return _tombstone(channel, ts)
    if asked is None or asked.ephemeral_to is not None:
        refuse("thread_not_found")
    return channel.messages.get(asked.thread_ts or "", asked)


def _said(messages: Iterable[Message]) -> list[Message]:
    return [one for one in messages if one.ephemeral_to is None]


def _tombstone(channel: Channel, ts: str) -> Message:
    return Message(ts, channel.id, _SLACKBOT, "This message was deleted.", thread_ts=ts)


def _within(messages: Iterable[Message], arguments: Mapping[str, Any]) -> list[Message]:
    """Those later than ``oldest`` and earlier than ``latest``; with ``inclusive`` those two as well."""
    oldest, latest = _moment(arguments, "oldest"), _moment(arguments, "latest")
    is_inclusive = is_true(arguments, "inclusive")
    found = []
    for one in messages:
        ts = Decimal(one.ts)
        at_the_edge = ts in {oldest, latest}
        if (oldest is None or ts >= oldest) and (latest is None or ts <= latest):
            found += [one] if is_inclusive or not at_the_edge else []
    return found


def _page(
    world: World, channel: Channel, arguments: Mapping[str, Any], messages: list[Message]
) -> Mapping[str, Any]:
    limit = min(_limit(arguments), _FEW) if world.faults.reads_little else _limit(arguments)
    shown = [_object(world, channel, one, arguments) for one in messages[:limit]]
    has_more = len(messages) > limit
    more = {"response_metadata": {"next_cursor": _CURSOR + messages[limit - 1].ts}} if has_more else {}
    return {"ok": True, "messages": shown, "has_more": has_more, **more}


def _object(
    world: World, channel: Channel, message: Message, arguments: Mapping[str, Any]
) -> Mapping[str, Any]:
    found = message_object(message, channel, world.identity)
    if not is_true(arguments, "include_all_metadata"):
        found.pop("metadata", None)
    if message.user_id == _SLACKBOT:
        found |= {"subtype": "tombstone", "hidden": True}
    return found


def _moment(arguments: Mapping[str, Any], name: str) -> Decimal | None:
    given = arguments.get(name)
    return None if given is None or given == "" else _decimal(given, f"invalid_ts_{name}")


def _cursor(arguments: Mapping[str, Any]) -> Decimal | None:
    cursor = text_of(arguments, "cursor")
    if not cursor:
        return None
    return _decimal(cursor[len(_CURSOR) :] if cursor.startswith(_CURSOR) else None, "invalid_cursor")


def _decimal(given: object, code: str) -> Decimal:
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        refuse(code)
    return number if number.is_finite() else refuse(code)


def _limit(arguments: Mapping[str, Any]) -> int:
    try:
        limit = int(arguments.get("limit", _DEFAULT))
    except (TypeError, ValueError, OverflowError):
        refuse("invalid_limit")
    return limit if 1 <= limit <= _MOST else refuse("invalid_limit")

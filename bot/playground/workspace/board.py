"""The state of the workspace: who is there and what was posted. Every change is news."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from bot.domain.event import Event
from bot.domain.ports import Clock
from bot.playground.workspace.feed import Feed
from bot.playground.workspace.identity import Identity
from bot.playground.workspace.model import (
    MOST_MESSAGES_PER_CHANNEL,
    Channel,
    ChannelKind,
    Message,
    User,
    View,
)
from bot.playground.workspace.refusal import refuse

_MICROSECONDS = 1_000_000
_MOST_VIEWS = 200


class Change(NamedTuple):
    """A message was edited or deleted."""

    kind: str
    """``message_changed`` or ``message_deleted``."""
    message: Message
    before: Message


class Board:
    """Users, channels, messages and views."""

    def __init__(self, clock: Clock, identity: Identity, feed: Feed) -> None:
        self._clock = clock
        self.identity = identity
        self.feed = feed
        self.users: dict[str, User] = identity.people()
        self.channels: dict[str, Channel] = identity.channels()
        self.groups: dict[str, set[str]] = {}
        """User groups, and who is in them."""
        self.group_handles: dict[str, str] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        """Published Home tabs by user."""
        self.changed = Event[Change]()
        self._last_ts = 0
        self._made = 0

    def reset(self) -> None:
        """Forget what was said; people and channels are as at the start."""
        self.users, self.channels = self.identity.people(), self.identity.channels()
        self.views.clear()
        self.homes.clear()

    def next_ts(self) -> str:
        """A message's time stamp and id: later than every one before."""
        now = int(self._clock.now().timestamp() * _MICROSECONDS)
        self._last_ts = max(now, self._last_ts + 1)
        return f"{self._last_ts // _MICROSECONDS}.{self._last_ts % _MICROSECONDS:06d}"

    def next_id(self, prefix: str) -> str:
        """A new id such as ``V000000001``."""
        self._made += 1
        return f"{prefix}{self._made:09d}"

    def channel(self, channel_id: str) -> Channel:
        """The channel, whoever asks.

        Raises:
            Refusal: ``channel_not_found``.
        """
        channel = self.channels.get(channel_id)
        if channel is None:
            refuse("channel_not_found")
        return channel

    def direct_messages(self, user_id: str) -> Channel:
        """The conversation of this person and the bot, made when it is first needed."""
        bot = self.identity.bot_user_id
        for channel in self.channels.values():
            if channel.kind is ChannelKind.DM and channel.members == {user_id, bot}:
                return channel
        made = Channel(self.next_id("D"), self.users[bot].name, ChannelKind.DM, {user_id, bot})
        self.channels[made.id] = made
        return made

    def post(self, message: Message) -> Message:
        """Put a message into its channel; a reply whose parent is gone lands in the channel itself."""
        channel = self.channel(message.channel_id)
        message.thread_ts = self._root(channel, message.thread_ts)
        message.broadcast = message.broadcast and message.thread_ts is not None
        channel.messages[message.ts] = message
        while len(channel.messages) > MOST_MESSAGES_PER_CHANNEL:
            del channel.messages[next(iter(channel.messages))]
        self._tell("message", message)
        if message.thread_ts is not None and message.ephemeral_to is None:
            self._tell("message_changed", channel.messages[message.thread_ts])
        return message

    def edit(self, message: Message, changes: Mapping[str, Any]) -> None:
        """Change a message's fields in place."""
        before = replace(message)
        for name, value in changes.items():
            setattr(message, name, value)
        message.edited = True
        self._tell("message_changed", message)
        self.changed.tell(Change("message_changed", message, before))

    def unfurl(self, message: Message, shown: Mapping[str, Mapping[str, Any]]) -> None:
        """Show something below a message: apps are told about that as of an edit."""
        before = replace(message)
        message.unfurls = {**message.unfurls, **shown}
        self._tell("message_changed", message)
        self.changed.tell(Change("message_changed", message, before))

    def react(self, message: Message, emoji: str) -> None:
        """Put an emoji below a message. An app that did not ask for such events hears nothing of it."""
        message.reactions = (*message.reactions, emoji)
        self._tell("message_changed", message)

    def delete(self, message: Message) -> None:
        """Take a message away; what was answered to it stays."""
        del self.channel(message.channel_id).messages[message.ts]
        self._tell("message_deleted", message)
        self.changed.tell(Change("message_deleted", message, message))

    def tell(self, channel_id: str, user_id: str, text: str) -> None:
        """A line that Slack itself shows one person, such as a command that timed out."""
        self.feed.publish({"type": "note", "note": {"text": text, "channel_id": channel_id}, "to": user_id})

    def open_view(self, user_id: str, content: Mapping[str, Any]) -> View:
        """Show a modal to a person."""
        view = View(self.next_id("V"), user_id, content, self.next_ts())
        self.views[view.id] = view
        while len(self.views) > _MOST_VIEWS:
            del self.views[next(iter(self.views))]
        self.feed.publish({"type": "view_opened", "view": view})
        return view

    def update_view(self, view: View, content: Mapping[str, Any]) -> None:
        """Show something else in an open modal."""
        view.content, view.hash = content, self.next_ts()
        self.feed.publish({"type": "view_updated", "view": view})

    def close_view(self, view: View) -> None:
        """Take a modal away."""
        self.views.pop(view.id, None)
        self.feed.publish({"type": "view_closed", "view": view})

    def publish_home(self, user_id: str, content: Mapping[str, Any]) -> View:
        """Show a person's Home tab."""
        known = self.homes.get(user_id)
        view_id = known.id if known else self.next_id("V")
        self.homes[user_id] = View(view_id, user_id, content, self.next_ts())
        self.feed.publish({"type": "home_published", "view": self.homes[user_id]})
        return self.homes[user_id]

    def visible_to(self, user_id: str) -> Iterable[Message]:
        """Every message this person can see, channel by channel, oldest first."""
        for channel in self.channels.values():
            if user_id in channel.members or channel.kind is ChannelKind.PUBLIC:
                yield from (one for one in channel.messages.values() if one.ephemeral_to in {None, user_id})

    def _tell(self, kind: str, message: Message) -> None:
        """News of a message as it is now, whatever becomes of it."""
        self.feed.publish({"type": kind, "message": replace(message)})

    @staticmethod
    def _root(channel: Channel, thread_ts: str | None) -> str | None:
        parent = channel.messages.get(thread_ts or "")
        if parent is None or parent.ephemeral_to is not None:
            return None
        root = parent.thread_ts or parent.ts
        return root if root in channel.messages else None

"""What admins and members do to channels and messages, behind the bot's back."""

from __future__ import annotations

from dataclasses import replace

from bot.playground.workspace.model import Channel
from bot.playground.workspace.people.actions import NotPossibleError
from bot.playground.workspace.world import World


class Admins:
    """Acts for them. Every method raises `NotPossibleError` for what Slack does not let them do."""

    _world: World

    def archive(self, channel_id: str) -> None:
        """Archive a channel: it can be read, and nobody writes in it."""
        self._room(channel_id).is_archived = True
        self._tell(channel_id)

    def unarchive(self, channel_id: str) -> None:
        """Bring a channel back."""
        self._room(channel_id).is_archived = False
        self._tell(channel_id)

    def invite_bot(self, channel_id: str) -> None:
        """``/invite`` the bot."""
        self._room(channel_id).members.add(self._world.identity.bot_user_id)
        self._tell(channel_id)

    def kick_bot(self, channel_id: str) -> None:
        """``/remove`` the bot."""
        self._room(channel_id).members.discard(self._world.identity.bot_user_id)
        self._tell(channel_id)

    def delete_message(self, channel_id: str, ts: str) -> None:
        """Delete anybody's message; what was answered to it stays."""
        channel = self._world.board.channels.get(channel_id)
        message = None if channel is None else channel.messages.get(ts)
        if message is None:
            msg = "There is no such message."
            raise NotPossibleError(msg)
        self._world.board.delete(message)

    def deactivate(self, user_id: str) -> None:
        """Switch somebody's account off. Their direct messages stay, and take what the app writes."""
        users = self._world.board.users
        users[user_id] = replace(users[user_id], is_deactivated=True)

    def _room(self, channel_id: str) -> Channel:
        channel = self._world.board.channels.get(channel_id)
        if channel is None or channel.kind.is_direct:
            msg = "There is no such channel."
            raise NotPossibleError(msg)
        return channel

    def _tell(self, channel_id: str) -> None:
        self._world.feed.publish({"type": "channel_changed", "channel_id": channel_id})

"""What the page's person can do, each as one POST with a JSON object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.playground.page.typed import as_sent
from bot.playground.workspace import Channel, Delivery, Message, NotPossibleError, View, Workspace
from bot.playground.workspace.people.surfaces import options_of

_MOST_TEXT = 12_000


class MalformedError(Exception):
    """The page asked for something that makes no sense, whatever the workspace is like; says why."""


class PageActions:
    """Does what was asked; every method returns what to add to ``{"ok": true}``.

    Raises:
        NotPossibleError: it cannot be done; the message is for people.
        MalformedError: it makes no sense.
    """

    def __init__(self, workspace: Workspace, slash_command: str) -> None:
        self._workspace = workspace
        self._me = workspace.identity.visitor_id
        self.slash_command = slash_command

    async def say(self, asked: Mapping[str, Any]) -> None:
        """Post a message; ``@`` and a name mentions somebody, the bot too."""
        text = as_sent(text_of(asked, "text"), self._workspace.board.users.values())
        thread_ts = asked.get("thread_ts")
        await self._workspace.say(
            text_of(asked, "channel_id"), self._me, text, thread_ts if isinstance(thread_ts, str) else None
        )

    async def command(self, asked: Mapping[str, Any]) -> None:
        """Type a slash command."""
        command, _, rest = text_of(asked, "text").strip().partition(" ")
        if command != self.slash_command:
            msg = f"{command} is not a command here. Try {self.slash_command} help."
            raise NotPossibleError(msg)
        await self._workspace.slash(text_of(asked, "channel_id"), self._me, rest.strip(), command)

    async def click(self, asked: Mapping[str, Any]) -> None:
        """Press a button of a message or a modal."""
        action = asked.get("action")
        if not isinstance(action, dict):
            msg = "Say which action to take."
            raise MalformedError(msg)
        view_id, block_id, value = asked.get("view_id"), action.get("block_id"), _value(action)
        target = self._view(view_id) if view_id else self._message(asked)
        values = asked.get("values")
        if isinstance(target, View) and isinstance(values, dict):
            target.values = values
        await self._workspace.click(
            self._me,
            target,
            text_of(action, "action_id"),
            block_id=block_id if isinstance(block_id, str) else None,
            value=value if isinstance(value, str) else None,
        )

    async def shortcut(self, asked: Mapping[str, Any]) -> None:
        """Choose the app's shortcut in a message's menu."""
        await self._workspace.shortcut(self._me, self._message(asked), text_of(asked, "callback_id"))

    async def suggest(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Type into a menu that the app fills: its options."""
        typed = asked.get("value")
        view, typed = self._view(asked.get("view_id")), typed if isinstance(typed, str) else ""
        return {
            "options": options_of(
                await self._workspace.suggest(self._me, view, text_of(asked, "action_id"), typed)
            )
        }

    async def home(self, _asked: Mapping[str, Any]) -> None:
        """Look at the app's Home tab."""
        await self._workspace.open_home(self._me)

    async def submit(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Press a modal's submit button; ``errors`` are the app's, by block."""
        values = asked.get("values")
        view = self._view(asked.get("view_id"))
        delivery = await self._workspace.submit_view(
            self._me, view, values if isinstance(values, dict) else None
        )
        return _submission_errors(delivery)

    async def close(self, asked: Mapping[str, Any]) -> None:
        """Dismiss a modal."""
        await self._workspace.close_view(self._me, self._view(asked.get("view_id")))

    async def delete(self, asked: Mapping[str, Any]) -> None:
        """Take a message away, whoever wrote it: the page's person may do that here."""
        self._workspace.board.delete(self._message(asked))

    async def archive(self, asked: Mapping[str, Any]) -> None:
        """Archive a channel, or bring it back."""
        channel = self._channel(asked)
        channel.is_archived = yes_or_no(asked, "archived")
        self._workspace.feed.publish({"type": "channels"})

    async def uninstall(self, _asked: Mapping[str, Any]) -> None:
        """Remove the app from the workspace, as an admin."""
        await self._workspace.uninstall_app()
        self._workspace.feed.publish({"type": "reset"})

    def _view(self, view_id: object) -> View:
        board = self._workspace.board
        home = board.homes.get(self._me)
        view = home if home is not None and home.id == view_id else board.views.get(str(view_id))
        if view is None or view.user_id != self._me:
            msg = "This window is closed already."
            raise NotPossibleError(msg)
        return view

    def _message(self, asked: Mapping[str, Any]) -> Message:
        message = self._channel(asked).messages.get(text_of(asked, "message_ts"))
        if message is None:
            msg = "This message is no longer there."
            raise NotPossibleError(msg)
        return message

    def _channel(self, asked: Mapping[str, Any]) -> Channel:
        channel = self._workspace.board.channels.get(text_of(asked, "channel_id"))
        if channel is None:
            msg = "This channel is not there."
            raise NotPossibleError(msg)
        return channel


def _value(action: Mapping[str, Any]) -> object:
    """What is sent: a button's value, or that of the option that was chosen in a menu."""
    chosen = action.get("selected_option")
    return chosen.get("value") if isinstance(chosen, dict) else action.get("value")


def text_of(asked: Mapping[str, Any], name: str) -> str:
    """What was asked under this name.

    Raises:
        MalformedError: it is no text, empty, or too long.
    """
    text = asked.get(name)
    if not isinstance(text, str) or not text.strip():
        msg = f"{name} is missing."
        raise MalformedError(msg)
    if len(text) > _MOST_TEXT:
        msg = f"That is too long: at most {_MOST_TEXT:,} characters."
        raise MalformedError(msg)
    return text


def yes_or_no(asked: Mapping[str, Any], name: str) -> bool:
    """What was asked under this name.

    Raises:
        MalformedError: it is neither true nor false.
    """
    is_on = asked.get(name)
    if not isinstance(is_on, bool):
        msg = f"{name} is true or false"
        raise MalformedError(msg)
    return is_on


def _submission_errors(delivery: Delivery) -> Mapping[str, Any]:
    body = delivery.body
    if not isinstance(body, dict) or body.get("response_action") != "errors":
        return {}
    return {"ok": False, "error": "Some of it needs another look.", "errors": body.get("errors")}

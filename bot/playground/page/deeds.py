"""What the page's person can do, each as one POST with a JSON object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.playground.page.typed import as_sent
from bot.playground.training_suite import Timeline, TrainingSuite
from bot.playground.workspace import GRACE, ME, TRAINING, Delivery, Message, NotPossibleError, View, Workspace

_SPEEDS = (1, 3600)
_MOST_TEXT = 12_000


class Deeds:
    """Does what was asked; every method returns what to add to ``{"ok": true}``.

    Raises:
        NotPossibleError: it cannot be done; the message is for people.
    """

    def __init__(
        self, workspace: Workspace, suite: TrainingSuite, timeline: Timeline, slash_command: str
    ) -> None:
        self._workspace = workspace
        self._suite = suite
        self._timeline = timeline
        self.slash_command = slash_command

    async def say(self, asked: Mapping[str, Any]) -> None:
        """Post a message; ``@`` and the bot's name mentions it."""
        text = as_sent(
            _text(asked, "text"), self._workspace.board.users[self._workspace.identity.bot_user_id]
        )
        thread_ts = asked.get("thread_ts")
        await self._workspace.say(
            _text(asked, "channel_id"), ME, text, thread_ts if isinstance(thread_ts, str) else None
        )

    async def command(self, asked: Mapping[str, Any]) -> None:
        """Type a slash command."""
        command, _, rest = _text(asked, "text").strip().partition(" ")
        if command != self.slash_command:
            msg = f"{command} is not a command here. Try {self.slash_command} help."
            raise NotPossibleError(msg)
        await self._workspace.slash(_text(asked, "channel_id"), ME, rest.strip(), command)

    async def click(self, asked: Mapping[str, Any]) -> None:
        """Press a button of a message or a modal."""
        action = asked.get("action")
        if not isinstance(action, dict):
            msg = "Say which action to take."
            raise NotPossibleError(msg)
        view_id, block_id, value = asked.get("view_id"), action.get("block_id"), action.get("value")
        target = self._view(view_id) if view_id else self._message(asked)
        await self._workspace.click(
            ME,
            target,
            _text(action, "action_id"),
            block_id=block_id if isinstance(block_id, str) else None,
            value=value if isinstance(value, str) else None,
        )

    async def submit(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Press a modal's submit button; ``errors`` are the app's, by block."""
        values = asked.get("values")
        view = self._view(asked.get("view_id"))
        delivery = await self._workspace.submit_view(ME, view, values if isinstance(values, dict) else None)
        return _submission_errors(delivery)

    async def close(self, asked: Mapping[str, Any]) -> None:
        """Dismiss a modal."""
        await self._workspace.close_view(ME, self._view(asked.get("view_id")))

    async def switch(self, asked: Mapping[str, Any]) -> None:
        """Set some of the switches."""
        changes = dict(asked)
        speed = changes.pop("speed", None)
        if speed is not None and not _is_speed(speed):
            msg = f"speed is a number from {_SPEEDS[0]} to {_SPEEDS[1]}"
            raise NotPossibleError(msg)
        try:
            self._suite.switches.update(changes)
        except ValueError as exc:
            raise NotPossibleError(str(exc)) from exc
        if speed is not None:
            self._timeline.speed = speed
        self._workspace.feed.publish({"type": "switches", "switches": self.switches()})

    async def reset(self, _asked: Mapping[str, Any]) -> None:
        """Begin anew: the jobs' lives, the conversation, the switches."""
        self._workspace.reset()
        self._suite.reset()
        self.welcome()
        self._workspace.feed.publish({"type": "reset"})

    def welcome(self) -> None:
        """Something to read at first, and a thread whose root names a job."""
        request_id = next(iter(self._suite.request_ids))
        text = (
            f"The support-tone run is `{request_id}`. Mention the bot in this thread to see how it is doing."
        )
        board = self._workspace.board
        board.post(Message(board.next_ts(), TRAINING, GRACE, text))

    def switches(self) -> dict[str, Any]:
        """All switches, with the speed of the jobs' lives."""
        return {**self._suite.switches.as_dict(), "speed": self._timeline.speed}

    def _view(self, view_id: object) -> View:
        view = self._workspace.board.views.get(str(view_id))
        if view is None or view.user_id != ME:
            msg = "This window is closed already."
            raise NotPossibleError(msg)
        return view

    def _message(self, asked: Mapping[str, Any]) -> Message:
        channel = self._workspace.board.channels.get(_text(asked, "channel_id"))
        message = None if channel is None else channel.messages.get(_text(asked, "message_ts"))
        if message is None:
            msg = "This message is no longer there."
            raise NotPossibleError(msg)
        return message


def _text(asked: Mapping[str, Any], name: str) -> str:
    text = asked.get(name)
    if not isinstance(text, str) or not text.strip():
        msg = f"{name} is missing."
        raise NotPossibleError(msg)
    if len(text) > _MOST_TEXT:
        msg = f"That is too long: at most {_MOST_TEXT:,} characters."
        raise NotPossibleError(msg)
    return text


def _is_speed(speed: object) -> bool:
    least, most = _SPEEDS
    return isinstance(speed, int | float) and not isinstance(speed, bool) and least <= speed <= most


def _submission_errors(delivery: Delivery) -> Mapping[str, Any]:
    body = delivery.body
    if not isinstance(body, dict) or body.get("response_action") != "errors":
        return {}
    return {"ok": False, "error": "Some of it needs another look.", "errors": body.get("errors")}

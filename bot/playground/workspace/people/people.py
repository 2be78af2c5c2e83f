"""What people do: type commands, say things, press buttons, fill in modals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.playground.workspace.dispatch.envelope import Delivery, Envelope
from bot.playground.workspace.dispatch.event_dispatcher import Courier
from bot.playground.workspace.dispatch.payloads import event_callback, message_action, slash_command
from bot.playground.workspace.dispatch.view_payloads import view_action, view_closed, view_submission
from bot.playground.workspace.expiring_tokens import Origin
from bot.playground.workspace.model import Channel, ChannelKind, Message, User, View
from bot.playground.workspace.people.actions import NotPossibleError, action_object
from bot.playground.workspace.refusal import Refusal
from bot.playground.workspace.web_api.checks import check_view
from bot.playground.workspace.web_api.response_urls import respond
from bot.playground.workspace.world import World


class People:
    """Acts for the people of a world.

    Every method raises `NotPossibleError` for what Slack's own clients would not let a person do.
    """

    def __init__(self, world: World, dispatcher: Courier) -> None:
        self._world = world
        self._dispatcher = dispatcher

    async def slash(self, channel_id: str, user_id: str, text: str = "", command: str = "/job") -> Delivery:
        """Type a slash command. The ack's body is posted; a failure is told as Slack tells it."""
        channel, user = self._present(channel_id, user_id)
        origin = Origin(channel.id, user.id)
        payload = slash_command(self._world.identity, channel, user, (command, text), self._handles(origin))
        delivery = await self._dispatcher.send(Envelope("slash_commands", payload))
        error = delivery.error
        if error is None:
            message, error = self._post_ack(origin, delivery.body)
            delivery = replace(delivery, message=message, error=error)
        if error is not None:
            word = "operation_timeout" if error == "operation_timeout" else _failure_word(error)
            self._world.board.tell(channel.id, user.id, f'{command} failed with the error "{word}"')
        return delivery

    async def say(self, channel_id: str, user_id: str, text: str, thread_ts: str | None = None) -> Delivery:
        """Post a message; the app is told about it when it is mentioned or written to directly."""
        channel, user = self._present(channel_id, user_id)
        board = self._world.board
        message = board.post(Message(board.next_ts(), channel.id, user.id, text, thread_ts=thread_ts))
        if not self._is_heard(channel, user, text):
            return Delivery(None, message=message)
        payload = event_callback(
            self._world.identity, channel, message, board.next_id("Ev"), home_team_id=user.home_team_id
        )
        delivery = await self._dispatcher.send_event(Envelope("events_api", payload))
        return replace(delivery, message=message)

    def edit(self, user_id: str, message: Message, text: str) -> None:
        """Change the words of a message of one's own; the app is told about it as Slack tells it."""
        _, user = self._present(message.channel_id, user_id)
        if message.user_id != user.id:
            msg = "This message is somebody else's."
            raise NotPossibleError(msg)
        self._world.board.edit(message, {"text": text})

    async def click(
        self,
        user_id: str,
        target: Message | View,
        action_id: str,
        *,
        block_id: str | None = None,
        value: str | None = None,
    ) -> Delivery:
        """Press a button (or choose ``value``) in a message or a modal."""
        user = self._person(user_id)
        blocks = target.blocks if isinstance(target, Message) else target.content.get("blocks")
        action = action_object(blocks, action_id, block_id, value)
        action["action_ts"] = self._world.board.next_ts()
        if isinstance(target, Message):
            delivery = await self._dispatcher.send(self._message_action(user, target, action))
            place = target.channel_id
        else:
            self._need_app()
            trigger_id = self._world.triggers.issue(user.id)
            payload = view_action(self._world.identity, user, target, action, trigger_id)
            delivery = await self._dispatcher.send(Envelope("interactive", payload))
            place = ""
        self._tell_failure(place, user, delivery)
        return delivery

    async def submit_view(
        self, user_id: str, view: View, values: Mapping[str, Any] | None = None
    ) -> Delivery:
        """Press a modal's submit button; ``values`` is ``state.values``."""
        user = self._person(user_id)
        self._check_open(view)
        view.values = values or {}
        trigger_id = self._world.triggers.issue(user.id)
        payload = view_submission(self._world.identity, user, view, trigger_id)
        delivery = await self._dispatcher.send(Envelope("interactive", payload))
        if delivery.ok:
            error = self._follow(view, delivery.body if isinstance(delivery.body, dict) else {})
            delivery = replace(delivery, error=error)
        self._tell_failure("", user, delivery)
        return delivery

    async def close_view(self, user_id: str, view: View) -> Delivery:
        """Dismiss a modal; the app is told about it where the view asked for it."""
        user = self._person(user_id)
        self._check_open(view)
        self._world.board.close_view(view)
        if view.content.get("notify_on_close") is not True:
            return Delivery(None)
        payload = view_closed(self._world.identity, user, view)
        return await self._dispatcher.send(Envelope("interactive", payload))

    def _message_action(self, user: User, message: Message, action: Mapping[str, Any]) -> Envelope:
        channel, _ = self._present(message.channel_id, user.id)
        if message.ts not in channel.messages or message.ephemeral_to not in {None, user.id}:
            msg = "This message is not there for you."
            raise NotPossibleError(msg)
        handles = self._handles(Origin(channel.id, user.id, message.ts))
        payload = message_action(self._world.identity, user, (channel, message), action, handles)
        return Envelope("interactive", payload)

    def _handles(self, origin: Origin) -> dict[str, str]:
        self._need_app()
        return {
            "response_url": self._world.response_url(origin),
            "trigger_id": self._world.triggers.issue(origin.user_id),
        }

    def _need_app(self) -> None:
        if not self._world.is_installed:
            msg = "This app is not installed."
            raise NotPossibleError(msg)

    def _post_ack(self, origin: Origin, body: Any) -> tuple[Message | None, str | None]:
        """Post the body of a command's ack; what was posted, or Slack's word for why it was not."""
        content = {"text": body} if isinstance(body, str) else body
        if not isinstance(content, dict) or not content:
            return None, None
        try:
            return respond(self._world, origin, content), None
        except Refusal as refusal:
            return None, refusal.code

    def _is_heard(self, channel: Channel, user: User, text: str) -> bool:
        bot = self._world.identity.bot_user_id
        if not self._world.is_installed:
            return False
        if channel.kind is ChannelKind.DM:
            return bot in channel.members and "im:history" in self._world.scopes
        if f"<@{bot}>" not in text:
            return False
        if bot not in channel.members and channel.kind.is_direct:
            return False
        if bot not in channel.members:
            name = self._world.board.users[bot].name
            hint = f"You mentioned @{name}, but it is not in this channel: /invite @{name} brings it in."
            self._world.board.tell(channel.id, user.id, hint)
            return False
        return "app_mentions:read" in self._world.scopes

    def _follow(self, view: View, answer: Mapping[str, Any]) -> str | None:
        """Do what the ack of a submission says: keep the modal with errors, change it, or close it.

        Returns Slack's word for why it could not be done, or None.
        """
        action = answer.get("response_action")
        if action == "update":
            try:
                self._world.board.update_view(view, check_view(answer.get("view"), "modal"))
            except Refusal as refusal:
                return refusal.code
        elif action != "errors":
            self._world.board.close_view(view)
        return None

    def _tell_failure(self, channel_id: str, user: User, delivery: Delivery) -> None:
        if delivery.error is not None:
            text = "This app did not answer: " + _failure_word(delivery.error)
            self._world.board.tell(channel_id, user.id, text)

    def _check_open(self, view: View) -> None:
        if view.type != "home" and view.id not in self._world.board.views:
            msg = "This window is closed already."
            raise NotPossibleError(msg)

    def _person(self, user_id: str) -> User:
        user = self._world.board.users.get(user_id)
        if user is None or user.is_deactivated:
            msg = f"There is no user {user_id!r}."
            raise NotPossibleError(msg)
        return user

    def _present(self, channel_id: str, user_id: str) -> tuple[Channel, User]:
        """The channel and the person, who must be able to write in it."""
        user = self._person(user_id)
        channel = self._world.board.channels.get(channel_id)
        if channel is None or user_id not in channel.members:
            msg = "You are not in this channel."
            raise NotPossibleError(msg)
        if channel.is_archived:
            msg = "This channel is archived."
            raise NotPossibleError(msg)
        return channel, user


def _failure_word(error: str) -> str:
    """Slack's own word for a delivery that failed."""
    reached = {"http_error", "connection_failed", "not_connected"}
    return "dispatch_failed" if error in reached else error

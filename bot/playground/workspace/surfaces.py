"""What people do beside words and buttons: shortcuts in a message's menu."""

from __future__ import annotations

from bot.playground.workspace.actions import NotPossibleError
from bot.playground.workspace.envelope import Delivery, Envelope
from bot.playground.workspace.model import Message
from bot.playground.workspace.payloads import message_shortcut
from bot.playground.workspace.people import People
from bot.playground.workspace.tickets import Origin


class Surfaces(People):
    """Acts for the people of a world, there too. What they cannot do raises `NotPossibleError`."""

    async def shortcut(self, user_id: str, message: Message, callback_id: str) -> Delivery:
        """Choose an app's shortcut in a message's menu; ephemeral messages have none."""
        channel, user = self._present(message.channel_id, user_id)
        if message.ts not in channel.messages or message.ephemeral_to is not None:
            msg = "This message has no shortcuts."
            raise NotPossibleError(msg)
        handles = self._handles(Origin(channel.id, user.id, message.ts))
        place, ts = (channel, message), self._world.board.next_ts()
        payload = message_shortcut(self._world.identity, user, place, (callback_id, ts), handles)
        delivery = await self._courier.send(Envelope("interactive", payload))
        self._tell_failure(channel.id, user, delivery)
        return delivery

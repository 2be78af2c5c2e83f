"""What people do beside words and buttons: shortcuts in a message's menu, menus that an app fills, Home."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.playground.block_kit import options_problems
from bot.playground.workspace.dispatch.envelope import Delivery, Envelope
from bot.playground.workspace.dispatch.payloads import link_callback, message_shortcut
from bot.playground.workspace.dispatch.view_payloads import home_callback, view_suggestion
from bot.playground.workspace.expiring_tokens import Origin
from bot.playground.workspace.identity import UNFURL_DOMAINS
from bot.playground.workspace.model import Message, View
from bot.playground.workspace.people.actions import NotPossibleError, field_object
from bot.playground.workspace.people.people import People

_ADDRESS = re.compile(r"https?://([a-z0-9.-]+)[^\s<>|]*")


class Surfaces(People):
    """Acts for the people of a world, there too. What they cannot do raises `NotPossibleError`."""

    async def say(self, channel_id: str, user_id: str, text: str, thread_ts: str | None = None) -> Delivery:
        """Post a message; the app is told about it, and of the links in it that lead to its domains."""
        delivery = await super().say(channel_id, user_id, text, thread_ts)
        message, links = delivery.message, tuple(_links_in(text))
        is_heard = self._world.is_installed and "links:read" in self._world.scopes
        if message is not None and links and is_heard:
            channel, event_id = self._world.board.channel(channel_id), self._world.board.next_id("Ev")
            payload = link_callback(self._world.identity, channel, message, links, event_id)
            await self._dispatcher.send_event(Envelope("events_api", payload))
        return delivery

    async def shortcut(self, user_id: str, message: Message, callback_id: str) -> Delivery:
        """Choose an app's shortcut in a message's menu; ephemeral messages have none."""
        channel, user = self._present(message.channel_id, user_id)
        if message.ts not in channel.messages or message.ephemeral_to is not None:
            msg = "This message has no shortcuts."
            raise NotPossibleError(msg)
        handles = self._handles(Origin(channel.id, user.id, message.ts))
        place, ts = (channel, message), self._world.board.next_ts()
        payload = message_shortcut(self._world.identity, user, place, (callback_id, ts), handles)
        delivery = await self._dispatcher.send(Envelope("interactive", payload))
        self._tell_failure(channel.id, user, delivery)
        return delivery

    async def open_home(self, user_id: str) -> Delivery:
        """Look at the app's Home tab."""
        self._need_app()
        user, board = self._person(user_id), self._world.board
        ids = (board.next_id("Ev"), board.next_ts())
        dm = board.direct_messages(user.id)
        payload = home_callback(self._world.identity, user, dm, board.homes.get(user.id), ids)
        return await self._dispatcher.send_event(Envelope("events_api", payload))

    async def suggest(self, user_id: str, view: View, action_id: str, typed: str) -> Delivery:
        """Type into a menu that the app fills; options that Slack would not show are ``invalid_options``."""
        user = self._person(user_id)
        self._check_open(view)
        field = field_object(view.content.get("blocks"), action_id) | {"value": typed}
        payload = view_suggestion(self._world.identity, user, view, field)
        delivery = await self._dispatcher.send(Envelope("interactive", payload))
        if delivery.ok and options_problems(delivery.body):
            return replace(delivery, error="invalid_options")
        return delivery


def _links_in(text: str) -> Iterator[tuple[str, str]]:
    """The registered domain and the address of each link to one."""
    for found in _ADDRESS.finditer(text):
        for domain in UNFURL_DOMAINS:
            if found[1] == domain or found[1].endswith(f".{domain}"):
                yield domain, found[0]


def options_of(delivery: Delivery) -> list[Mapping[str, Any]]:
    """What a menu shows after this: nothing where the app failed."""
    return list(delivery.body["options"]) if delivery.ok else []

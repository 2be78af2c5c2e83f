"""The workspace: the one object that tests and the page talk to."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from aiohttp import web

from bot.domain.ports import Clock
from bot.playground.workspace.board import Board, Change
from bot.playground.workspace.dispatch.envelope import Delivery, Envelope
from bot.playground.workspace.dispatch.event_dispatcher import Courier
from bot.playground.workspace.dispatch.payloads import change_callback, event_callback
from bot.playground.workspace.dispatch.socket_link import SocketLink
from bot.playground.workspace.faults import Faults
from bot.playground.workspace.feed import Feed
from bot.playground.workspace.identity import DEFAULT_SCOPES, Identity
from bot.playground.workspace.model import Channel, ChannelKind, Message, View
from bot.playground.workspace.oauth.authorize_page import AUTHORIZE_PATH, AuthorizePage
from bot.playground.workspace.oauth.grants import Grants
from bot.playground.workspace.people.admins import Admins
from bot.playground.workspace.people.installs import Installs
from bot.playground.workspace.people.surfaces import Surfaces
from bot.playground.workspace.rates import Rates
from bot.playground.workspace.web_api.response_urls import ResponseUrls
from bot.playground.workspace.web_api.web_api import Call, WebApi
from bot.playground.workspace.world import World

_T = TypeVar("_T")
_WAIT_SECONDS = 60.0
"""Reached only where it never comes."""
_MOST_BODY_BYTES = 4 * 1024 * 1024


class Workspace(Surfaces, Admins, Installs):
    """A Slack workspace with the bot's app, installed from the first unless told otherwise.

    Serve `app`, set `base_url` to where it is served, then either set `request_url` to the bot's
    ``/slack/events`` or let the bot connect by Socket Mode. ``clock`` is what rates, tickets, time-outs and
    repeats go by; with a manual one they stand still until a test moves it. Signatures carry the real time,
    as verifiers expect. An `InstantClock` will not do: its 3 seconds are over at once.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        identity: Identity | None = None,
        scopes: Iterable[str] = DEFAULT_SCOPES,
        is_installed: bool = True,
    ) -> None:
        self._is_installed_at_first = is_installed
        self.world = World(clock, identity or Identity(), scopes, is_installed=is_installed)
        self.dispatcher = Courier(self.world)
        super().__init__(self.world, self.dispatcher)
        self.web_api = WebApi(self.world, self._echo)
        self.world.board.changed.listen(self._tell_change)
        self.response_urls = ResponseUrls(self.world)
        self.authorize_page = AuthorizePage(self.world)

    @property
    def identity(self) -> Identity:
        """The ids and secrets the bot needs."""
        return self.world.identity

    @property
    def board(self) -> Board:
        """Users, channels, messages, views."""
        return self.world.board

    @property
    def feed(self) -> Feed:
        """News of every change."""
        return self.world.feed

    @property
    def rates(self) -> Rates:
        """Rate limits; ``rates.enabled = False`` for load tests."""
        return self.world.rates

    @property
    def faults(self) -> Faults:
        """What shall go wrong with Slack."""
        return self.world.faults

    @property
    def scopes(self) -> set[str]:
        """The bot token's scopes."""
        return self.world.scopes

    @property
    def grants(self) -> Grants:
        """Codes and tokens of an app that is installed by a click."""
        return self.world.grants

    @property
    def socket(self) -> SocketLink:
        """The app's websockets."""
        return self.dispatcher.socket

    @property
    def calls(self) -> deque[Call]:
        """Every Web API call, oldest first."""
        return self.web_api.calls

    @property
    def base_url(self) -> str:
        """Where the workspace is served, without a slash at the end."""
        return self.world.base_url

    @base_url.setter
    def base_url(self, base_url: str) -> None:
        self.world.base_url = base_url

    @property
    def request_url(self) -> str | None:
        """The bot's address for HTTP delivery; None for Socket Mode."""
        return self.dispatcher.http.request_url

    @request_url.setter
    def request_url(self, request_url: str | None) -> None:
        self.dispatcher.http.request_url = request_url

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    def messages(self, channel_id: str) -> list[Message]:
        """All messages of a channel, ephemeral ones included, oldest first."""
        return list(self.board.channel(channel_id).messages.values())

    def visible_to(self, user_id: str) -> list[Message]:
        """All messages this person sees."""
        return list(self.board.visible_to(user_id))

    def views_of(self, user_id: str) -> list[View]:
        """The modals this person has open, oldest first."""
        return [view for view in self.board.views.values() if view.user_id == user_id]

    async def wait_for(self, find: Callable[[], _T | None], timeout_seconds: float = _WAIT_SECONDS) -> _T:
        """What ``find`` gives once it is truthy; asked again after every change (see `Feed`)."""
        return await self.feed.wait_for(find, timeout_seconds)

    async def send_again(self, delivery: Delivery) -> Delivery:
        """Deliver the same payload once more, as a repeat or a replay would."""
        if delivery.envelope is None:
            return delivery
        return await self.dispatcher.send(delivery.envelope)

    async def deliver_event(self, event: Mapping[str, Any]) -> Delivery:
        """Deliver any event callback, with Slack's repeats when it fails."""
        return await self.dispatcher.send_event(Envelope("events_api", event))

    def reset(self) -> None:
        """Forget what was said, asked and planned; people and channels are as at the start."""
        self.board.reset()
        self.faults.reset()
        self.world.is_installed = self._is_installed_at_first
        self.calls.clear()

    def app(self) -> web.Application:
        """The aiohttp application: Web API, response URLs, websockets."""
        app = web.Application(client_max_size=_MOST_BODY_BYTES)
        app.router.add_route("*", "/api/{method}", self.web_api.answer)
        app.router.add_post("/respond/{team}/{ticket}", self.response_urls.answer)
        app.router.add_get("/link/", self.socket.answer)
        app.router.add_get(AUTHORIZE_PATH, self.authorize_page.show)
        app.router.add_post(AUTHORIZE_PATH, self.authorize_page.answer)
        return app

    async def aclose(self) -> None:
        """End repeats and answers that hang, and close all connections."""
        self.web_api.close()
        self.response_urls.close()
        await self.dispatcher.aclose()

    def _echo(self, message: Message) -> None:
        """In direct messages an app hears its own words too, and must not answer them."""
        channel = self.board.channel(message.channel_id)
        if self._hears_all(channel):
            payload = event_callback(self.identity, channel, message, self.board.next_id("Ev"))
            payload["event"] |= {"bot_id": self.identity.bot_id, "app_id": self.identity.api_app_id}
            self.dispatcher.do_later(self.dispatcher.send_event(Envelope("events_api", payload)))

    def _tell_change(self, change: Change) -> None:
        """In direct messages an app is told about every change, its own too; else about its mentions."""
        kind, message, before = change
        channel = self.board.channel(message.channel_id)
        if channel.kind is not ChannelKind.DM and kind == "message_changed":
            self._tell_mention_again(channel, message)
        if self._hears_all(channel) and message.ephemeral_to is None:
            ids = (self.board.next_id("Ev"), self.board.next_ts())
            payload = change_callback(self.identity, channel, kind, (message, before), ids)
            self.dispatcher.do_later(self.dispatcher.send_event(Envelope("events_api", payload)))

    def _tell_mention_again(self, channel: Channel, message: Message) -> None:
        """A new event of the same message: its text was edited, or its links were shown below it."""
        user = self.board.users.get(message.user_id)
        if user is None or user.is_bot or not self._is_heard(channel, user, message.text):
            return
        payload = event_callback(
            self.identity, channel, message, self.board.next_id("Ev"), home_team_id=user.home_team_id
        )
        payload["event"]["edited"] = {"user": user.id, "ts": self.board.next_ts()}
        self.dispatcher.do_later(self.dispatcher.send_event(Envelope("events_api", payload)))

    def _hears_all(self, channel: Channel) -> bool:
        is_ours = channel.kind is ChannelKind.DM and self.identity.bot_user_id in channel.members
        return is_ours and self.world.is_installed and "im:history" in self.scopes

"""Brings envelopes to the app, over HTTP or Socket Mode, within Slack's time limit and with its repeats."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from bot.playground.workspace.dispatch.envelope import (
    ACK_SECONDS,
    Delivery,
    Envelope,
    LinkLostError,
)
from bot.playground.workspace.dispatch.http_link import HttpLink
from bot.playground.workspace.dispatch.socket_link import SocketLink
from bot.playground.workspace.world import World
from bot.tasks import Errands, within

REDELIVERY_SECONDS: Final = (0.0, 60.0, 300.0)
"""How long after a failure an event is sent again."""
_REASONS: Final = {
    "operation_timeout": "http_timeout",
    "connection_failed": "connection_failed",
    "not_connected": "connection_failed",
    "http_error": "http_error",
}


class Courier:
    """Sends; over HTTP where a request URL is set, else over Socket Mode."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.http = HttpLink(world.identity)
        self.socket = SocketLink(world)
        self._errands = Errands("an errand of the courier")

    async def send(self, envelope: Envelope) -> Delivery:
        """One attempt; whatever goes wrong is told in the result."""
        started = self._world.clock.monotonic()
        link = self.socket if self.http.request_url is None else self.http
        status, body, no_retry = None, None, False
        try:
            reply = await within(self._world.clock, ACK_SECONDS, link.send(envelope))
            status, body, no_retry = reply.status, reply.body, reply.wants_no_retry
            error = None if status == HTTPStatus.OK else "http_error"
        except TimeoutError:
            error = "operation_timeout"
        except LinkLostError as lost:
            error = str(lost)
        elapsed = self._world.clock.monotonic() - started
        delivery = Delivery(envelope, status, body, elapsed, error, no_retry)
        self._world.feed.publish({"type": "delivered", "kind": envelope.kind, "error": error})
        return delivery

    async def send_event(self, envelope: Envelope) -> Delivery:
        """The first attempt; where it fails, up to three more are made by themselves."""
        delivery = await self.send(envelope)
        if delivery.error is not None and not delivery.wants_no_retry:
            self.do_later(self._redeliver(delivery))
        return delivery

    def do_later(self, errand: Coroutine[Any, Any, object]) -> None:
        """Run something on the side; `aclose` ends it."""
        self._errands.start(errand)

    async def aclose(self) -> None:
        """End what runs on the side and close all connections."""
        await self._errands.aclose()
        await self.socket.aclose()
        await self.http.aclose()

    async def _redeliver(self, failed: Delivery) -> None:
        delivery = failed
        for number, seconds in enumerate(REDELIVERY_SECONDS, start=1):
            if delivery.envelope is None or delivery.error is None or delivery.wants_no_retry:
                return
            await self._world.clock.sleep(seconds)
            again = replace(delivery.envelope, retry_num=number, retry_reason=_REASONS[delivery.error])
            delivery = await self.send(again)

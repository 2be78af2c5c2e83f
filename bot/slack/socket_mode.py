"""Socket Mode: Slack reaches the bot over a websocket that the bot opens."""

from __future__ import annotations

import asyncio
from functools import partial

import orjson
import structlog
from aiohttp import ClientPayloadError
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.job.json_text import encodable
from bot.domain.messages.delivery_keys import reference_of
from bot.domain.messages.payload_shape import well_formed
from bot.domain.ports.monitoring import NOT_MEASURED, Measures
from bot.domain.retry_after import read_retry_after
from bot.slack.web_api.answers import code_in, text_in
from bot.slack.web_api.errors import LIMITED
from bot.tasks import Supervisor, correlated, working_for

PING_SECONDS = 10.0
"""Between pings, and between tries to connect."""
LOOK_SECONDS = 15.0
LIMITED_SECONDS = 30.0
"""Until an address is asked for again, where Slack refused one and does not say how long to wait."""

_OK = 200
_NO_ANSWER = (AttributeError, LookupError, TypeError, ValueError, RecursionError, ClientPayloadError)
"""What slack_sdk raises for an answer that is not Slack's JSON, or has no address."""
_log = structlog.stdlib.get_logger(__name__)


class _Handler(AsyncSocketModeHandler):
    """Bolt's, but an ack that carries a card sends it as it was encoded: Bolt reads it and writes it anew."""

    def __init__(
        self, bolt: AsyncApp, app_token: str, client: AsyncWebClient, ping_seconds: float, measures: Measures
    ) -> None:
        super().__init__(bolt, app_token, web_client=client, ping_interval=ping_seconds)
        self._measures = measures

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        req.payload = well_formed(encodable(req.payload))
        known = partial(reference_of, req.payload)
        with correlated(known), working_for(), self._measures.acknowledging():
            await self._acknowledge(client, req)

    async def _acknowledge(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        response = await run_async_bolt_app(self.app, req)
        if response.status != _OK:
            _log.warning("delivery refused", status=response.status, type=req.type)
            return
        envelope = orjson.dumps({"envelope_id": req.envelope_id}).decode()
        if response.body:
            is_json = response.headers["content-type"][0].startswith("application/json")
            payload = response.body if is_json else orjson.dumps({"text": response.body}).decode()
            envelope = f'{envelope[:-1]},"payload":{payload}}}'
        await client.send_message(envelope)


class SocketMode:
    """The connection. slack_sdk opens it, keeps it alive, and opens it again, for ever.

    One thing it does not do: an address from ``apps.connections.open`` is good for one connection and
    half a minute, but slack_sdk tries the same one again and again. So we look after it.
    """

    def __init__(  # noqa: PLR0913  (what connecting takes, and what tests want otherwise)
        self,
        app_token: str,
        bolt: AsyncApp,
        client: AsyncWebClient,
        supervisor: Supervisor,
        measures: Measures = NOT_MEASURED,
        *,
        ping_seconds: float = PING_SECONDS,
    ) -> None:
        self._clock = supervisor.clock
        self._handler = _Handler(bolt, app_token, client, ping_seconds, measures)
        self._handler.client.issue_new_wss_url = self._new_address  # type: ignore[method-assign]  # no other door
        self._kept = (
            supervisor.finish("connecting", self._connect),
            supervisor.keep("connection", self._look_after),
        )

    @classmethod
    def of(
        cls,
        app_token: SecretStr | None,
        bolt: AsyncApp,
        client: AsyncWebClient,
        supervisor: Supervisor,
        measures: Measures,
    ) -> SocketMode | None:
        """The connection where there is an app-level token for it, begun at once."""
        if app_token is None:
            return None
        return cls(app_token.get_secret_value(), bolt, client, supervisor, measures)

    @property
    def is_connected(self) -> bool:
        """Whether a websocket to Slack is open."""
        session = self._handler.client.current_session
        return session is not None and not session.closed

    async def stop(self) -> None:
        """Close the websocket and take nothing more."""
        for each in self._kept:
            await each.stop()
        await self._handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped

    async def _new_address(self) -> str:
        """A new one. slack_sdk's own wait, where it asked too often, is as long as it is told: for ever."""
        client = self._handler.client
        while True:
            try:
                answer = await client.web_client.apps_connections_open(app_token=client.app_token)
                return _address_in(answer.data)
            except SlackApiError as error:
                await self._pause(error)
            except _NO_ANSWER as error:
                await self._pause_without_answer(type(error).__name__)

    async def _pause(self, error: SlackApiError) -> None:
        """Until an address is asked for again, as long as Slack asks."""
        code = _code_of(error)
        if code not in LIMITED:
            await self._pause_without_answer(code)
            return
        pause = read_retry_after(str(error.response.headers.get("Retry-After", "")), self._clock.now())
        seconds = LIMITED_SECONDS if pause is None else pause.seconds
        _log.warning("Socket Mode is asked for too often", retry_after_seconds=seconds)
        await self._clock.sleep(seconds)

    async def _pause_without_answer(self, why: str) -> None:
        """As long as slack_sdk waits between its tries to connect."""
        _log.error("Slack gives no address for Socket Mode", error=why)
        await asyncio.sleep(self._handler.client.ping_interval)

    async def _connect(self) -> None:
        await self._handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        _log.info("Socket Mode is open")

    async def _look_after(self) -> None:
        """Where a try with one address has failed, let the next one use a new address."""
        was_connected = True
        while True:
            await self._clock.sleep(LOOK_SECONDS)
            if not self.is_connected:
                self._handler.client.wss_uri = None
            if self.is_connected is not was_connected:
                was_connected = not was_connected
                _log.warning("Socket Mode is open again" if was_connected else "Socket Mode is not connected")


def _address_in(answer: object) -> str:
    address = text_in(answer, "url") if isinstance(answer, dict) else ""
    if not address.startswith(("ws://", "wss://")):
        msg = "no address"
        raise LookupError(msg)
    return address


def _code_of(error: SlackApiError) -> str:
    answer = getattr(error.response, "data", None)
    return code_in(answer) if isinstance(answer, dict) else "http_error"

"""Socket Mode: Slack reaches the bot over a websocket that the bot opens."""

from __future__ import annotations

import asyncio

import aiohttp
import structlog
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.ports import Clock

RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)

_log = structlog.stdlib.get_logger(__name__)


class SocketMode:
    """The connection. slack_sdk keeps it alive once it stands; getting there is tried for ever."""

    def __init__(self, app_token: str, bolt: AsyncApp, client: AsyncWebClient, clock: Clock) -> None:
        self._clock = clock
        self._handler = AsyncSocketModeHandler(bolt, app_token, web_client=client)
        self._connecting = asyncio.create_task(self._connect())

    @classmethod
    def of(
        cls,
        app_token: SecretStr | None,
        bolt: AsyncApp,
        client: AsyncWebClient,
        clock: Clock,
    ) -> SocketMode | None:
        """The connection where there is an app-level token for it, begun at once."""
        return None if app_token is None else cls(app_token.get_secret_value(), bolt, client, clock)

    @property
    def is_connected(self) -> bool:
        """Whether a websocket to Slack is open."""
        session = self._handler.client.current_session
        return session is not None and not session.closed

    async def stop(self) -> None:
        """Close the websocket and take nothing more."""
        self._connecting.cancel()
        await self._handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped

    async def _connect(self) -> None:
        attempt = 0
        while True:
            try:
                await self._handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
            except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
                _log.error("cannot open Socket Mode", error=str(error))
                await self._clock.sleep(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
                attempt += 1
            else:
                _log.info("Socket Mode is open")
                return

"""The composition root: builds everything from the settings, and owns the life of every task."""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.clock import SystemClock
from bot.domain.errors import SlackError, StoreError
from bot.domain.ports import Clock
from bot.handlers.command import Command
from bot.handlers.context import Context
from bot.handlers.listeners import Listeners
from bot.handlers.registry import COMMANDS, Dispatch
from bot.handlers.work import Work
from bot.settings import Settings
from bot.slack.gateway import Identity, SlackWebGateway, open_session, web_client
from bot.slack.socket_mode import SocketMode
from bot.store.store import open_store
from bot.training_api.build import build_training_api
from bot.web import build_web_app

GRACE_SECONDS = 10.0
IDENTITY_RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)

_log = structlog.stdlib.get_logger(__name__)


class Application:
    """The bot. ``start`` it inside a running event loop, ``stop`` it when done."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        commands: Sequence[Command] = COMMANDS,
    ) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._dispatch = Dispatch(commands)
        self._identity: Identity | None = None
        self._identity_problem = "auth.test has not answered yet"
        self._port = settings.port

    @property
    def port(self) -> int:
        """The port the HTTP server listens on, also where the setting says "any"."""
        return self._port

    async def start(self) -> None:
        """Open everything and begin to serve. Slack and the training suite need not answer yet.

        Raises:
            OSError: the HTTP server cannot listen on that address.
        """
        settings, clock = self._settings, self._clock
        self._session = open_session()
        self._client = web_client(
            self._session,
            settings.slack_bot_token.get_secret_value(),
            settings.slack_api_url,
        )
        self._gateway = SlackWebGateway(
            self._session,
            settings.slack_api_url,
            settings.slack_bot_token.get_secret_value(),
            clock,
        )
        self._training_api = build_training_api(
            base_url=settings.simplismart_api_url,
            org_id=settings.simplismart_org_id,
            token=settings.simplismart_api_token.get_secret_value(),
            clock=clock,
        )
        self._store = open_store(settings.database_url)
        self._context = Context(
            training_api=self._training_api,
            slack=self._gateway,
            clock=clock,
            slash_command=settings.slash_command,
            help=self._dispatch.help,
            new_reference=lambda: secrets.token_hex(4),
        )
        self._work = Work(self._context)
        self._bolt = self._build_bolt()
        Listeners(self._context, self._dispatch, self._work).register(self._bolt)
        await self._listen()
        self._socket = SocketMode.of(settings.slack_app_token, self._bolt, self._client, clock)
        self._introduction = asyncio.create_task(self._introduce())
        self._preparation = asyncio.create_task(self._training_api.client.prepare())

    async def stop(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Take nothing new, finish what is running (up to ``grace_seconds``), close everything."""
        self._introduction.cancel()
        self._preparation.cancel()
        if self._socket is not None:
            await self._socket.stop()
        await self._site.stop()
        await self._work.drain(grace_seconds)
        await self._runner.cleanup()
        await self._training_api.aclose()
        await self._session.close()

    async def run_until_stopped(self) -> None:
        """Serve until SIGTERM or SIGINT."""
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signum, stopped.set)
        await self.start()
        # What was loaded until now stays: the garbage collector need not look at it again.
        gc.freeze()
        gc.enable()
        _log.info("serving", host=self._settings.host, port=self.port, socket_mode=self._socket is not None)
        await stopped.wait()
        _log.info("stopping")
        await self.stop()

    async def readiness(self) -> Mapping[str, str | None]:
        """What serving takes: None where it is fine, else what is wrong."""
        try:
            await self._store.ping()
            store = None
        except StoreError as error:
            store = error.detail
        checks = {"settings": None, "slack": self._identity_problem or None, "store": store}
        if self._socket is not None:
            checks["socket_mode"] = None if self._socket.is_connected else "not connected"
        return checks

    def _build_bolt(self) -> AsyncApp:
        secret = self._settings.slack_signing_secret
        return AsyncApp(
            name="jobbot",
            logger=logging.getLogger("slack_bolt"),
            client=self._client,
            authorize=self._authorizer(),
            signing_secret=secret.get_secret_value() if secret else "",
            process_before_response=True,
        )

    def _authorizer(self) -> Callable[..., Awaitable[AuthorizeResult]]:
        """Who we are, without asking Slack: `_introduce` did, or is still trying."""

        # Bolt reads the names of the arguments and would count a bound method's self among them.
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            identity = self._identity
            return AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=team_id,
                bot_token=self._client.token,
                bot_id=identity.bot_id if identity else None,
                bot_user_id=identity.user_id if identity else None,
            )

        return authorize

    async def _listen(self) -> None:
        over_http = None if self._settings.uses_socket_mode else self._bolt
        self._runner = web.AppRunner(
            build_web_app(over_http, self.readiness),
            access_log=None,
            handle_signals=False,
            shutdown_timeout=GRACE_SECONDS,
        )
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, self._settings.host, self._settings.port)
        await self._site.start()
        self._port = self._runner.addresses[0][1]

    async def _introduce(self) -> None:
        """Ask Slack who we are until it says so, so that no person's question waits for that."""
        attempt = 0
        while self._identity is None:
            try:
                self._identity = await self._gateway.identity()
                self._identity_problem = ""
            except SlackError as error:
                self._identity_problem = f"auth.test failed: {error.slack_code}"
                _log.error("cannot log in to Slack", detail=error.detail)
                await self._clock.sleep(IDENTITY_RETRY_SECONDS[min(attempt, len(IDENTITY_RETRY_SECONDS) - 1)])
                attempt += 1

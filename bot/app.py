"""The composition root: builds everything from the settings, and owns the life of every task."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial

import structlog
from slack_bolt.async_app import AsyncApp

from bot.background import Background, look_after_tenants, nothing
from bot.clock import SystemClock
from bot.contexts import AtHand, Contexts
from bot.domain.health.readiness import Readiness
from bot.domain.ports import Clock
from bot.domain.ports.tenants import WorkspaceAccess
from bot.handlers.entry.listeners import Listeners
from bot.handlers.entry.registry import COMMANDS, Dispatch
from bot.handlers.kit.command import Command
from bot.handlers.kit.subscription_cache import Followings
from bot.handlers.kit.work import Work
from bot.observability.monitoring import Monitoring
from bot.readiness import StoreHealth
from bot.registry.installed import Tenant
from bot.services import MakeSource, Services, admins, open_services, refuse_other_database, watched
from bot.settings import Settings
from bot.slack.bolt import bolt_app
from bot.slack.gateway import web_client
from bot.slack.socket_mode import SocketMode
from bot.standing import counts_of, first_problem, warnings_of
from bot.store.upkeep.other_workspaces import warn_of_other_workspaces
from bot.tasks import Supervisor
from bot.web.door import SlackDoor
from bot.web.server import WebServer

GRACE_SECONDS = 10.0
"""How long what is running may go on when the process is told to leave."""

_log = structlog.stdlib.get_logger(__name__)


class Application:
    """The bot. ``start`` it inside a running event loop, ``stop`` it when done.

    Without ``in_background`` nothing is watched or delivered here: other processes do. Without ``by_list``
    each watched job is asked about, never the list of them. Without ``accesses`` the settings' tenant is the
    only one; a ``tenant_source`` says who else comes and goes while the bot runs.
    """

    def __init__(  # noqa: PLR0913  (what to do, and what tests and the playground want otherwise)
        self,
        settings: Settings,
        *,
        accesses: Sequence[WorkspaceAccess] = (),
        tenant_source: MakeSource | None = None,
        clock: Clock | None = None,
        commands: Sequence[Command] = COMMANDS,
        in_background: bool = True,
        by_list: bool = True,
        on_crash_point: Callable[[str], None] = nothing,
    ) -> None:
        self._settings = settings
        self._accesses = accesses
        self._tenant_source = tenant_source
        self._in_background = in_background
        self._by_list = by_list
        self._on_crash_point = on_crash_point
        self._clock = clock or SystemClock()
        self._dispatch = Dispatch(commands)
        self._supervisor = Supervisor(self._clock)
        self.monitoring = Monitoring(
            settings, self._clock, self._supervisor, [each.name for each in commands]
        )
        self._health: StoreHealth | None = None
        self._services: Services | None = None
        self._tenants: Sequence[Tenant] = ()
        self._socket: SocketMode | None = None
        self._door: SlackDoor | None = None
        self._open = AsyncExitStack()
        self._grace_seconds = GRACE_SECONDS
        self.port = settings.port
        """The port the HTTP server listens on, also where the setting says "any"."""

    async def start(self) -> None:
        """Open everything and begin to serve. Slack and Simplismart need not answer yet.

        Raises:
            OSError: the HTTP server cannot listen on that address; nothing is left open.
            SchemaError: the database's tables are not those of this version.
        """
        async with AsyncExitStack() as opening:
            await opening.enter_async_context(self.monitoring.traced())
            await self._build(opening)
            self._open = opening.pop_all()

    async def stop(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Take nothing new, finish what is running (up to ``grace_seconds``), close everything."""
        self._grace_seconds = grace_seconds
        await self._open.aclose()

    async def run_until_stopped(self) -> None:
        """Serve until SIGTERM or SIGINT.

        Raises:
            OSError: as `start`.
        """
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signum, stopped.set)
        await self.start()
        settings = self._settings
        _log.info("serving", host=settings.host, port=self.port, socket_mode=settings.uses_socket_mode)
        await stopped.wait()
        _log.info("stopping")
        await self.stop()

    async def readiness(self) -> Readiness:
        """What serving takes, and what goes on beside it."""
        slack = first_problem(self._services)
        store = await self._health.problem() if self._health else "closed"
        upgrade = self._health.warnings if self._health else ()
        checks = {"settings": None, "slack": slack, "store": store}
        if self._socket is not None:
            checks["socket_mode"] = None if self._socket.is_connected else "not connected"
        if self._door is not None:
            checks["deliveries"] = self._door.problem()
        checks.update(self._supervisor.problems())
        warnings = [*warnings_of(self._services), *upgrade]
        counts = counts_of(self._services)
        return Readiness(checks, self._supervisor.last_rounds(), warnings, counts)

    async def _build(self, opening: AsyncExitStack) -> None:
        """Put everything together; ``opening`` closes it in the opposite order."""
        settings, clock, measures = self._settings, self._clock, self.monitoring.measures
        opened = open_services(settings, clock, self._accesses, self._tenant_source, measures)
        store = (services := await opening.enter_async_context(opened)).store
        await refuse_other_database(services)
        self._health = StoreHealth(store.database, clock)
        followings = Followings(store.subscriptions, clock)
        opening.push_async_callback(followings.aclose)
        background = Background(
            settings,
            services,
            by_list=self._by_list,
            on_crash_point=self._on_crash_point,
            on_told=followings.told,
            supervisor=self._supervisor,
        )
        opening.push_async_callback(background.stop)
        at_hand = AtHand.opened(services, followings, opening)
        self._services, self._tenants = services, services.tenants
        contexts = Contexts(settings, services, self._dispatch, background, at_hand, self.readiness)
        work = Work(contexts.any())
        opening.push_async_callback(lambda: work.drain(self._grace_seconds))
        for each in await look_after_tenants(services, self._supervisor, self._on_crash_point):
            opening.push_async_callback(each.stop)
        # Each delivery brings its own token: Bolt would only say at each start that it ignores this one.
        client = web_client(services.session, None, settings.slack_api_url)
        bolt = bolt_app(client, services.workspaces, settings.slack_signing_secret)
        ours = clock, self._dispatch, work, store.deliveries, store.home_tabs, self._on_crash_point
        listeners = Listeners(contexts.tenants(), followings, *ours)
        listeners.register(bolt)
        await self._listen(opening, bolt)
        self._socket = SocketMode.of(settings.slack_app_token, bolt, client, self._supervisor, measures)
        if self._socket is not None:
            opening.push_async_callback(self._socket.stop)
        await self.monitoring.start(opening, watched(services, self._socket), self.readiness)
        if self._in_background:
            reports = self.monitoring.reports(store.incidents, partial(admins, services))
            background.start(listeners.loops | {"incidents": reports})
        theirs = services.workspaces.known, services.workspaces, clock
        checking = partial(
            warn_of_other_workspaces, store.upkeep, *theirs, installs_by_click=settings.installs_by_click
        )
        opening.push_async_callback(self._supervisor.finish("workspaces", checking).stop)

    async def _listen(self, opening: AsyncExitStack, bolt: AsyncApp) -> None:
        secret = self._settings.slack_signing_secret
        # By the real clock, also in a demo that runs fast: Slack signs and sends by real time.
        clock = SystemClock()
        if secret is not None and not self._settings.uses_socket_mode:
            self._door = SlackDoor(bolt, secret.get_secret_value(), clock, self.monitoring.measures)
        page, host, port = self.monitoring.public_page, self._settings.host, self._settings.port
        services = self._services
        by_click = services.by_click if services else None
        install = by_click.door(services.registry.refresh) if services and by_click else None
        server = WebServer(self._door, self.readiness, clock, self._supervisor, install=install, metrics=page)
        opening.push_async_callback(server.stop)
        # In Socket Mode nothing of Slack's comes in here: only the health checks are lost.
        loss = None if self._door or install else "no health checks"
        self.port = await server.start(host, port, grace_seconds=GRACE_SECONDS, loss=loss) or port

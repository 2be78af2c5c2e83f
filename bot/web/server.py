"""The HTTP server: Slack's requests, and the addresses that tell how the bot is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from bot import EVENTS_PATH, INSTALL_PATH, OAUTH_REDIRECT_PATH
from bot.domain.health.readiness import Readiness
from bot.domain.ports import Clock
from bot.tasks import Supervisor
from bot.web.accept_errors import limit_accept_errors
from bot.web.connections import Connections, Stage, accepted_at_once, enter
from bot.web.door import SlackDoor
from bot.web.install_door import InstallDoor
from bot.web.limited_log import LimitedLog

MAX_BODY_BYTES = 1024 * 1024


AskReadiness = Callable[[], Awaitable[Readiness]]
"""How the bot is, asked anew."""
MetricsPage = Callable[[], bytes]
"""The metrics as they are now, in Prometheus's text format."""
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


_log = structlog.stdlib.get_logger(__name__)


class WebServer:
    """Serves the routes; without ``door`` (Socket Mode) Slack's requests are not taken over HTTP.

    Without ``install`` nobody can install the app here; without ``metrics`` there is no ``/metrics``.
    ``name`` tells several servers of a process apart.
    """

    def __init__(  # noqa: PLR0913  (what it serves, by its name)
        self,
        door: SlackDoor | None,
        readiness: AskReadiness,
        clock: Clock,
        supervisor: Supervisor,
        *,
        install: InstallDoor | None = None,
        metrics: MetricsPage | None = None,
        name: str = "connections",
    ) -> None:
        self._app = web.Application(
            client_max_size=MAX_BODY_BYTES, middlewares=[_guarded(LimitedLog(__name__, clock))]
        )
        self._app.router.add_get("/healthz", _health)
        self._app.router.add_get("/readyz", _ready_handler(readiness))
        if door is not None:
            self._app.router.add_post(EVENTS_PATH, door.handle)
        if install is not None:
            self._app.router.add_get(INSTALL_PATH, install.begin, allow_head=False)
            self._app.router.add_get(OAUTH_REDIRECT_PATH, install.end, allow_head=False)
        if metrics is not None:
            self._app.router.add_get("/metrics", _metrics_handler(metrics))
        self._name = name
        self._clock = clock
        self._supervisor = supervisor
        self._open = AsyncExitStack()

    async def start(
        self, host: str, port: int, *, grace_seconds: float, most: int | None = None, loss: str | None = None
    ) -> int | None:
        """Listen; returns the port. At most ``most`` connections at once, else what `most_connections` says.

        Where nothing is lost but a ``loss``, the log says so if it cannot listen, and None is returned.

        Raises:
            OSError: it cannot listen on that address.
        """
        try:
            return await self._start(host, port, grace_seconds, most)
        except OSError as error:
            if loss is None:
                raise
            _log.warning(f"{loss}: cannot listen", host=host, port=port, error=str(error))
            return None

    async def _start(self, host: str, port: int, grace_seconds: float, most: int | None) -> int:
        async with AsyncExitStack() as opening:
            opening.callback(limit_accept_errors(self._clock))
            runner = web.AppRunner(
                self._app,
                access_log=None,
                handle_signals=False,
                shutdown_timeout=grace_seconds,
                auto_decompress=False,
                logger=_LimitedLogger(self._clock),
            )
            await runner.setup()
            opening.push_async_callback(runner.cleanup)
            connections = Connections(self._clock, most)
            opening.push_async_callback(self._supervisor.keep(self._name, connections.sweep).stop)
            await _Site(runner, connections, host, port).start()
            self._open = opening.pop_all()
        return int(runner.addresses[0][1])

    async def stop(self) -> None:
        """Take nothing new, and close what is open once it was answered."""
        await self._open.aclose()


class _Site(web.BaseSite):
    """aiohttp's TCP site, with `Connections` in front of its protocols."""

    def __init__(self, runner: web.AppRunner, connections: Connections, host: str, port: int) -> None:
        super().__init__(runner)
        self._connections = connections
        self._host = host
        self._port = port

    @property
    def name(self) -> str:
        """The address."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: it cannot.
        """
        await super().start()
        server = self._runner.server
        if server is None:
            msg = "start() needs a runner that is set up"
            raise RuntimeError(msg)
        self._server = await asyncio.get_running_loop().create_server(
            self._connections.wrapped(server), self._host, self._port, backlog=accepted_at_once()
        )


def _guarded(log: LimitedLog) -> Middleware:
    """Marks where a request begins and ends; a failure of ours is a 500 and one line with its traceback."""

    @web.middleware
    async def guarded(request: web.Request, handler: _Handler) -> web.StreamResponse:
        enter(request, Stage.BODY)
        try:
            return await handler(request)
        except web.HTTPException:
            raise
        except Exception as error:  # the edge: aiohttp would log a traceback for each
            log.warning("request failed", kind=type(error).__name__, exc_info=error)
            return web.Response(status=500)
        finally:
            enter(request, Stage.IDLE)

    return guarded


class _LimitedLogger(logging.Logger):
    """What aiohttp logs through: of every request that is not HTTP it tells with a traceback."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("aiohttp.server", logging.WARNING)
        self._limited = LimitedLog(self.name, clock)

    def handle(self, record: logging.LogRecord) -> None:
        """Keep what went wrong, once a minute."""
        error = record.exc_info[1] if record.exc_info else None
        kind = type(error).__name__
        self._limited.warning("request refused", kind=kind, error=kind)


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


def _metrics_handler(page: MetricsPage) -> _Handler:
    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=page(), headers={"Content-Type": METRICS_TYPE})

    return metrics


def _ready_handler(readiness: AskReadiness) -> _Handler:
    async def ready(_request: web.Request) -> web.Response:
        found = await readiness()
        body = {
            "ready": found.is_ready,
            "checks": {name: problem or "ok" for name, problem in found.problems.items()},
            "last_rounds": {
                name: None if at is None else at.isoformat(timespec="seconds")
                for name, at in found.last_rounds.items()
            },
            "warnings": list(found.warnings),
            "counts": dict(found.counts),
        }
        return web.json_response(body, status=200 if found.is_ready else 503)

    return ready

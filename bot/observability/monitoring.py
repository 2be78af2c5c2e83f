"""Puts together what operators see of this process: metrics, read now and then and told over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any, Final, NamedTuple

import structlog

from bot.clock import SystemClock
from bot.domain.errors import SettingsError, StoreError
from bot.domain.ports import Clock
from bot.domain.ports.monitoring import BacklogStore, IncidentStore
from bot.observability.gauges import Gauges
from bot.observability.incidents import Admin, IncidentReports
from bot.observability.metrics import Metrics
from bot.settings import Settings
from bot.tasks import OnRound, Supervisor
from bot.web.server import AskReadiness, MetricsPage, WebServer

_NO_OTEL: Final = "TRACES needs OpenTelemetry: install jobbot[otel], or unset it"
READ_SECONDS: Final = 15.0
"""Between two readings of what only the database knows."""
GRACE_SECONDS: Final = 1.0

_log = structlog.stdlib.get_logger(__name__)


class Watched(NamedTuple):
    """What is looked at, beside what is told by whoever does it."""

    backlog: BacklogStore
    key_expiries: Callable[[], Iterable[datetime | None]]
    """When each of Simplismart's keys expires; None for one that does not say."""
    workspaces: Callable[[], int]
    is_connected: Callable[[], bool | None]
    """Whether the websocket to Slack is open; None without Socket Mode."""


class Monitoring:
    """The metrics of one process. ``commands`` are those that it answers, by name."""

    def __init__(
        self, settings: Settings, clock: Clock, supervisor: Supervisor, commands: Collection[str] = ()
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._supervisor = supervisor
        self.measures = Metrics(commands)
        self.port: int | None = None
        """Where the metrics have a port of their own, once it is open."""

    @property
    def public_page(self) -> MetricsPage | None:
        """For the server on ``PORT``: the metrics, where the settings put them there."""
        return self.measures.page if self._settings.metrics_are_public else None

    async def start(
        self, opening: AsyncExitStack, watched: Watched, readiness: AskReadiness, *, has_server: bool = True
    ) -> None:
        """Read what is to be read and serve it until ``opening`` closes; nothing where it is off.

        ``has_server`` says that somebody serves `public_page` on ``PORT``.
        """
        settings = self._settings
        if settings.metrics_port is None:
            return
        gauges = Gauges(
            self._clock,
            self._supervisor.last_rounds,
            watched.is_connected,
            settings.database_url.partition(":")[0].partition("+")[0],
        )
        self.measures.registry.register(gauges)

        async def read() -> None:
            while True:
                await _read(gauges, watched, self._clock)
                await self._clock.sleep(READ_SECONDS)

        opening.push_async_callback(self._supervisor.keep("metrics", read).stop)
        if self.public_page is None:
            await self._serve(opening, readiness, settings.metrics_port)
        elif not has_server:
            await self._serve(opening, readiness, settings.port)

    @asynccontextmanager
    async def traced(self) -> AsyncIterator[None]:
        """Trace what happens in the block, if that is on, to where OpenTelemetry's own variables say.

        Raises:
            SettingsError: the extra is not installed.
        """
        if not self._settings.traces:
            yield
            return
        try:
            # Not at the top: it is an extra, and where it is installed loading it takes longer than the rest.
            from bot.observability import exporting  # noqa: PLC0415
        except ModuleNotFoundError as error:
            if error.name is None or error.name.partition(".")[0] != "opentelemetry":
                raise
            raise SettingsError([_NO_OTEL]) from None
        traces = exporting.traces()
        self.measures.begin_span = traces.span
        try:
            yield
        finally:
            self.measures.begin_span = None
            await traces.aclose()

    def reports(
        self, store: IncidentStore, admins: Callable[[], Sequence[Admin]]
    ) -> Callable[[OnRound], Coroutine[Any, Any, None]]:
        """What writes down and reports what went wrong, to be run in rounds."""
        return IncidentReports(self.measures.incidents, store, self._clock, admins).run

    async def _serve(self, opening: AsyncExitStack, readiness: AskReadiness, port: int) -> None:
        """A port that is taken costs the metrics and nothing else."""
        page, host = self.measures.page, self._settings.host
        server = WebServer(
            None, readiness, SystemClock(), self._supervisor, metrics=page, name="metrics connections"
        )
        opening.push_async_callback(server.stop)
        self.port = await server.start(host, port, grace_seconds=GRACE_SECONDS, loss="no metrics")


async def _read(gauges: Gauges, watched: Watched, clock: Clock) -> None:
    """What the database says; where it says nothing, what it said last stands."""
    reading = gauges.reading
    known = [expiry for expiry in watched.key_expiries() if expiry is not None]
    reading.api_key_expires_at = min(known, default=None)
    reading.workspaces = watched.workspaces()
    try:
        backlog = await watched.backlog.backlog(clock.now())
    except StoreError as error:
        _log.info("the outbox is not measured", error=error.code, detail=error.detail)
        return
    reading.outbox_oldest_at, reading.outbox_parked = backlog.oldest_at, backlog.parked

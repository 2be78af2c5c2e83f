"""What goes on without anybody asking: the watcher and delivery, beside the bot or alone."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import structlog

from bot.clock import SystemClock
from bot.delivery import Delivery
from bot.delivery.attempt import Attempt, measure
from bot.domain.errors import SlackError, StoreError
from bot.domain.polling.intervals import Bounds
from bot.domain.ports import Clock, TrainingApi
from bot.domain.subscriptions.subscription import Subscription
from bot.observability.monitoring import Monitoring
from bot.readiness import StoreHealth, worker_readiness
from bot.registry.rate_share import RateShare
from bot.services import (
    MakeSource,
    Services,
    admins,
    card_settings,
    open_services,
    refuse_other_database,
    watched,
    watched_keys,
)
from bot.settings import Settings
from bot.tasks import Kept, OnRound, Supervisor
from bot.watcher import Fleet, Watcher
from bot.watcher.key_watch import KeyWatch

Loop = Callable[[OnRound], Coroutine[Any, Any, None]]
NOTHING_BESIDE: Final[Mapping[str, Loop]] = MappingProxyType({})

_log = structlog.stdlib.get_logger(__name__)


def nothing(_step: object) -> None:
    """What happens at each step and with what was told, where nobody wants anything else."""


class Background:
    """The watcher and delivery over one store. Nothing runs before `start`. Implements `Deliverer`."""

    def __init__(  # noqa: PLR0913  (what tests want otherwise, by its name)
        self,
        settings: Settings,
        services: Services,
        *,
        on_crash_point: Callable[[str], None] = nothing,
        by_list: bool = True,
        on_told: Callable[[Subscription], None] = nothing,
        supervisor: Supervisor,
    ) -> None:
        self._settings = settings
        self._services = services
        self._supervisor = supervisor
        self._on_told = on_told
        self._kept: list[Kept] = []
        self._delivery = Delivery(
            services.store,
            services.workspaces,
            services.clock,
            slash_command=settings.slash_command,
            lease_seconds=settings.watch_lease_seconds,
            jitter=random.random,
            on_crash_point=on_crash_point,
            logged=services.registry.organizations,
            card_settings=card_settings(settings, services),
            on_attempt=self._attempted,
            measures=services.measures,
            has_many_teams=not services.registry.is_fixed,
        )
        self._on_crash_point = on_crash_point
        self._by_list = by_list
        self._watchers: dict[str, tuple[TrainingApi, Watcher]] = {}
        """By organization, whose API each asks."""
        self._fleet = Fleet(
            services.store,
            services.clock,
            services.registry.organizations.keys(),
            self._watcher,
            wake_delivery=self._delivery.wake,
            longest_rest_seconds=settings.watch_min_interval_seconds,
            by_list=by_list,
        )
        services.registry.on_change(self._let_go)

    def _attempted(self, attempt: Attempt) -> None:
        measure(self._services.measures, attempt)
        self._on_told(attempt.subscription)

    def wake(self) -> None:
        """Something was put into the outbox: look now."""
        self._delivery.wake()

    async def hurry(self, subscription_id: str) -> SlackError | None:
        """Try to send what waits in this subscription's thread now; returns once it was tried, or soon."""
        return await self._delivery.hurry(subscription_id)

    def wake_watcher(self, org_id: str) -> None:
        """A job of this organization is watched anew: look now."""
        self._fleet.wake(org_id)

    def _let_go(self) -> None:
        """Forget what was known of organizations that are no tenant's any more."""
        for org_id in self._watchers.keys() - self._services.registry.organizations.keys():
            del self._watchers[org_id]

    def _watcher(self, org_id: str) -> Watcher | None:
        """The watcher of this organization; another one where its API key was replaced."""
        api = self._services.registry.organizations.get(org_id)
        if api is None:
            return None
        known = self._watchers.get(org_id)
        if known is None or known[0] is not api:
            known = self._watchers[org_id] = (api, self._made(org_id, api))
        return known[1]

    def _made(self, org_id: str, training_api: TrainingApi) -> Watcher:
        settings = self._settings
        return Watcher(
            self._services.store,
            training_api,
            self._services.clock,
            org_id=org_id,
            bounds=Bounds(settings.watch_min_interval_seconds, settings.watch_max_interval_seconds),
            lease_seconds=settings.watch_lease_seconds,
            wake_delivery=self._delivery.wake,
            jitter=random.random,
            on_crash_point=self._on_crash_point,
            by_list=self._by_list,
            prices=settings.gpu_hour_price,
            measures=self._services.measures,
            is_alone=False,
        )

    def start(self, beside: Mapping[str, Loop] = NOTHING_BESIDE) -> None:
        """Run them until `stop`, with what goes ``beside`` them."""
        settings = self._services.in_force.run
        loops = {"watcher": self._fleet.run, "delivery": self._delivery.run, "place settings": settings}
        loops |= beside
        self._kept = [self._supervisor.keep_rounds(name, run) for name, run in loops.items()]
        keys = KeyWatch(
            partial(watched_keys, self._services, self._settings),
            self._services.store.key_notices,
            self._services.clock,
            wake_delivery=self._delivery.wake,
        )
        self._kept.append(self._supervisor.keep("api key", keys.run))

    async def stop(self) -> None:
        """End both where they are: what they had begun is taken up again when its lease is over."""
        await asyncio.gather(*(each.stop() for each in self._kept))


async def look_after_tenants(
    services: Services, supervisor: Supervisor, on_crash_point: Callable[[str], None] = nothing
) -> Sequence[Kept]:
    """While the process runs: ask Slack whose tokens are, share limits, refresh tenants and tokens."""
    logins = enumerate(each.login for each in services.tenants)
    kept = [supervisor.keep(_numbered("login", place), login.run) for place, login in logins]
    if not services.store.database.is_sqlite:  # where there is but one process
        share = RateShare(services.store.processes, services.registry.organizations, services.clock)
        await share.join()
        kept.append(supervisor.keep_rounds("rate share", share.run))
    try:
        await services.in_force.refresh()
        if not services.registry.is_fixed:
            await services.registry.refresh()
    except StoreError as error:
        _log.warning("starting without the tenants", detail=error.detail)
    if not services.registry.is_fixed:
        kept.append(supervisor.keep_rounds("tenants", services.registry.run))
    if services.by_click is not None:
        rotation = services.by_click.rotation(on_crash_point)
        kept.append(supervisor.keep_rounds("tokens", rotation.run))
    return kept


def _numbered(name: str, place: int) -> str:
    """The name of a task of each tenant: strangers read it, and are not told whose it is."""
    return name if place == 0 else f"{name} {place + 1}"


class Worker:
    """``python -m bot worker``: the watcher and delivery alone, on PostgreSQL as many as one likes."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        tenant_source: MakeSource | None = None,
        on_crash_point: Callable[[str], None] = nothing,
    ) -> None:
        self._settings = settings
        self._tenant_source = tenant_source
        self._clock = clock or SystemClock()
        self._on_crash_point = on_crash_point

    async def run_until_stopped(self) -> None:
        """Work until SIGTERM or SIGINT.

        Raises:
            SchemaError: the tables are not those of this version.
        """
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signum, stopped.set)
        supervisor = Supervisor(self._clock)
        monitoring = Monitoring(self._settings, self._clock, supervisor)
        opened = open_services(
            self._settings, self._clock, tenant_source=self._tenant_source, measures=monitoring.measures
        )
        async with monitoring.traced(), opened as services, AsyncExitStack() as opening:
            await refuse_other_database(services)
            health = StoreHealth(services.store.database, self._clock)
            readiness = partial(worker_readiness, supervisor, health)
            await monitoring.start(opening, watched(services), readiness, has_server=False)
            logins = await look_after_tenants(services, supervisor, self._on_crash_point)
            background = Background(
                self._settings, services, on_crash_point=self._on_crash_point, supervisor=supervisor
            )
            reports = monitoring.reports(services.store.incidents, lambda: admins(services))
            background.start({"incidents": reports})
            try:
                _log.info("watching")
                await stopped.wait()
                _log.info("stopping")
            finally:
                await background.stop()
                await asyncio.gather(*(each.stop() for each in logins))

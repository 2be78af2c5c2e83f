"""What goes on without anybody asking: the watcher and delivery, beside the bot or alone.

The bot answers without them, so its start does not wait for them: they are loaded after it.
"""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import structlog

from bot.clock import SystemClock
from bot.domain.errors import SchemaError, SlackError, StoreError
from bot.domain.ports import Clock, TrainingApi
from bot.settings import Settings
from bot.slack.gateway import SlackWebGateway, open_session
from bot.store.store import DatabaseStore, open_store
from bot.tasks import Kept, OnRound, Supervisor
from bot.training_api.build import build_training_api

if TYPE_CHECKING:  # loaded by `load`, or with the first subscription
    from bot.delivery import Delivery
    from bot.domain.storage import Store
    from bot.domain.subscriptions.subscription import Subscription
    from bot.watcher import Watcher

Loop = Callable[[OnRound], Coroutine[Any, Any, None]]
NOTHING_BESIDE: Final[Mapping[str, Loop]] = MappingProxyType({})

_log = structlog.stdlib.get_logger(__name__)


def load() -> None:
    """Load both, in any thread, before they are needed."""
    import bot.delivery  # noqa: PLC0415  (start-up time, see above)
    import bot.watcher  # noqa: F401, PLC0415


def nothing(_step: object) -> None:
    """What happens at each step and with what was told, where nobody wants anything else."""


class Background:
    """The watcher and delivery over one store. Nothing runs before `start`. Implements `Deliverer`."""

    def __init__(  # noqa: PLR0913  (the ports, each by its name)
        self,
        settings: Settings,
        *,
        store: Store,
        training_api: TrainingApi,
        slack: SlackWebGateway,
        clock: Clock,
        on_step: Callable[[str], None] = nothing,
        by_list: bool = True,
        on_told: Callable[[Subscription], None] = nothing,
        supervisor: Supervisor,
    ) -> None:
        self._settings = settings
        self._store = store
        self._training_api = training_api
        self._slack = slack
        self._clock = clock
        self._on_step = on_step
        self._by_list = by_list
        self._on_told = on_told
        self._supervisor = supervisor
        self._kept: list[Kept] = []

    @cached_property
    def _delivery(self) -> Delivery:
        from bot.delivery import Delivery  # noqa: PLC0415  (start-up time, see above)

        return Delivery(
            self._store,
            self._slack,
            self._clock,
            slash_command=self._settings.slash_command,
            lease_seconds=self._settings.watch_lease_seconds,
            jitter=random.random,
            on_step=self._on_step,
            logged=self._training_api,
            on_told=self._on_told,
        )

    @cached_property
    def _watcher(self) -> Watcher:
        from bot.domain.subscriptions.polling import Bounds  # noqa: PLC0415  (start-up time, see above)
        from bot.watcher import Watcher  # noqa: PLC0415

        settings = self._settings
        return Watcher(
            self._store,
            self._training_api,
            self._clock,
            org_id=settings.simplismart_org_id,
            bounds=Bounds(settings.watch_min_interval_seconds, settings.watch_max_interval_seconds),
            lease_seconds=settings.watch_lease_seconds,
            wake_delivery=self._delivery.wake,
            jitter=random.random,
            on_step=self._on_step,
            by_list=self._by_list,
        )

    def wake(self) -> None:
        """Something was put into the outbox: look now."""
        self._delivery.wake()

    async def hurry(self, subscription_id: str) -> SlackError | None:
        """Try to send what waits in this subscription's thread now; returns once it was tried, or soon."""
        return await self._delivery.hurry(subscription_id)

    def wake_watcher(self) -> None:
        """A job is watched anew: look now."""
        self._watcher.wake()

    def start(self, after_seconds: float = 0.0, beside: Mapping[str, Loop] = NOTHING_BESIDE) -> None:
        """Run both until `stop`, with what goes ``beside`` them, once loaded and after so many seconds."""
        self._kept = [self._supervisor.finish("start", lambda: self._start(after_seconds, beside))]

    async def _start(self, after_seconds: float, beside: Mapping[str, Loop]) -> None:
        await self._clock.sleep(after_seconds)
        await asyncio.to_thread(load)
        loops = {"watcher": self._watch, "delivery": self._deliver, **beside}
        self._kept += [self._supervisor.keep_rounds(name, run) for name, run in loops.items()]
        from bot.watcher.key_watch import key_watch  # noqa: PLC0415  (start-up time, see above)

        settings = self._settings
        watch = key_watch(
            settings.simplismart_api_token.get_secret_value(),
            self._store,
            self._slack,
            self._clock,
            org_id=settings.simplismart_org_id,
            admin_user_id=settings.admin_user_id,
            wake_delivery=self._delivery.wake,
        )
        if watch is not None:
            self._kept.append(self._supervisor.keep("api key", watch.run))

    async def _watch(self, on_round: OnRound) -> None:
        await self._watcher.run(on_round)

    async def _deliver(self, on_round: OnRound) -> None:
        await self._delivery.run(on_round)

    async def stop(self) -> None:
        """End both where they are: what they had begun is taken up again when its lease is over."""
        for each in self._kept[:1]:
            await each.stop()  # or it might begin the others meanwhile
        await asyncio.gather(*(each.stop() for each in self._kept))


class Worker:
    """``python -m bot watch``: the watcher and delivery alone, on PostgreSQL as many as one likes."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        on_step: Callable[[str], None] = nothing,
    ) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._on_step = on_step

    async def run_until_stopped(self) -> None:
        """Work until SIGTERM or SIGINT.

        Raises:
            SchemaError: the tables are not those of this version.
        """
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signum, stopped.set)
        async with AsyncExitStack() as opening:
            background = await self._build(opening)
            background.start()
            opening.push_async_callback(background.stop)
            _log.info("watching")
            await stopped.wait()
            _log.info("stopping")

    async def _build(self, opening: AsyncExitStack) -> Background:
        settings = self._settings
        store = open_store(settings.database_url)
        opening.push_async_callback(store.close)
        await refuse_other_schema(store)
        session = await opening.enter_async_context(open_session())
        token = settings.slack_bot_token.get_secret_value()
        training_api = build_training_api(
            base_url=settings.simplismart_api_url,
            org_id=settings.simplismart_org_id,
            token=settings.simplismart_api_token.get_secret_value(),
            clock=self._clock,
        )
        opening.push_async_callback(training_api.aclose)
        return Background(
            settings,
            store=store,
            training_api=training_api,
            slack=SlackWebGateway(session, settings.slack_api_url, token, self._clock),
            clock=self._clock,
            on_step=self._on_step,
            supervisor=Supervisor(self._clock),
        )


async def refuse_other_schema(store: DatabaseStore) -> None:
    """Check the tables at the start; a database that does not answer yet is no reason not to start.

    Raises:
        SchemaError: they are older or newer than the code.
    """
    try:
        await store.check_schema()
    except SchemaError:
        raise
    except StoreError as error:
        _log.warning("starting without the database", detail=error.detail)

"""A worker in a process of its own, which may be told where to die.

Workers are forked from a server that has everything loaded, so that a fresh one is there in milliseconds.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from bot.app import Application
from bot.background import Worker
from bot.delivery import CRASH_POINTS as DELIVERY_STEPS
from bot.handlers.deliveries.crash_points import CRASH_POINTS as ANSWERING_STEPS
from bot.logs import configure_logging
from bot.settings import Settings
from bot.tenants.rotation import CRASH_POINTS as REFRESHING_STEPS
from bot.watcher.crash_points import CRASH_POINTS as WATCHER_STEPS
from tests.chaos.reporting_loop import ReportingLoop
from tests.chaos.shared_clock import SharedClock, SharedMemory

LEASE_SECONDS: Final = 20.0
MIN_SECONDS, MAX_SECONDS = 1.0, 5.0
"""Between two looks. All of these are the shared clock's seconds."""
CRASH_POINTS: Final = (*WATCHER_STEPS, *DELIVERY_STEPS, *ANSWERING_STEPS, *REFRESHING_STEPS)
_LOADED: Final = ("tests.chaos.worker", "bot.store.store", "bot.training_api.exchange", "asyncpg")


@dataclass(frozen=True)
class Orders:
    """What a worker is told; it travels to another process."""

    number: int
    """Its place in the shared memory."""
    memory: Path
    log: Path
    database_url: str
    slack_api_url: str
    training_api_url: str
    org_id: str
    bot_token: str
    training_token: str
    signing_secret: str = "unused"
    secrets_key: str = ""
    """With it, workspaces install the app by a click, and their tokens are in the database."""
    client_secret: str = ""
    serves: bool = False
    """It answers people too, over HTTP; its port is written into `port_file`."""

    min_seconds: float = MIN_SECONDS
    max_seconds: float = MAX_SECONDS

    @property
    def port_file(self) -> Path:
        """There once it listens."""
        return self.log.with_suffix(".port")

    def settings(self) -> Settings:
        """The worker's settings."""
        click: dict[str, Any] = {
            "slack_client_id": "4721000000.9150000000",
            "slack_client_secret": SecretStr(self.client_secret),
            "secrets_keys": SecretStr(self.secrets_key),
        }
        token = {"slack_bot_token": SecretStr(self.bot_token)}
        return Settings(
            _env_file=None,
            **(click if self.secrets_key else token),
            slack_signing_secret=SecretStr(self.signing_secret),
            slack_app_token=None,
            slack_api_url=self.slack_api_url,
            simplismart_api_token=SecretStr(self.training_token),
            simplismart_org_id=self.org_id,
            simplismart_api_url=self.training_api_url,
            database_url=self.database_url,
            host="127.0.0.1",
            port=0,
            watch_min_interval_seconds=self.min_seconds,
            watch_max_interval_seconds=self.max_seconds,
            watch_lease_seconds=LEASE_SECONDS,
        )


@dataclass
class WorkerProcess:
    """One of the workers."""

    number: int
    process: BaseProcess
    died: asyncio.Event

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return not self.died.is_set()


def start(orders: Orders) -> BaseProcess:
    """A worker at work."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_LOADED))
    process = context.Process(target=_work, args=(orders,), daemon=True)
    process.start()
    return process


def _work(orders: Orders) -> None:
    with orders.log.open("a") as log:
        os.dup2(log.fileno(), sys.stderr.fileno())
    configure_logging("info")
    with asyncio.Runner(loop_factory=ReportingLoop) as runner:
        runner.run(_run(orders))


async def _run(orders: Orders) -> None:
    memory = SharedMemory(orders.memory)
    numbers = {step: number for number, step in enumerate(CRASH_POINTS, start=1)}

    def on_crash_point(step: str) -> None:
        doom = memory.doom(orders.number)
        if abs(doom) == numbers[step]:
            memory.set_doom(orders.number, 0)
            os.kill(os.getpid(), signal.SIGKILL if doom > 0 else signal.SIGSTOP)

    clock = SharedClock(memory)
    clock.follow(orders.number)
    if orders.serves:
        await _serve(Application(orders.settings(), clock=clock, on_crash_point=on_crash_point), orders)
    else:
        await Worker(orders.settings(), clock=clock, on_crash_point=on_crash_point).run_until_stopped()
    clock.stop()


async def _serve(bot: Application, orders: Orders) -> None:
    """Until it is killed."""
    await bot.start()
    written = orders.port_file.with_suffix(".new")
    written.write_text(str(bot.port))
    written.rename(orders.port_file)
    await asyncio.Event().wait()

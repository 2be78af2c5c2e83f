"""The playground: the real bot, a training API and a Slack workspace on loopback, and a page to try it."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from bot.cards.gallery.gallery import samples
from bot.clock import SystemClock
from bot.handlers.entry.registry import COMMANDS, Dispatch
from bot.manifest import optional_scopes, required_scopes
from bot.playground.bot_process import BotProcess
from bot.playground.clock import FastClock
from bot.playground.page import Page
from bot.playground.page.controls import Controls
from bot.playground.page.opening import open_conversation
from bot.playground.page.page_actions import PageActions
from bot.playground.serving import Servers, running, serving
from bot.playground.training_suite import DEFAULT_TOKEN, Timeline, TrainingSuite
from bot.playground.workspace import Workspace
from bot.playground.workspace.identity import UNFURL_DOMAINS
from bot.settings import Settings

SPEED = 60.0
"""How fast the jobs live at first; Slack and the bot are on the real clock (see `Timeline`)."""
SLASH_COMMAND = "/job"

_SHORTEST_LOOK_SECONDS, _LONGEST_LOOK_SECONDS, _LEASE_SECONDS = 1.0, 2.0, 5.0
"""Jobs live fast here, so the bot looks often."""
_PORTS_TO_TRY = 100
_GRACE_SECONDS = 2.0


async def run_playground(host: str = "127.0.0.1", port: int = 3000) -> None:
    """Run until SIGINT or SIGTERM; prints a line with the address, and one before it where ``port`` is taken.

    Raises:
        OSError: neither the port nor any of the next is free.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, stopped.set)
    async with playground(host, port) as address:
        if port and not address.endswith(f":{port}"):
            sys.stdout.write(f"Port {port} is taken; using the next one that is free.\n")
        sys.stdout.write(f"Playground: {address}\n")
        sys.stdout.flush()
        await stopped.wait()


@asynccontextmanager
async def playground(host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Everything, while the block runs; the value is the page's address."""
    clock = SystemClock()
    timeline = Timeline(FastClock(SPEED), clock)
    timeline.pause()  # until the first action: whoever reads first misses nothing
    suite = TrainingSuite(clock, timeline=timeline)
    workspace = Workspace(clock, scopes=required_scopes() | optional_scopes())
    async with running(workspace, suite) as servers, _bot(workspace, suite, servers) as bot:
        opening = partial(open_conversation, workspace)
        controls = Controls(workspace, suite, timeline, bot, opening)
        gallery = partial(samples, Dispatch().help)
        page = Page(workspace, PageActions(workspace, SLASH_COMMAND), controls, COMMANDS, gallery)
        async with serving(page.app(), host, port, _PORTS_TO_TRY) as address:
            await opening()
            yield address


@asynccontextmanager
async def _bot(workspace: Workspace, suite: TrainingSuite, servers: Servers) -> AsyncIterator[BotProcess]:
    """The real bot, told nothing but its settings."""
    with tempfile.TemporaryDirectory(prefix="jobbot-") as folder:
        database = Path(folder) / "playground.sqlite3"
        bot = BotProcess(workspace, _settings(workspace, suite, servers, database), database, SystemClock())
        async with bot.running(_GRACE_SECONDS):
            yield bot


def _settings(workspace: Workspace, suite: TrainingSuite, servers: Servers, database: Path) -> Settings:
    """All of them given, so that neither the environment nor ``.env`` has a say."""
    return Settings(
        slack_bot_token=SecretStr(workspace.identity.bot_token),
        slack_app_token=None,
        slack_signing_secret=SecretStr(workspace.identity.signing_secret),
        slack_api_url=servers.slack_api_url,
        simplismart_api_token=SecretStr(DEFAULT_TOKEN),
        simplismart_org_id=suite.org_id,
        simplismart_api_url=servers.training_api_url,
        database_url=f"sqlite:///{database}",
        watch_min_interval_seconds=_SHORTEST_LOOK_SECONDS,
        watch_max_interval_seconds=_LONGEST_LOOK_SECONDS,
        watch_lease_seconds=_LEASE_SECONDS,
        timezone="UTC",
        host="127.0.0.1",
        port=0,
        log_level="error",
        log_format="console",
        slash_command=SLASH_COMMAND,
        link_domains=",".join(UNFURL_DOMAINS),
    )

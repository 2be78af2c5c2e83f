"""The playground: the real bot, a training API and a Slack workspace on loopback, and a page to try it."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web
from pydantic import SecretStr

from bot import INSTALL_PATH, OAUTH_REDIRECT_PATH
from bot.cards.gallery.gallery import samples
from bot.cards.setup.form import KEY, ORG
from bot.clock import SystemClock
from bot.handlers.entry.registry import COMMANDS, Dispatch
from bot.manifest import optional_scopes, required_scopes
from bot.playground.bot_process import BotProcess
from bot.playground.clock import FastClock
from bot.playground.installing import install, set_up
from bot.playground.page import Page
from bot.playground.page.controls import Controls
from bot.playground.page.install_pages import InstallPages
from bot.playground.page.opening import open_conversation
from bot.playground.page.page_actions import PageActions
from bot.playground.page.rail import Rail
from bot.playground.serving import Servers, running_together, serving
from bot.playground.training_suite import Timeline, TrainingSuite
from bot.playground.training_suite.second_catalogue import (
    SECOND_ORG_ID,
    SECOND_TOKEN,
    second_organization_jobs,
)
from bot.playground.workspace import BETWEEN_THREE, GRACE, LINUS, Identity, Workspace
from bot.playground.workspace.identity import UNFURL_DOMAINS
from bot.playground.workspace.second_identity import ORCHARD
from bot.playground.workspace.slack import Slack
from bot.settings import Settings
from bot.tenants.sealing import new_key

Place = tuple[Workspace, TrainingSuite]
"""A workspace, and the organization its people ask about."""

SPEED = 60.0
"""How fast the jobs live at first; Slack and the bot are on the real clock (see `Timeline`)."""
SLASH_COMMAND = "/job"

_SHORTEST_LOOK_SECONDS, _LONGEST_LOOK_SECONDS, _LEASE_SECONDS = 1.0, 2.0, 5.0
"""Jobs live fast here, so the bot looks often."""
_PORTS_TO_TRY = 100
_GRACE_SECONDS = 2.0
_PATHS = ("/", "/orchard/")
_ON_CALL = "S0MLONCALL"
"""Where the page of each workspace is."""


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
    suites = (
        TrainingSuite(clock, timeline=timeline),
        TrainingSuite(
            clock,
            timeline=timeline,
            jobs=second_organization_jobs,
            token=SECOND_TOKEN,
            org_id=SECOND_ORG_ID,
        ),
    )
    scopes = required_scopes() | optional_scopes()
    slack = Slack(
        [
            Workspace(clock, scopes=scopes, identity=identity, is_installed=False)
            for identity in (Identity(), ORCHARD)
        ]
    )
    async with running_together(slack, suites) as servers, _bot(slack, servers) as bot:
        places = list(zip(slack.workspaces, suites, strict=True))
        opening = partial(_open, *places[0], bot)
        app = _page(slack, places, timeline, bot, opening)
        async with serving(app, host, port, _PORTS_TO_TRY) as address:
            await opening()
            yield address


async def _open(workspace: Workspace, suite: TrainingSuite, bot: BotProcess) -> None:
    """The first workspace has the app already: an admin has set it up, and a conversation has begun."""
    workspace.board.groups[_ON_CALL] = {GRACE, LINUS}
    workspace.board.group_handles[_ON_CALL] = "ml-oncall"
    await install(workspace, LINUS, bot.url or "")
    await set_up(workspace, LINUS, BETWEEN_THREE, suite)
    await open_conversation(workspace)


def _page(
    slack: Slack,
    places: Sequence[Place],
    timeline: Timeline,
    bot: BotProcess,
    opening: Callable[[], Awaitable[None]],
) -> web.Application:
    """The first workspace's page, with the other one's below it."""
    links = [(each.identity.team_name, path) for each, path in zip(slack.workspaces, _PATHS, strict=True)]
    gallery = partial(samples, Dispatch().help)
    pages: list[Page] = []
    for workspace, suite in places:
        others = [each for each in places if each[0] is not workspace]
        controls = Controls(workspace, suite, timeline, bot, opening, others=others)
        rail = Rail(links)
        if pages:
            query = urlencode({"team": workspace.identity.team_id})
            rail = Rail(links, f"{INSTALL_PATH}?{query}", {ORG: suite.org_id, KEY: suite.token})
        deeds = PageActions(workspace, SLASH_COMMAND)
        pages.append(Page(workspace, deeds, controls, COMMANDS, gallery, rail=rail))
        workspace.world.redirect_url = OAUTH_REDIRECT_PATH
    app, others_path = pages[0].app(), _PATHS[1].rstrip("/")
    homes = {each.identity.team_id: path for each, path in zip(slack.workspaces, _PATHS, strict=True)}
    app.add_routes(InstallPages(slack, lambda: bot.url, homes).routes())
    app.add_subapp(others_path, pages[1].app())
    return app


@asynccontextmanager
async def _bot(slack: Slack, servers: Servers) -> AsyncIterator[BotProcess]:
    """The real bot, told nothing but its settings."""
    with tempfile.TemporaryDirectory(prefix="jobbot-") as folder:
        database = Path(folder) / "playground.sqlite3"
        bot = BotProcess(slack.workspaces, _settings(slack, servers, database), database, SystemClock())
        async with bot.running(_GRACE_SECONDS):
            yield bot


def _settings(slack: Slack, servers: Servers, database: Path) -> Settings:
    """All of them given, so that neither the environment nor ``.env`` has a say."""
    first = slack.workspaces[0]
    return Settings(
        slack_client_id=first.grants.client_id,
        slack_client_secret=SecretStr(first.grants.client_secret),
        secrets_keys=SecretStr(new_key()),
        allowed_workspaces=",".join(each.identity.team_id for each in slack.workspaces),
        slack_bot_token=SecretStr(""),
        slack_app_token=None,
        slack_signing_secret=SecretStr(first.identity.signing_secret),
        slack_api_url=servers.slack_api_url,
        simplismart_api_token=SecretStr(""),
        simplismart_org_id="",
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

"""Opens the bot for all places: installs, connects, and gives each something to hide."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot import EVENTS_PATH
from bot.app import Application
from bot.domain.ports import OrganizationAccess, WorkspaceAccess
from bot.manifest import optional_scopes, required_scopes
from bot.playground.clock import ManualClock
from bot.playground.serving import Servers, running
from bot.playground.training_suite import TrainingSuite
from bot.playground.workspace import BOT, ML_OPS, TRAINING, Workspace
from bot.playground.workspace.model import User
from bot.playground.workspace.oauth.grants import Approval, Grants
from bot.settings import Settings
from bot.store.store import DatabaseStore
from bot.tenants.sealing import Sealer
from bot.tenants.stored_tenants import Addresses, StoredTenants
from tests.e2e.by_click import KEY, ByClick
from tests.e2e.crossing.places import FIRST, SECOND, Crossing, Place, connect
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, Transport, World, empty_database, settings_for
from tests.sqlite_file import memory_folder

SCOPES = required_scopes() | optional_scopes()


class Rerouted(StoredTenants):
    """Each workspace and each organization has a server of its own here."""

    slack: dict[str, str]
    training: dict[str, str]

    async def current(self) -> Sequence[WorkspaceAccess]:
        """As stored, at these addresses."""
        return [self._at_home(each) for each in await super().current()]

    def _at_home(self, access: WorkspaceAccess) -> WorkspaceAccess:
        moved = tuple(
            OrganizationAccess(
                each.org_id,
                self.training[each.org_id],
                each.training_api_token,
                each.team_id,
                each.channel_id,
            )
            for each in access.organizations
        )
        return replace(access, slack_api_url=self.slack[access.team_id], organizations=moved)


def _settings(
    space: Workspace, servers: Servers, transport: Transport, database_url: str, **more: object
) -> Settings:
    """Of an app that is installed by a click, and no organization of the settings."""
    grants = Grants.__dataclass_fields__
    values: dict[str, Any] = {
        "slack_api_url": servers.slack_api_url,
        "simplismart_api_url": servers.training_api_url,
        "database_url": database_url,
        "simplismart_org_id": "",
        "slack_bot_token": SecretStr(""),
        "simplismart_api_token": SecretStr(""),
        "slack_client_id": grants["client_id"].default,
        "slack_client_secret": SecretStr(grants["client_secret"].default),
        "secrets_keys": KEY,
        "allowed_workspaces": f"{FIRST.team_id},{SECOND.team_id}",
        **more,
    }
    return settings_for(space, transport, **values)


@asynccontextmanager
async def crossing(transport: Transport = "http", **settings_of: object) -> AsyncIterator[Crossing]:
    """All installed, connected, and with something to hide."""
    clock, words = ManualClock(), ("amber", "birch", "cedar")
    suites = [TrainingSuite(clock, token=f"{word}-key", org_id=f"{word}-org") for word in words]
    spaces = [Workspace(clock, identity=each) for each in (FIRST, SECOND, FIRST)]
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(memory_folder())
        url = await empty_database(folder)
        servers = [
            await stack.enter_async_context(running(*each)) for each in zip(spaces, suites, strict=True)
        ]
        settings = _settings(spaces[0], servers[0], transport, url, **settings_of)

        def source(store: DatabaseStore) -> Rerouted:
            addresses = Addresses(settings.slack_api_url, settings.simplismart_api_url)
            made = Rerouted(store.installations, store.connections, Sealer([KEY]), clock, addresses)
            made.slack = {
                FIRST.team_id: servers[0].slack_api_url,
                SECOND.team_id: servers[1].slack_api_url,
            }
            made.training = {
                suite.org_id: each.training_api_url for suite, each in zip(suites, servers, strict=True)
            }
            return made

        bot = Application(settings, tenant_source=source, clock=clock)
        await bot.start()
        stack.push_async_callback(bot.stop, grace_seconds=1)
        await _reached(spaces[:2], bot, transport)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        worlds = [
            World(spaces[at], suite, clock, bot, settings)
            for at, suite in zip((0, 1, 0), suites, strict=True)
        ]
        homes = ((FIRST, TRAINING), (SECOND, TRAINING), (FIRST, ML_OPS))
        places = [
            Place(word, world, home.team_id, channel_id)
            for word, world, (home, channel_id) in zip(words, worlds, homes, strict=True)
        ]
        await _install(places, session)
        settled = [await _settled(each) for each in places]
        yield Crossing(*settled, session)


async def _reached(spaces: Sequence[Workspace], bot: Application, transport: Transport) -> None:
    """Slack delivers to the bot; over a socket, everything of every workspace comes down the one line."""
    for space in spaces:
        space.rates.enabled = False
        space.dispatcher.socket = spaces[0].socket
        if transport == "http":
            space.request_url = f"http://127.0.0.1:{bot.port}{EVENTS_PATH}"
    if transport == "socket":
        await spaces[0].wait_for(lambda: spaces[0].socket.connections or None)


async def _install(places: Sequence[Place], session: aiohttp.ClientSession) -> None:
    main, other, channel = places
    by_click = ByClick(main.world, session)
    for place in (main, other):
        approval = Approval(place.team_id, place.resident, SCOPES)
        assert await by_click.install_for(approval) == HTTPStatus.OK
        token = by_click.grants.handed_out[-1].bot_token
        space = place.world.workspace.world
        space.identity = replace(space.identity, bot_token=token)
    async with main.world.stored() as store:
        await connect(store, main, main.suite)
        await connect(store, other, other.suite)
        await connect(store, main, channel.suite, channel.channel_id)
    await by_click.noticed()


async def _settled(place: Place) -> Place:
    """The resident has one of everything."""
    world, word, suite = place.world, place.word, place.suite
    board = world.workspace.board
    board.users[place.resident] = User(place.resident, f"{word}res", f"{word}res")
    board.channels[place.channel_id].members |= {place.resident, BOT}
    now = world.clock.now().isoformat()
    suite.set(JOB, experiment_name=f"{word}-job")
    failed = f"RuntimeError: {word}wood splits at [{len(word)}, 3]"
    suite.set(place.secret_id, experiment_name=f"{word}-secret", status="FAILED", error_message=failed)
    for number in range(2):
        name = f"{word}-sweep-{number}"
        suite.set(name, experiment_name=name, status="RUNNING", created_at=now)
    for text in (
        place.secret_id,
        f"subscribe {JOB}",
        f"alert {JOB} when progress > 99",
        f"subscribe name:{word}-sweep-*",
        "feed on failed",
        "digest daily",
        "pause 1d",
    ):
        assert (await world.slash(text, place.channel_id, place.resident)).ok
        await world.let_pass(4, 4)
    posted = [each for each in place.posted() if f"{word}-" in text_of(each)]
    async with world.stored() as store:
        found = await store.subscriptions.followed(place.team_id, place.channel_id, place.resident)
    ids = tuple(each.subscription.id for each in found)
    assert len(ids) == 2
    card_ts = next(each.subscription.card_ts for each in found if not each.subscription.is_group)
    assert posted
    assert (await world.slash("", place.channel_id, place.resident)).ok
    [view] = await world.soon(lambda: world.workspace.views_of(place.resident))
    return replace(
        place,
        subscriptions=ids,
        card_ts=card_ts or "",
        window=str(view.content["private_metadata"]),
    )

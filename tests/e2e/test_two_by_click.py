"""Two workspaces that install the same app by a click, each with an organization of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus

import aiohttp
import pytest
from pydantic import SecretStr

from bot import EVENTS_PATH
from bot.app import Application
from bot.playground.clock import ManualClock
from bot.playground.serving import running_together
from bot.playground.training_suite import Ending, TrainingSuite
from bot.playground.training_suite.second_catalogue import (
    SECOND_ORG_ID,
    SECOND_TOKEN,
    second_organization_jobs,
)
from bot.playground.workspace import TRAINING, Message, Workspace
from bot.playground.workspace.second_identity import ORCHARD, ROBOTS, VISITOR
from bot.playground.workspace.slack import Slack
from tests.e2e.by_click import KEY, ByClick
from tests.e2e.test_setup import typed
from tests.e2e.world import JOB, Transport, World, empty_database, settings_for, text_of
from tests.handlers.shown_view import words_of_view
from tests.sqlite_file import memory_folder

THEIR_JOB = "fruit-picker-vlm"


@asynccontextmanager
async def two_by_click(transport: Transport) -> AsyncIterator[tuple[ByClick, ByClick]]:
    """One bot, one Slack, and nobody has installed the app."""
    clock = ManualClock()
    workspaces = [
        Workspace(clock, is_installed=False),
        Workspace(clock, identity=ORCHARD, is_installed=False),
    ]
    suites = [
        TrainingSuite(clock),
        TrainingSuite(clock, jobs=second_organization_jobs, token=SECOND_TOKEN, org_id=SECOND_ORG_ID),
    ]
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(memory_folder())
        servers = await stack.enter_async_context(running_together(Slack(workspaces), suites))
        grants = workspaces[0].grants
        settings = settings_for(
            workspaces[0],
            transport,
            slack_bot_token=SecretStr(""),
            slack_client_id=grants.client_id,
            slack_client_secret=SecretStr(grants.client_secret),
            secrets_keys=KEY,
            allowed_workspaces="*",
            slack_api_url=servers.slack_api_url,
            simplismart_api_url=servers.training_api_url,
            simplismart_api_token=SecretStr(""),
            database_url=await empty_database(folder),
        )
        bot = Application(settings, clock=clock)
        await bot.start()
        stack.push_async_callback(bot.stop, grace_seconds=1)
        if transport == "socket":
            await workspaces[0].wait_for(lambda: workspaces[0].socket.connections or None)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        for workspace in workspaces:
            if transport == "http":
                workspace.request_url = f"http://127.0.0.1:{bot.port}{EVENTS_PATH}"
        ours, theirs = (
            ByClick(World(workspace, suite, clock, bot, settings), session)
            for workspace, suite in zip(workspaces, suites, strict=True)
        )
        yield ours, theirs


async def set_up(made: ByClick, channel_id: str) -> None:
    """In the window, with the organization's own key."""
    world, me = made.world, made.world.workspace.identity.visitor_id
    assert (await world.slash("setup", channel_id)).ok

    def asks() -> bool:
        return any(view.content.get("submit") for view in world.workspace.views_of(me))

    await world.soon(asks)
    (view,) = world.workspace.views_of(me)
    values = typed(world.suite.org_id, world.suite.token)
    assert (await world.workspace.submit_view(me, view, values)).ok
    await world.soon(lambda: "The key works" in words_of_view(view.content))
    await world.workspace.close_view(me, view)


def _said(world: World, words: str, channel_id: str) -> list[Message]:
    return [each for each in world.workspace.messages(channel_id) if words in text_of(each)]


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_each_installs_sets_up_and_asks(transport: Transport) -> None:
    """What counts counts at once, and nothing of one is seen in the other."""
    async with two_by_click(transport) as (ours, theirs):
        assert await ours.install(patiently=False) == HTTPStatus.OK
        await set_up(ours, TRAINING)
        assert "support-tone-llama-8b" in text_of(await ours.world.ask(JOB))
        assert not theirs.world.workspace.world.is_installed
        assert await theirs.install(patiently=False) == HTTPStatus.OK
        assert "Not set up yet" in text_of(await theirs.world.ask(THEIR_JOB, ROBOTS))
        await set_up(theirs, ROBOTS)
        assert THEIR_JOB in text_of(await theirs.world.ask("list", ROBOTS))
        assert "support-tone" not in text_of(await theirs.world.ask("list", ROBOTS))
        assert THEIR_JOB not in text_of(await ours.world.ask("list"))
        assert "support-tone" not in text_of(await theirs.world.ask(JOB, ROBOTS))
        assert {each.query["org_id"] for each in theirs.world.suite.requests} == {SECOND_ORG_ID}
        assert {each.query["org_id"] for each in ours.world.suite.requests} == {ours.world.suite.org_id}
        bots = {each.identity.bot_user_id for each in (ours.world.workspace, theirs.world.workspace)}
        async with ours.world.stored() as store:
            assert {each.bot_user_id for each in await store.installations.installations()} == bots


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_one_is_uninstalled_and_the_other_goes_on(transport: Transport) -> None:
    """Its secrets and its updates end; the first hears of its job's end as ever."""
    async with two_by_click(transport) as (ours, theirs):
        for made, channel_id, job in ((ours, TRAINING, JOB), (theirs, ROBOTS, THEIR_JOB)):
            assert await made.install() == HTTPStatus.OK
            await set_up(made, channel_id)
            await made.world.slash(f"subscribe {job}", channel_id)
            await made.world.told("Subscribed to", channel_id=channel_id)
        await ours.world.let_pass(60)
        delivered = await theirs.world.workspace.uninstall_app()
        assert [each.ok for each in delivered] == [True, True]
        await theirs.noticed()
        async with ours.world.stored() as store:
            homes = [
                each.team_id for each in await store.installations.installations() if each.tokens.bot_token
            ]
        assert homes == [ours.team_id]
        calls, asked = len(theirs.world.workspace.calls), len(theirs.world.suite.requests)
        ours.world.suite.end(JOB, Ending.COMPLETED)
        await ours.world.pass_until(lambda: bool(_said(ours.world, "ompleted", TRAINING)))
        assert len(theirs.world.workspace.calls) == calls
        assert len(theirs.world.suite.requests) == asked
        assert VISITOR not in str([text_of(each) for each in ours.world.workspace.messages(TRAINING)])

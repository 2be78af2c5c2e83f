"""Install by a click, from the first page to the last update: the bot without a token of its own."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus

import pytest
from structlog.testing import capture_logs

from bot.background import Worker
from bot.domain.messages.uninstalling import APP_UNINSTALLED
from bot.domain.ports import SecretKind
from bot.domain.subscriptions.subscription import Ending, Spot
from bot.manifest import optional_scopes, required_scopes
from bot.playground.training_suite import DEFAULT_TOKEN
from bot.playground.training_suite import Ending as Lives
from bot.playground.workspace import ME, TRAINING
from bot.playground.workspace.oauth.grants import Approval
from tests.e2e.by_click import HOME, NOTICED_SECONDS, ByClick, by_click
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, Transport

HOURS = 3600
GRID = "E0GRID0001"
SCOPES = required_scopes() | optional_scopes()


async def _subscribed(made: ByClick) -> str:
    """Installed, connected, and somebody gets updates on a job: the subscription's ID."""
    assert await made.install() == HTTPStatus.OK
    await made.connect(made.world.suite.org_id, DEFAULT_TOKEN)
    await made.world.slash(f"subscribe {JOB}")
    await made.world.told("Subscribed to")
    async with made.world.stored() as store:
        found = await store.subscriptions.active(Spot(HOME, TRAINING, made.world.suite.org_id, JOB))
    assert found is not None
    return found.id


def _said(made: ByClick, words: str) -> bool:
    return any(words in text_of(each) for each in made.world.workspace.messages(TRAINING))


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_from_nothing_to_updates(transport: Transport) -> None:
    """Nobody is answered before it is installed, and nothing is known of jobs before one is connected."""
    async with by_click(transport) as made:
        before = await made.world.slash(JOB)
        assert before.message is None
        assert (await made.world.bot.readiness()).is_ready
        assert await made.install() == HTTPStatus.OK
        assert "connected" in text_of(await made.world.ask(JOB))
        await made.connect(made.world.suite.org_id, DEFAULT_TOKEN)
        assert "support-tone-llama-8b" in text_of(await made.world.ask(JOB))
        await made.world.slash(f"subscribe {JOB}")
        await made.world.told("Subscribed to")
        made.world.suite.end(JOB, Lives.COMPLETED)
        await made.world.pass_until(lambda: _said(made, "ompleted"))


async def test_the_settings_organization_needs_no_connection() -> None:
    """For the first workspace that installs the app."""
    async with by_click(simplismart_api_token=DEFAULT_TOKEN, org_id=None) as made:
        assert await made.install() == HTTPStatus.OK
        await made.world.slash(f"subscribe {JOB}")
        await made.world.told("Subscribed to")


async def test_an_uninstalled_workspace_has_no_secrets_and_no_updates() -> None:
    """At once, with the events; what was set up comes back with the next installation, but for the key."""
    async with by_click() as made:
        subscription_id = await _subscribed(made)
        await made.world.let_pass(60)
        delivered = await made.world.workspace.uninstall_app()
        assert [each.ok for each in delivered] == [True, True]
        async with made.world.stored() as store:
            assert await store.secrets.secrets() == []
            trail = [(each.action, each.user_id, each.subject) for each in await store.audit.entries()]
            assert sorted(each for each in trail if "install" in each[0]) == [
                ("install", ME, HOME),
                ("uninstall", "", APP_UNINSTALLED),
            ]
            ended = await store.subscriptions.subscription(subscription_id)
            (connection,) = await store.connections.connections()
        assert ended is not None
        assert ended.ended is Ending.CANNOT_POST
        assert connection.api_key is None
        await made.noticed()
        calls = len(made.world.workspace.calls)
        made.world.suite.end(JOB, Lives.FAILED, "CUDA out of memory")
        await made.world.let_pass(600, steps=20)
        assert len(made.world.workspace.calls) == calls
        made.world.workspace.install_app()
        assert await made.install() == HTTPStatus.OK
        assert "connected" in text_of(await made.world.ask(JOB))


async def test_two_uninstalls_within_a_minute_are_two_entries_of_the_trail() -> None:
    """Between them the app was installed again; Slack's two events of one are one entry all the same."""
    async with by_click() as made:
        await _subscribed(made)
        for so_often in (1, 2):
            await made.world.let_pass(NOTICED_SECONDS)
            delivered = await made.world.workspace.uninstall_app()
            assert [each.ok for each in delivered] == [True, True]
            async with made.world.stored() as store:
                found = [each for each in await store.audit.entries() if each.action == "uninstall"]
            assert [each.team_id for each in found] == [HOME] * so_often
            assert found[-1].at - found[0].at < timedelta(minutes=1)
            await made.noticed()
            made.world.workspace.install_app()
            assert await made.install() == HTTPStatus.OK


async def test_tokens_are_refreshed_while_updates_go_on() -> None:
    """For days; the one that it was installed with has long expired."""
    async with by_click(rotates=True) as made:
        await _subscribed(made)
        first = made.grants.handed_out[0]
        with capture_logs() as logs:
            await made.world.let_pass(26 * HOURS, steps=26 * 4)
        assert made.world.clock.monotonic() > first.expires_at
        assert 4 <= len(made.grants.handed_out) <= 6
        assert "support-tone-llama-8b" in text_of(await made.world.mention(JOB))
        errors = {call.answer.get("error") for call in made.world.workspace.calls}
        assert errors.isdisjoint({"token_expired", "token_revoked", "invalid_auth"})
        assert "xoxe" not in str(logs)


async def test_revoked_tokens_that_are_not_ours_end_nothing() -> None:
    """With rotation the earlier tokens are revoked one after the other: Slack may tell of each."""
    async with by_click(rotates=True) as made:
        await _subscribed(made)
        await made.world.let_pass(60)
        told = await made.world.workspace.tell_revoked(bot=[made.world.workspace.identity.bot_user_id])
        assert told.ok
        async with made.world.stored() as store:
            assert len(await store.secrets.secrets()) == 3
            assert await store.subscriptions.active(Spot(HOME, TRAINING, made.world.suite.org_id, JOB))


async def test_a_worker_refreshes_tokens_too() -> None:
    """It gets no events of Slack's."""
    async with by_click(rotates=True) as made:
        assert await made.install() == HTTPStatus.OK
        await made.world.bot.stop(grace_seconds=1)
        assert made.world.settings is not None
        worker = asyncio.create_task(Worker(made.world.settings, clock=made.world.clock).run_until_stopped())
        try:
            await made.world.let_pass(7 * HOURS, steps=14)
            assert len(made.grants.handed_out) == 2
        finally:
            worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker


async def test_an_app_is_uninstalled_after_its_token_expired() -> None:
    """Nothing works there anymore, and nothing is kept either."""
    async with by_click(rotates=True) as made:
        subscription_id = await _subscribed(made)
        made.world.workspace.faults.refuse_next(500, "invalid_refresh_token", method="oauth.v2.access")
        await made.world.let_pass(13 * HOURS, steps=26)
        assert (await made.world.slash(JOB)).message is None
        async with made.world.stored() as store:
            waiting = await store.subscriptions.subscription(subscription_id)
            assert len(await store.secrets.secrets()) == 3
        assert waiting is not None
        delivered = await made.world.workspace.uninstall_app()
        assert all(each.ok for each in delivered)
        async with made.world.stored() as store:
            assert await store.secrets.secrets() == []
            assert not await store.subscriptions.active(Spot(HOME, TRAINING, made.world.suite.org_id, JOB))


async def test_an_organization_of_workspaces_installs_it_once() -> None:
    """Each of its workspaces is answered with the one token, about its own organization's jobs."""
    async with by_click() as made:
        workspace = made.world.workspace
        workspace.world.identity = replace(workspace.identity, enterprise_id=GRID)
        assert await made.install_for(Approval(HOME, ME, SCOPES, GRID, is_org_wide=True)) == HTTPStatus.OK
        assert "connected" in text_of(await made.world.ask(JOB))
        await made.connect(made.world.suite.org_id, DEFAULT_TOKEN, enterprise_id=GRID)
        await made.world.slash(f"subscribe {JOB}")
        await made.world.told("Subscribed to")
        (token,) = {each.bot_token for each in made.grants.handed_out}
        assert token.endswith(GRID)
        await made.world.let_pass(60)
        delivered = await workspace.uninstall_app()
        assert all(each.ok for each in delivered)
        async with made.world.stored() as store:
            assert await store.secrets.secrets() == []


async def test_a_workspace_leaves_the_organizations_installation() -> None:
    """The token goes on: it is that of the other workspaces too."""
    async with by_click() as made:
        workspace = made.world.workspace
        workspace.world.identity = replace(workspace.identity, enterprise_id=GRID)
        await made.install_for(Approval(HOME, ME, SCOPES, GRID, is_org_wide=True))
        await made.connect(made.world.suite.org_id, DEFAULT_TOKEN, enterprise_id=GRID)
        await made.world.let_pass(60)
        left = await workspace.tell_uninstalled()
        assert left.ok
        async with made.world.stored() as store:
            assert [each.kind for each in await store.secrets.secrets()] == [SecretKind.BOT_TOKEN]

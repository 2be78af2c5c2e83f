"""From one token to an app that is installed by a click, and back: nothing that is stored is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

import aiohttp
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot import EVENTS_PATH
from bot.__main__ import main
from bot.app import Application
from bot.domain.audit import Action
from bot.domain.messages.uninstalling import APP_UNINSTALLED, TOKENS_REVOKED
from bot.manifest import optional_scopes, required_scopes
from bot.playground.training_suite import DEFAULT_TOKEN
from bot.playground.workspace import ME, ML_OPS, TRAINING, Delivery, Message, View
from bot.playground.workspace.dispatch.payloads import installation_callback
from bot.playground.workspace.oauth.grants import Approval, Grants
from bot.settings import Settings
from bot.tenants.sealing import new_key
from tests.e2e.by_click import HOME, KEY, ByClick, by_click
from tests.e2e.messages import text_of
from tests.e2e.test_setup import opened, shown, typed
from tests.e2e.world import JOB, World, world

_GRANTS = Grants.__dataclass_fields__
CLICK = {
    "slack_bot_token": SecretStr(""),
    "slack_client_id": _GRANTS["client_id"].default,
    "slack_client_secret": SecretStr(str(_GRANTS["client_secret"].default)),
    "secrets_keys": KEY,
}
NO_ORGANIZATION = {"simplismart_api_token": SecretStr(""), "simplismart_org_id": ""}
LISTED_SECONDS = 120
STRANGERS = "T0THEIRS01"
ONE = {"slack_client_id": None, "slack_client_secret": None}
"""One token, where the app was installed by a click."""


@asynccontextmanager
async def restarted(made: World, **settings: object) -> AsyncIterator[World]:
    """The same place once the operator has changed the settings and started the bot anew."""
    assert made.settings is not None
    await made.bot.stop(grace_seconds=1)
    given = {name: getattr(made.settings, name) for name in made.settings.model_fields_set} | settings
    values = Settings(_env_file=None, **given)  # type: ignore[arg-type]
    bot = Application(values, clock=made.clock)
    await bot.start()
    made.workspace.request_url = f"http://127.0.0.1:{bot.port}{EVENTS_PATH}"
    try:
        yield World(made.workspace, made.suite, made.clock, bot, values)
    finally:
        await bot.stop(grace_seconds=1)


def _posted(here: World, words: str, channel_id: str = TRAINING) -> list[Message]:
    said = here.workspace.messages(channel_id)
    return [one for one in said if words in text_of(one) and one.ephemeral_to is None]


async def _subscribed(here: World) -> None:
    await here.slash(f"subscribe {JOB}")
    await here.soon(lambda: _posted(here, "support-tone") or None)
    await here.slash("feed on failed", ML_OPS)
    await here.soon(lambda: _posted(here, "turned on the feed", ML_OPS) or None)
    await here.let_pass(LISTED_SECONDS, 6)


async def _with_time_zone(here: World) -> None:
    """A setting of the workspace's."""
    view = await opened(here)
    assert (await _submitted(here, view)).ok
    await shown(here, "Saved")


async def _submitted(here: World, view: View, key: str = "") -> Delivery:
    values = {"zone": {"zone": {"value": "Europe/Berlin"}}, **typed(here.suite.org_id, key)}
    return await here.workspace.submit_view(here.workspace.identity.visitor_id, view, values)


async def _goes_on(here: World, reason: str) -> None:
    """The job fails: its thread and the feed say so, once."""
    here.suite.set(JOB, status="FAILED", error_message=f"RuntimeError: {reason}")
    await here.let_pass(2 * LISTED_SECONDS, 12)
    assert len([each for each in _posted(here, reason) if each.thread_ts not in {None, each.ts}]) == 1
    assert len([each for each in _posted(here, reason, ML_OPS) if each.thread_ts in {None, each.ts}]) == 1
    async with here.stored() as store:
        [settings] = await store.settings.all_settings()
        assert (settings.team_id, settings.settings.time_zone) == (HOME, "Europe/Berlin")


@pytest.mark.parametrize("keeps_organization", [True, False])
async def test_from_a_token_to_a_click(*, keeps_organization: bool) -> None:
    """Until the workspace has installed the app nothing is told; with the same organization all goes on.

    Its key may stay among the settings, or be entered in Slack.
    """
    others = {} if keeps_organization else NO_ORGANIZATION
    async with world() as before, aiohttp.ClientSession() as session:
        await _subscribed(before)
        await _with_time_zone(before)
        settings = {**CLICK, "allowed_workspaces": HOME, **others}
        with capture_logs() as logs:
            async with restarted(before, **settings) as after:
                assert (await after.slash(JOB)).message is None
                already = len(after.workspace.calls_of("chat.postMessage"))
                await after.let_pass(LISTED_SECONDS, 6)
                assert len(after.workspace.calls_of("chat.postMessage")) == already
                assert await ByClick(after, session).install() == HTTPStatus.OK
                if not keeps_organization:
                    view = await opened(after)
                    assert (await _submitted(after, view, DEFAULT_TOKEN)).ok
                    await shown(after, "The key works")
                assert "support-tone" in text_of(await after.ask("subscriptions"))
                await _goes_on(after, "after the click")
        [waits] = [each for each in logs if each.get("team_id") == HOME and each["log_level"] == "error"]
        assert "install the app there" in waits["event"]
        assert "SLACK_BOT_TOKEN" not in waits["event"]


async def test_what_one_token_stored_lets_no_stranger_in() -> None:
    """Nobody is named: the database is its workspace's all the same, and a stranger is refused."""
    async with world() as before, aiohttp.ClientSession() as session:
        await _subscribed(before)
        async with restarted(before, **CLICK) as after:
            by_hand = ByClick(after, session)
            scopes = required_scopes() | optional_scopes()
            assert await by_hand.install_for(Approval(STRANGERS, ME, scopes)) == HTTPStatus.FORBIDDEN
            async with after.stored() as store:
                assert await store.installations.installations() == []
                tried = [(each.team_id, each.result) for each in await store.audit.entries(team_id=STRANGERS)]
            assert tried == [(STRANGERS, "denied")]
            assert await by_hand.install() == HTTPStatus.OK
            assert "support-tone" in text_of(await after.ask("subscriptions"))


@pytest.mark.parametrize("event", [APP_UNINSTALLED, TOKENS_REVOKED])
async def test_with_one_token_another_workspace_that_leaves_leaves_no_secret(event: str) -> None:
    """It has some from before, when it had installed the app; what is ours, or older than that, stays."""
    token, scopes = SecretStr(DEFAULT_TOKEN), required_scopes() | optional_scopes()
    async with by_click(allowed_workspaces=f"{HOME},{STRANGERS}") as made:
        assert await made.install() == HTTPStatus.OK
        org_id = made.world.suite.org_id
        await made.connect(org_id, DEFAULT_TOKEN)
        assert await made.install_for(Approval(STRANGERS, ME, scopes)) == HTTPStatus.OK
        async with made.world.stored() as store:
            [ours] = [each for each in await store.connections.connections() if each.team_id == HOME]
            await store.connections.connect(replace(ours, team_id=STRANGERS))
            found = {each.team_id: each for each in await store.installations.installations()}
        bot_user_id, installed_at = found[STRANGERS].bot_user_id, found[STRANGERS].installed_at
        identity = made.world.workspace.identity
        await made.world.let_pass(60)
        async with restarted(
            made.world,
            **ONE,
            slack_bot_token=SecretStr(identity.bot_token),
            simplismart_api_token=token,
            simplismart_org_id=org_id,
        ) as here:

            async def told(at: datetime, bot: str = bot_user_id) -> list[str]:
                """Whose secrets are left."""
                tokens = {"tokens": {"bot": [bot]}} if event == TOKENS_REVOKED else {}
                body = installation_callback(
                    identity, {"type": event, **tokens}, here.workspace.board.next_id("Ev"), at
                )
                theirs = body | {"team_id": STRANGERS, "authorizations": []}
                assert (await here.workspace.deliver_event(theirs)).ok
                async with here.stored() as store:
                    secrets = await store.secrets.secrets()
                    return sorted(each.place[0] for each in secrets)

            both = [HOME, HOME, STRANGERS, STRANGERS]
            assert await told(installed_at - timedelta(days=1)) == both
            if event == TOKENS_REVOKED:
                assert await told(here.clock.now(), "U0ANOTHER1") == both
            for _ in range(2):
                assert await told(here.clock.now()) == [HOME, HOME]
            async with here.stored() as store:
                trail = [each for each in await store.audit.entries() if each.action == Action.UNINSTALL]
            assert [(each.team_id, each.result) for each in trail] == [(STRANGERS, "done")]
            assert "support-tone" in text_of(await here.ask(JOB))


async def test_from_a_click_to_a_token_and_back(capsys: pytest.CaptureFixture[str]) -> None:
    """What is told goes on; sealed secrets stay, count again after the way back, and can be removed."""
    token = SecretStr(DEFAULT_TOKEN)
    async with by_click(allowed_workspaces=HOME) as made:
        assert await made.install() == HTTPStatus.OK
        await made.connect(made.world.suite.org_id, DEFAULT_TOKEN)
        await _subscribed(made.world)
        await _with_time_zone(made.world)
        one = {
            "slack_client_id": None,
            "slack_client_secret": None,
            "secrets_keys": None,
            "slack_bot_token": SecretStr(made.world.workspace.identity.bot_token),
            "simplismart_api_token": token,
            "simplismart_org_id": made.world.suite.org_id,
        }
        async with restarted(made.world, **one) as by_token:
            assert "support-tone" in text_of(await by_token.ask("subscriptions"))
            await _goes_on(by_token, "with the token")
            async with by_token.stored() as store:
                assert [each.api_key is not None for each in await store.connections.connections()] == [True]
                tokens = [each.tokens.bot_token for each in await store.installations.installations()]
            assert None not in tokens
            async with restarted(by_token, **CLICK, **NO_ORGANIZATION) as again:
                assert "support-tone" in text_of(await again.ask(JOB))
                await again.let_pass(4, 4)
            with pytest.MonkeyPatch.context() as patch:
                assert by_token.settings is not None
                patch.setenv("DATABASE_URL", by_token.settings.database_url)
                patch.setenv("SECRETS_KEYS", new_key())
                with pytest.raises(SystemExit) as ended:
                    await asyncio.to_thread(main, ["rekey", "--drop-secrets"])
            assert not ended.value.code, capsys.readouterr()
            async with by_token.stored() as store:
                assert [each.api_key for each in await store.connections.connections()] == [None]
                found = await store.installations.installations()
            assert [each.tokens.bot_token for each in found] == [None]

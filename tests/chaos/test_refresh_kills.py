"""kill -9 while a token is refreshed: the workspace keeps one that works, whoever dies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.domain.ports import SecretKind, StoredInstallation
from bot.playground.workspace import ME
from bot.playground.workspace.oauth.grants import Approval
from bot.tenants.installations import seal_tokens
from bot.tenants.rotation import CRASH_POINTS, REFRESH_KEPT
from bot.tenants.sealing import Sealer, new_key
from tests.chaos.world import World, world

REFRESHING = frozenset(CRASH_POINTS)
KEY = new_key()
SEALER = Sealer([KEY])


async def test_whoever_dies_over_a_token_loses_no_workspace(database_url: str, tmp_path: Path) -> None:
    """At each step; the next process asks Slack again, in the short while that it can."""
    async with world(database_url, tmp_path) as here:
        here.workspace.grants.rotates = True
        await _install(here)
        for point in CRASH_POINTS:
            before = await _bot_token(here)
            await _make_due(here)
            await here.death(here.start_worker(point, secrets_key=KEY), point)
            assert (await _bot_token(here) == before) == (point != REFRESH_KEPT)
            assert _works(here, await _bot_token(here))
            if point == REFRESH_KEPT:
                await _make_due(here)
            now = await _bot_token(here)
            worker = here.start_worker(secrets_key=KEY)

            async def is_refreshed(now: str = now) -> bool:
                return await _bot_token(here) != now

            await here.until_so(is_refreshed)
            assert _works(here, await _bot_token(here))
            here.kill(worker)
            await worker.died.wait()


async def _install(here: World) -> None:
    """The app is installed, as somebody's click does it."""
    grants, now, home_id = here.workspace.grants, here.clock.now(), here.workspace.identity.team_id
    code = grants.approve(Approval(home_id, ME, frozenset({"commands", "chat:write"})))
    app = {"client_id": grants.client_id, "client_secret": grants.client_secret}
    made = grants.access({**app, "code": code})
    tokens = seal_tokens(
        SEALER,
        home_id,
        SecretStr(made["access_token"]),
        SecretStr(made["refresh_token"]),
        expires_at=now + timedelta(hours=12),
        now=now,
    )
    installation = StoredInstallation(
        home_id,
        "",
        is_org_wide=False,
        app_id="A1",
        bot_user_id="U1",
        scopes=frozenset(),
        installer_user_id=ME,
        installed_at=now,
        tokens=tokens,
    )
    await here.store.installations.install(installation, is_first_only=True)


async def _make_due(here: World) -> None:
    (found,) = await here.store.installations.installations()
    due = replace(found, tokens=replace(found.tokens, refresh_at=here.clock.now()))
    await here.store.installations.install(due, is_first_only=True)


async def _bot_token(here: World) -> str:
    (found,) = await here.store.installations.installations()
    assert found.tokens.bot_token is not None
    return SEALER.open(SecretKind.BOT_TOKEN, found.team_id, found.tokens.bot_token).get_secret_value()


def _works(here: World, token: str) -> bool:
    return here.workspace.grants.find(token) is not None

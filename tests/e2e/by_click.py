"""A bot whose app is installed by a click, and somebody who installs it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from pydantic import SecretStr

from bot import INSTALL_PATH, OAUTH_REDIRECT_PATH
from bot.domain.ports import Connection, SecretKind
from bot.playground.workspace import ME
from bot.playground.workspace.oauth.grants import Approval, Grants
from bot.tenants.sealing import Sealer, new_key
from tests.e2e.world import World, world

KEY = new_key()
HOME = "T0PLAYGRND"
NOTICED_SECONDS = 4
"""Until every process has read what was written."""


@dataclass
class ByClick:
    """A world in which nobody has installed the app yet, and a browser."""

    world: World
    session: aiohttp.ClientSession

    @property
    def grants(self) -> Grants:
        """What Slack handed out."""
        return self.world.workspace.grants

    async def install(self, **declined: bool) -> int:
        """Through every page, with one's own hands; the last one's status."""
        bot, slack = f"http://127.0.0.1:{self.world.bot.port}", self.world.workspace.base_url
        self.world.workspace.world.redirect_url = f"{bot}{OAUTH_REDIRECT_PATH}"
        async with self.session.get(f"{bot}{INSTALL_PATH}") as page:
            cookie = page.headers["Set-Cookie"].partition(";")[0]
            (address,) = [each.split('"')[0] for each in (await page.text()).split('href="')[1:]]
        asked = dict(parse_qsl(urlsplit(address.replace("&amp;", "&")).query))
        assert address.startswith(f"{slack}/oauth/v2/authorize?")
        optional = [scope for scope in asked["scope"].split(",") if not declined.get(scope, False)]
        form = [*asked.items(), ("answer", "allow"), *(("optional", scope) for scope in optional)]
        url = f"{slack}/oauth/v2/authorize"
        async with self.session.post(url, data=form, allow_redirects=False) as answer:
            back = answer.headers["Location"]
        async with self.session.get(back, headers={"Cookie": cookie}) as page:
            status = page.status
        await self.noticed()
        return status

    async def noticed(self) -> None:
        """Every process has read what was written."""
        await self.world.let_pass(NOTICED_SECONDS, NOTICED_SECONDS)

    async def connect(self, org_id: str, key: str, *, team_id: str = HOME, channel_id: str = "") -> None:
        """As setup does it."""
        sealed = Sealer([KEY]).seal(SecretKind.API_KEY, org_id, SecretStr(key))
        async with self.world.stored() as store:
            now = self.world.clock.now()
            await store.connections.connect(Connection(team_id, channel_id, "", org_id, sealed, ME, now))
        await self.noticed()

    def code(self, approval: Approval) -> str:
        """Somebody said yes elsewhere."""
        return self.grants.approve(approval)


@asynccontextmanager
async def by_click(
    *, rotates: bool = False, org_id: str | None = "", **settings: object
) -> AsyncIterator[ByClick]:
    """The bot, over HTTP; nobody has installed the app. Without an organization of the settings."""
    grants = Grants.__dataclass_fields__
    values = {
        "slack_bot_token": SecretStr(""),
        "simplismart_api_token": SecretStr(""),
        "slack_client_id": grants["client_id"].default,
        "slack_client_secret": SecretStr(grants["client_secret"].default),
        "secrets_keys": KEY,
        **settings,
    }
    async with world("http", org_id=org_id, **values) as made, aiohttp.ClientSession() as session:  # type: ignore[arg-type]
        made.workspace.grants.rotates = rotates
        yield ByClick(made, session)

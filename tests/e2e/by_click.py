"""A bot whose app is installed by a click, and somebody who installs it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp
from pydantic import SecretStr

from bot import INSTALL_PATH, OAUTH_REDIRECT_PATH
from bot.domain.ports import Connection, SecretKind
from bot.playground.workspace import ME
from bot.playground.workspace.oauth.grants import Approval, Grants
from bot.tenants.sealing import Sealer, new_key
from tests.e2e.world import Transport, World, world

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

    async def install(self, *, patiently: bool = True) -> int:
        """Through every page, with one's own hands; the last one's status."""
        asked, cookie = await self.begin()
        optional = [("optional", scope) for scope in asked["scope"].split(",")]
        url = f"{self.world.workspace.base_url}/oauth/v2/authorize"
        form = [*asked.items(), ("answer", "allow"), *optional]
        async with self.session.post(url, data=form, allow_redirects=False) as answer:
            back = answer.headers["Location"]
        return await self.come_back(back, cookie, patiently=patiently)

    async def install_for(self, approval: Approval) -> int:
        """Somebody says yes to this, wherever Slack asked them."""
        asked, cookie = await self.begin()
        query = urlencode({"code": self.grants.approve(approval), "state": asked["state"]})
        return await self.come_back(f"{self.address}{OAUTH_REDIRECT_PATH}?{query}", cookie)

    @property
    def team_id(self) -> str:
        """Where it is installed."""
        return self.world.workspace.identity.team_id

    @property
    def address(self) -> str:
        """Where the bot is served."""
        return f"http://127.0.0.1:{self.world.bot.port}"

    async def begin(self) -> tuple[dict[str, str], str]:
        """What Slack's page is asked, and the cookie."""
        self.world.workspace.world.redirect_url = f"{self.address}{OAUTH_REDIRECT_PATH}"
        async with self.session.get(f"{self.address}{INSTALL_PATH}?team={self.team_id}") as page:
            cookie = page.headers["Set-Cookie"].partition(";")[0]
            (address,) = [each.split('"')[0] for each in (await page.text()).split('href="')[1:]]
        assert address.startswith(f"{self.world.workspace.base_url}/oauth/v2/authorize?")
        return dict(parse_qsl(urlsplit(address.replace("&amp;", "&")).query)), cookie

    async def come_back(self, address: str, cookie: str, *, patiently: bool = True) -> int:
        """Open Slack's way back with this cookie; the page's status."""
        async with self.session.get(address, headers={"Cookie": cookie}) as page:
            status = page.status
        if patiently:
            await self.noticed()
        return status

    async def noticed(self) -> None:
        """Every process has read what was written."""
        await self.world.let_pass(NOTICED_SECONDS, NOTICED_SECONDS)

    async def connect(self, org_id: str, key: str, *, enterprise_id: str = "") -> None:
        """As setup does it."""
        sealed = Sealer([KEY]).seal(SecretKind.API_KEY, org_id, SecretStr(key))
        async with self.world.stored() as store:
            now = self.world.clock.now()
            await store.connections.connect(
                Connection(self.team_id, "", enterprise_id, org_id, sealed, ME, now)
            )
        await self.noticed()


@asynccontextmanager
async def by_click(
    transport: Transport = "http", *, rotates: bool = False, org_id: str | None = "", **settings: object
) -> AsyncIterator[ByClick]:
    """The bot; nobody has installed the app. Without an organization of the settings."""
    grants = Grants.__dataclass_fields__
    values = {
        "slack_bot_token": SecretStr(""),
        "simplismart_api_token": SecretStr(""),
        "slack_client_id": grants["client_id"].default,
        "slack_client_secret": SecretStr(grants["client_secret"].default),
        "secrets_keys": KEY,
        **settings,
    }
    async with world(transport, org_id=org_id, **values) as made, aiohttp.ClientSession() as session:  # type: ignore[arg-type]
        made.workspace.grants.rotates = rotates
        yield ByClick(made, session)

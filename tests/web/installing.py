"""The whole installation over HTTP: our server, a database, a made-up Slack, and people's browsers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from pydantic import SecretStr

from bot import INSTALL_PATH, OAUTH_REDIRECT_PATH
from bot.handlers.audit import add
from bot.manifest import optional_scopes, required_scopes
from bot.playground.clock import InstantClock, ManualClock
from bot.playground.serving import serving
from bot.playground.workspace import ME, Workspace
from bot.playground.workspace.oauth.grants import Approval
from bot.readiness import Readiness
from bot.slack.gateway import open_session
from bot.slack.oauth import OAuthCalls
from bot.store.store import DatabaseStore, open_store
from bot.tasks import Supervisor
from bot.tenants import pages
from bot.tenants.install_flow import App, InstallFlow
from bot.tenants.installations import Installations
from bot.tenants.sealing import Sealer, new_key
from bot.web.install_door import InstallDoor
from bot.web.server import WebServer
from tests.databases import fresh_database

SCOPES = required_scopes() | optional_scopes()


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser got."""

    status: int
    text: str
    headers: Mapping[str, str]


@dataclass
class Browser:
    """Keeps the cookies that it is sent, over plain HTTP too: our own server has no TLS in tests."""

    session: aiohttp.ClientSession
    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    set_cookie: str = ""
    """The last header that set one."""

    async def get(self, path: str) -> Page:
        """A page of our server's."""
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": sent} if sent else {}
        async with self.session.get(
            f"{self.address}{path}", headers=headers, allow_redirects=False
        ) as answer:
            for header in answer.headers.getall("Set-Cookie", []):
                self.set_cookie = header
                for name, morsel in SimpleCookie(header).items():
                    self.cookies[name] = morsel.value
            return Page(answer.status, await answer.text(), answer.headers)

    async def begin(self, query: str = "") -> dict[str, str]:
        """The page where it begins: what the address of its button says."""
        page = await self.get(f"{INSTALL_PATH}{query}")
        assert page.status == 200
        (href,) = [part.split('"')[0] for part in page.text.split('href="')[1:]]
        return dict(parse_qsl(urlsplit(href.replace("&amp;", "&")).query, keep_blank_values=True))

    async def come_back(self, **query: str) -> Page:
        """Slack sends the browser back with this."""
        text = "&".join(f"{name}={value}" for name, value in query.items())
        return await self.get(f"{OAUTH_REDIRECT_PATH}?{text}")


@dataclass
class Installing:
    """Everybody who takes part."""

    workspace: Workspace
    clock: ManualClock
    calling: InstantClock
    """Of whoever calls Slack, which waits for nothing."""
    store: DatabaseStore
    sealer: Sealer
    browser: Browser
    database: Path
    """The file it is in."""

    def another_browser(self) -> Browser:
        """Somebody else's, or another of the same person."""
        return Browser(self.browser.session, self.browser.address)

    def approved(self, team_id: str = "T0PLAYGRND", **more: str | bool) -> str:
        """Somebody says yes in Slack: the code."""
        approval = Approval(team_id, ME, frozenset(SCOPES), **more)  # type: ignore[arg-type]
        return self.workspace.grants.approve(approval)

    async def install(self, team_id: str = "T0PLAYGRND", **more: str | bool) -> Page:
        """The whole way, in a browser of its own."""
        browser = self.another_browser()
        state = (await browser.begin())["state"]
        return await browser.come_back(code=self.approved(team_id, **more), state=state)

    async def refused(self, page: Page, status: int, word: str) -> None:
        """The page says so; nothing is stored."""
        assert (page.status, word in page.text) == (status, True), page.text
        assert await self.store.installations.installations() == []

    def asked(self, method: str = "oauth.v2.access") -> int:
        """How often Slack was."""
        return len(self.workspace.calls_of(method))


@asynccontextmanager
async def installing(tmp_path: Path, *allowed: str, rotates: bool = False) -> AsyncIterator[Installing]:
    """A fresh server over an empty database. ``allowed``: which workspaces may install; none: the first."""
    clock, sealer = ManualClock(), Sealer([new_key()])
    workspace = Workspace(clock)
    workspace.grants.rotates = rotates
    context = fresh_database("sqlite", tmp_path)
    database = await asyncio.to_thread(context.__enter__)
    store = open_store(database)
    async with (
        serving(workspace.app()) as slack,
        open_session() as session,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as people,
    ):
        workspace.base_url = slack
        grants = workspace.grants
        secret = SecretStr(grants.client_secret)
        calling = InstantClock()
        oauth = OAuthCalls(session, f"{slack}/api/", grants.client_id, secret, calling, lambda: 0.5)
        app = App(
            grants.client_id,
            secret,
            SCOPES,
            slack,
            INSTALL_PATH,
            OAUTH_REDIRECT_PATH,
            "/job",
        )
        may, trail = frozenset(allowed) if allowed else None, partial(add, store.audit)
        kept = Installations(store.installations, sealer, clock, may, changed=nothing_changes, audit=trail)
        flow = InstallFlow(app, oauth, store.installations, kept, clock)
        server = WebServer(None, _ready, clock, Supervisor(clock), install=InstallDoor(flow, pages.HEADERS))
        port = await server.start("127.0.0.1", 0, grace_seconds=0.1)
        workspace.world.redirect_url = f"http://127.0.0.1:{port}{OAUTH_REDIRECT_PATH}"
        browser = Browser(people, f"http://127.0.0.1:{port}")
        try:
            file = Path(database.removeprefix("sqlite:///"))
            yield Installing(workspace, clock, calling, store, sealer, browser, file)
        finally:
            await server.stop()
            await workspace.aclose()
            await store.database.close()


async def nothing_changes() -> None:
    """Nobody is there to whom it counts."""


async def _ready() -> Readiness:
    return Readiness({})

"""The playground's second workspace, as its pages serve it."""

from __future__ import annotations

import aiohttp

from bot.playground.server import playground
from bot.playground.training_suite.second_catalogue import SECOND_ORG_ID
from bot.playground.workspace.second_identity import ROBOTS


async def _state(session: aiohttp.ClientSession, path: str) -> dict[str, object]:
    async with session.get(f"{path}playground/state") as response:
        return dict(await response.json())


async def test_each_workspace_has_a_page_of_its_own() -> None:
    """With its own people, channels and jobs; only the second one is to be installed."""
    async with playground() as address, aiohttp.ClientSession(address) as session:
        first, second = await _state(session, "/"), await _state(session, "/orchard/")
        assert first["workspace"] == {
            "name": "Playground",
            "is_installed": True,
            "install_path": "",
            "account": {},
        }
        assert second["workspace"] == {
            "name": "Orchard",
            "is_installed": False,
            "install_path": "/slack/install?team=T0ORCHARD1",
            "account": {"org": SECOND_ORG_ID, "key": "orchard-demo-key"},
        }
        assert second["messages"] == []
        for what in ("users", "channels", "jobs"):
            ours, theirs = (str(each[what]) for each in (first, second))
            assert ours != theirs
        async with session.post(
            "/orchard/playground/command", json={"channel_id": ROBOTS, "text": "/job help"}
        ) as response:
            assert "not installed" in await response.text()


async def test_pages_of_the_installation_stay_on_this_address() -> None:
    """Whoever comes through a tunnel reaches no other; and nobody else's page can answer Slack's."""
    async with (
        playground() as address,
        aiohttp.ClientSession(address, cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):
        async with session.get("/slack/install?team=T0ORCHARD1") as page:
            text, cookie = await page.text(), page.headers["Set-Cookie"]
        assert 'href="/oauth/v2/authorize?' in text
        assert cookie.startswith("jobbot-install=")
        assert "Secure" not in cookie
        foreign = {"Origin": "http://evil.example"}
        async with session.post("/oauth/v2/authorize", data={"answer": "allow"}, headers=foreign) as answer:
            assert answer.status == 403
        async with session.get("/app_redirect?team=T0ORCHARD1", allow_redirects=False) as back:
            assert back.headers["Location"] == "/orchard/"
        await session.post("/playground/bot", json={"running": False})
        async with session.get("/slack/install") as page:
            assert (page.status, "stopped" in await page.text()) == (503, True)

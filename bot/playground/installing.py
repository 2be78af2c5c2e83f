"""How the app comes into a workspace before anybody looks: as an admin does it, by a click and `setup`."""

from __future__ import annotations

import re
from typing import Final

import aiohttp

from bot import INSTALL_PATH, OAUTH_REDIRECT_PATH
from bot.cards.setup.form import KEY, ORG
from bot.playground.training_suite import TrainingSuite
from bot.playground.workspace import View, Workspace

_STATE: Final = re.compile(r"[?&;]state=([^&\"]+)")


async def install(workspace: Workspace, user_id: str, bot_url: str) -> None:
    """Through the bot's pages; Slack's is answered with [Allow]."""
    team = {"team": workspace.identity.team_id}
    async with aiohttp.ClientSession(bot_url, cookie_jar=aiohttp.DummyCookieJar()) as session:
        async with session.get(INSTALL_PATH, params=team) as page:
            cookie = page.headers["Set-Cookie"].partition(";")[0]
            (state,) = _STATE.findall(await page.text())
        back = {"state": state, "code": workspace.authorize_page.allow(user_id, workspace.scopes)}
        async with session.get(OAUTH_REDIRECT_PATH, params=back, headers={"Cookie": cookie}) as page:
            page.raise_for_status()


async def set_up(workspace: Workspace, user_id: str, channel_id: str, suite: TrainingSuite) -> None:
    """Connect the organization, in the window that `setup` opens."""
    await workspace.slash(channel_id, user_id, "setup")

    def window(*, asks: bool) -> View | None:
        """The window to fill in; else the one that says how that went."""
        views = workspace.views_of(user_id)
        return next(
            (each for each in views if _asks(each) is asks and "external_id" not in each.content), None
        )

    view = await workspace.wait_for(lambda: window(asks=True))
    typed = ((ORG, suite.org_id), (KEY, suite.token))
    await workspace.submit_view(user_id, view, {name: {name: {"value": value}} for name, value in typed})
    await workspace.close_view(user_id, await workspace.wait_for(lambda: window(asks=False)))


def _asks(view: View) -> bool:
    return "submit" in view.content

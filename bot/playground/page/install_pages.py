"""The pages on which the app is installed, at the page's own address: the bot's, and Slack's between them.

The bot and the made-up Slack have ports of their own, which whoever comes through a tunnel does not reach.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import aiohttp
from aiohttp import web

from bot import INSTALL_PATH, OAUTH_REDIRECT_PATH
from bot.playground.workspace.oauth.authorize_page import AUTHORIZE_PATH
from bot.playground.workspace.slack import APP_REDIRECT_PATH, Slack
from bot.tenants.states import COOKIE

_PLAIN: Final = COOKIE.removeprefix("__Host-")
"""Not every browser keeps a secure cookie of a page without TLS, also on this machine."""
_PASSED_ON: Final = ("Content-Type", "Content-Security-Policy", "Referrer-Policy")
_STOPPED: Final = "The bot is stopped: run it again in the playground's panel, and reload this page."


class InstallPages:
    """``bot_url``: where the bot answers; None while it is stopped. ``homes``: the workspaces' pages."""

    def __init__(self, slack: Slack, bot_url: Callable[[], str | None], homes: Mapping[str, str]) -> None:
        self._slack = slack
        self._bot_url = bot_url
        self._homes = homes

    def routes(self) -> Sequence[web.RouteDef]:
        """What to add to the page's application."""
        return (
            web.get(INSTALL_PATH, self._of_bot),
            web.get(OAUTH_REDIRECT_PATH, self._of_bot),
            web.get(AUTHORIZE_PATH, self._slack.show_authorize_page),
            web.post(AUTHORIZE_PATH, self._slack.answer_authorize_page),
            web.get(APP_REDIRECT_PATH, self._to_workspace),
        )

    async def _of_bot(self, request: web.Request) -> web.Response:
        """The bot's page; its links to Slack lead to Slack's pages here."""
        url = self._bot_url()
        if url is None:
            return web.Response(text=_STOPPED, status=503)
        headers = {"Cookie": request.headers.get("Cookie", "").replace(f"{_PLAIN}=", f"{COOKIE}=")}
        try:
            async with (
                aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
                session.get(f"{url}{request.rel_url}", headers=headers) as answer,
            ):
                text = (await answer.text()).replace(f'"{self._slack.base_url}/', '"/')
        except aiohttp.ClientError:
            return web.Response(text=_STOPPED, status=503)
        kept = {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
        response = web.Response(status=answer.status, text=text, headers=kept)
        for cookie in answer.headers.getall("Set-Cookie", []):
            plain = cookie.replace(f"{COOKIE}=", f"{_PLAIN}=").replace("; Secure", "")
            response.headers.add("Set-Cookie", plain)
        return response

    async def _to_workspace(self, request: web.Request) -> web.Response:
        """Slack opens the workspace."""
        home = self._homes.get(request.query.get("team", ""), "/")
        return web.Response(status=302, headers={"Location": home})

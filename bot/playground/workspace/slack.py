"""One Slack with several workspaces: one address, one app, which each of them may install."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from bot.playground.workspace.oauth.authorize_page import AUTHORIZE_PATH
from bot.playground.workspace.refusal import Refusal
from bot.playground.workspace.web_api.arguments import read_arguments
from bot.playground.workspace.web_api.web_api import token_of
from bot.playground.workspace.workspace import Workspace

APP_REDIRECT_PATH = "/app_redirect"


class Slack:
    """Brings each request to the workspace it is about: by its token, or by the workspace it names.

    What the app has but once is shared: codes and tokens, and its websockets. What names no workspace is
    the first one's.
    """

    def __init__(self, workspaces: Sequence[Workspace]) -> None:
        self._first = workspaces[0]
        self._workspaces = {each.identity.team_id: each for each in workspaces}
        for each in workspaces[1:]:
            each.world.grants = self._first.grants
            each.dispatcher.socket = self._first.socket

    def app(self) -> web.Application:
        """The aiohttp application to serve."""
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_post("/respond/{team}/{ticket}", self._respond)
        app.router.add_get("/link/", self._first.socket.answer)
        app.router.add_get(AUTHORIZE_PATH, self.show_authorize_page)
        app.router.add_post(AUTHORIZE_PATH, self.answer_authorize_page)
        return app

    @property
    def workspaces(self) -> Sequence[Workspace]:
        """All of them, the first one first."""
        return tuple(self._workspaces.values())

    @property
    def base_url(self) -> str:
        """Where it is served, without a slash at the end."""
        return self._first.base_url

    async def show_authorize_page(self, request: web.Request) -> web.Response:
        """The page that asks whether the app may be installed."""
        return await self.named(request.query.get("team", "")).authorize_page.show(request)

    async def answer_authorize_page(self, request: web.Request) -> web.Response:
        """A button of it."""
        team = (await request.post()).get("team", "")
        return await self.named(str(team)).authorize_page.answer(request)

    def named(self, team_id: str) -> Workspace:
        """The workspace with this ID; the first one where there is none."""
        return self._workspaces.get(team_id, self._first)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        try:
            token = token_of(request, await read_arguments(request))
        except Refusal:  # which the workspace says again
            token = ""
        own = (each for each in self._workspaces.values() if each.identity.bot_token == token)
        found = next(own, None) or self.named(self._first.grants.home_of(token))
        return await found.web_api.answer(request)

    async def _respond(self, request: web.Request) -> web.Response:
        return await self.named(request.match_info["team"]).response_urls.answer(request)

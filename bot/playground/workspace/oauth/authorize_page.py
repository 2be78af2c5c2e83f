"""Slack's own page of the installation: what the app wants, with [Allow] and [Cancel].

The optional scopes, those that the app's manifest says are, can be declined one by one.
"""

from __future__ import annotations

from html import escape
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from bot.manifest import optional_scopes
from bot.playground.workspace.oauth.grants import Approval
from bot.playground.workspace.world import World

AUTHORIZE_PATH: Final = "/oauth/v2/authorize"

_HTML: Final = "text/html"


class AuthorizePage:
    """``/oauth/v2/authorize``; `World.redirect_url` is where the app's configuration sends people back to."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def show(self, request: web.Request) -> web.Response:
        """The page."""
        if (refused := self._refused(request)) is not None:
            return refused
        query = request.query
        asked = [scope for scope in query.get("scope", "").split(",") if scope]
        optional = optional_scopes()
        wanted = "".join(f"<li>{escape(scope)}</li>" for scope in asked if scope not in optional)
        declinable = "".join(
            f'<label><input type="checkbox" name="optional" value="{escape(scope)}" checked> '
            f"{escape(scope)}</label><br>"
            for scope in asked
            if scope in optional
        )
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{escape(query.get(name, ""))}">'
            for name in ("state", "scope", "team", "client_id")
        )
        page = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Slack</title>'
            "<h1>Training jobs is requesting permission to access Slack</h1>"
            f"<ul>{wanted}</ul><form method=post>{hidden}{declinable}"
            "<button name=answer value=allow>Allow</button> "
            "<button name=answer value=cancel>Cancel</button></form></html>"
        )
        return web.Response(text=page, content_type=_HTML)

    async def answer(self, request: web.Request) -> web.Response:
        """A button of the page: people are sent back to the app."""
        form = await request.post()
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        back = {"state": fields.get("state", "")}
        if fields.get("answer") != "allow":
            return self._back({"error": "access_denied", **back})
        declined = optional_scopes() - frozenset(map(str, form.getall("optional", [])))
        asked = frozenset(filter(None, fields.get("scope", "").split(",")))
        identity = self._world.identity
        approval = Approval(
            team_id=fields.get("team") or identity.team_id,
            user_id=identity.visitor_id,
            scopes=asked - declined,
            enterprise_id=identity.enterprise_id or "",
            bot_user_id=identity.bot_user_id,
            team_name=identity.team_name,
        )
        self._world.is_installed = True
        return self._back({"code": self._world.grants.approve(approval), **back})

    def _refused(self, request: web.Request) -> web.Response | None:
        if request.query.get("client_id") == self._world.grants.client_id:
            return None
        return web.Response(status=400, text="<p>Invalid client_id parameter</p>", content_type=_HTML)

    def _back(self, query: dict[str, str]) -> web.Response:
        return web.Response(
            status=302, headers={"Location": f"{self._world.redirect_url}?{urlencode(query)}"}
        )

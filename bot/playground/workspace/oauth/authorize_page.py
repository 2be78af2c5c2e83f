"""Slack's own page of the installation: what the app wants, with [Allow] and [Cancel].

The optional scopes, those that the app's manifest says are, can be declined one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from bot.manifest import optional_scopes
from bot.playground.workspace.oauth.grants import Approval
from bot.playground.workspace.world import World

AUTHORIZE_PATH: Final = "/oauth/v2/authorize"

_HTML: Final = "text/html"
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
    # With no referrer at all the form would not say where it was sent from.
    "Referrer-Policy": "same-origin",
}
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#1d1c1d;background:#f4f2f6}"
    "main{max-width:32rem;margin:6vh auto;padding:1.5rem 2rem;border-radius:.75rem;background:#fff}"
    "h1{font-size:1.4rem;line-height:1.3;margin:.25rem 0 1rem}h2,legend{font-size:1rem;font-weight:700}"
    "p{margin:0;color:#57545e}ul{margin:.25rem 0 1rem;padding-left:1.25rem;columns:2}h2{margin:0}"
    "fieldset{margin:0 0 1.25rem;padding:0;border:0}label{display:block;padding:.2rem 0}"
    "button{font:inherit;font-weight:600;min-height:2.5rem;padding:0 1.1rem;border:1px solid #86828d;"
    "border-radius:.35rem;background:#fff;color:#1d1c1d;cursor:pointer}"
    "button[value=allow]{border-color:#006b50;background:#006b50;color:#fff}"
    "@media(max-width:480px){main{margin:0;border-radius:0;min-height:100vh;padding:1.25rem;box-sizing:border-box}}"
    "@media(prefers-color-scheme:dark){body{color:#e3e4e6;background:#101214}main{background:#1a1d21}"
    "p{color:#adb1b7}button{background:#23272c;color:#e3e4e6;border-color:#7d838b}"
    "button[value=allow]{border-color:#0c7a5d;background:#0c7a5d}}"
)


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
            f"{escape(scope)}</label>"
            for scope in asked
            if scope in optional
        )
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{escape(query.get(name, ""))}">'
            for name in ("state", "scope", "team", "client_id")
        )
        name = escape(self._world.identity.team_name)
        page = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>Slack | {name}</title><style>{_STYLE}</style></head><body><main>"
            f"<p>{name} in the playground's Slack</p>"
            "<h1>Training jobs is requesting permission to access Slack</h1>"
            f"<h2>It will be able to use</h2><ul>{wanted}</ul><form method=post>{hidden}"
            f"<fieldset><legend>Optional</legend>{declinable}</fieldset>"
            "<p><button name=answer value=allow>Allow</button> "
            "<button name=answer value=cancel>Cancel</button></p></form></main></body></html>"
        )
        return web.Response(text=page, content_type=_HTML, headers=_HEADERS)

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
        team_id = fields.get("team") or identity.team_id
        return self._back({"code": self.allow(identity.visitor_id, asked - declined, team_id), **back})

    def allow(self, user_id: str, scopes: Iterable[str], team_id: str = "") -> str:
        """This person says yes to these scopes: the app is installed, and the code is for it."""
        identity = self._world.identity
        self._world.is_installed = True
        approval = Approval(
            team_id=team_id or identity.team_id,
            user_id=user_id,
            scopes=frozenset(scopes),
            enterprise_id=identity.enterprise_id or "",
            bot_user_id=identity.bot_user_id,
            team_name=identity.team_name,
        )
        return self._world.grants.approve(approval)

    def _refused(self, request: web.Request) -> web.Response | None:
        if request.query.get("client_id") == self._world.grants.client_id:
            return None
        return web.Response(status=400, text="<p>Invalid client_id parameter</p>", content_type=_HTML)

    def _back(self, query: dict[str, str]) -> web.Response:
        return web.Response(
            status=302, headers={"Location": f"{self._world.redirect_url}?{urlencode(query)}"}
        )

"""Who the app is, who people are, and the door to Socket Mode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.playground.workspace.arguments import text_of
from bot.playground.workspace.objects import user_object
from bot.playground.workspace.refusal import refuse
from bot.playground.workspace.world import World


def api_test(_world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`api.test`: the arguments come back; ``error`` makes it fail with that code."""
    error = text_of(arguments, "error")
    if error:
        refuse(error, args=dict(arguments))
    return {"ok": True, "args": dict(arguments)}


def auth_test(world: World, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`auth.test`."""
    identity = world.identity
    return {
        "ok": True,
        "url": f"https://{identity.team_domain}.slack.com/",
        "team": identity.team_domain,
        "user": world.board.users[identity.bot_user_id].name,
        "team_id": identity.team_id,
        "user_id": identity.bot_user_id,
        "bot_id": identity.bot_id,
        "is_enterprise_install": False,
        **({"enterprise_id": identity.enterprise_id} if identity.enterprise_id else {}),
    }


def users_info(world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`users.info`."""
    user = world.board.users.get(text_of(arguments, "user"))
    if user is None:
        refuse("user_not_found")
    return {"ok": True, "user": user_object(user, world.identity)}


def connections_open(world: World, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`apps.connections.open`: an address that takes one websocket, once."""
    ticket = world.links.issue(world.identity.api_app_id)
    host = world.base_url.removeprefix("http")
    return {"ok": True, "url": f"ws{host}/link/?ticket={ticket}&app_id={world.identity.api_app_id}"}

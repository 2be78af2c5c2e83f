"""Who the app is, who people are, and the door to Socket Mode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.playground.workspace.refusal import Refusal, refuse
from bot.playground.workspace.web_api.arguments import text_of
from bot.playground.workspace.web_api.checks import check_message, check_view
from bot.playground.workspace.web_api.objects import user_object
from bot.playground.workspace.world import World


def api_test(_world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`api.test`: the arguments come back; ``error`` makes it fail with that code."""
    error = text_of(arguments, "error")
    if error:
        refuse(error, args=dict(arguments))
    return {"ok": True, "args": dict(arguments)}


def auth_test(world: World, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`auth.test`."""
    identity, caller = world.identity, world.caller
    approval = None if caller is None else caller.approval
    enterprise_id = identity.enterprise_id if approval is None else approval.enterprise_id
    return {
        "ok": True,
        "url": f"https://{identity.team_domain}.slack.com/",
        "team": identity.team_domain,
        "user": world.board.users[identity.bot_user_id].name,
        "team_id": identity.team_id if approval is None else approval.home_id,
        "user_id": identity.bot_user_id,
        "bot_id": identity.bot_id,
        "is_enterprise_install": approval is not None and approval.is_org_wide,
        **({"enterprise_id": enterprise_id} if enterprise_id else {}),
    }


def auth_revoke(world: World, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`auth.revoke`: without token rotation the installation is over with its token."""
    if world.caller is None:
        world.is_installed = False
    else:
        world.caller.is_revoked = True
    return {"ok": True, "revoked": True}


def oauth_access(world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`oauth.v2.access`."""
    return world.grants.access(arguments)


def blocks_validate(world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`blocks.validate`: exactly one of ``blocks``, ``message`` and ``view``, each as JSON text.

    Source: https://docs.slack.dev/reference/methods/blocks.validate
    """
    if not world.faults.knows_validation:
        refuse("unknown_method", req_method="blocks.validate")
    given = [name for name in ("blocks", "message", "view") if arguments.get(name) is not None]
    if len(given) != 1:
        refuse("invalid_arguments")
    (kind,) = given
    content = arguments[kind]
    if isinstance(content, str):
        refuse("invalid_json")
    try:
        if kind == "view":
            check_view(content, str(content.get("type")) if isinstance(content, dict) else "")
        else:
            message = {"text": "-", "blocks": content} if kind == "blocks" else content
            check_message(message, lacks=world.faults.lacks)
    except Refusal as refusal:
        problems = refusal.messages or (refusal.code,)
        errors = [{"pointer": "/blocks", "code": "failed_constraint", "message": each} for each in problems]
        refuse(f"invalid_{kind}", errors=errors)
    return {"ok": True}


def users_info(world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`users.info`."""
    user = world.board.users.get(text_of(arguments, "user"))
    if user is None:
        refuse("user_not_found")
    return {"ok": True, "user": user_object(user, world.identity)}


def group_users(world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`usergroups.users.list`."""
    group = world.board.groups.get(text_of(arguments, "usergroup"))
    if group is None:
        refuse("no_such_subteam")
    return {"ok": True, "users": sorted(group)}


def groups(world: World, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`usergroups.list`: those that are not disabled."""
    names = world.board.group_handles
    listed = [{"id": each, "handle": names.get(each, each.lower())} for each in sorted(world.board.groups)]
    return {"ok": True, "usergroups": listed}


def connections_open(world: World, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`apps.connections.open`: an address that takes one websocket, once."""
    ticket = world.links.issue(world.identity.api_app_id)
    host = world.base_url.removeprefix("http")
    return {"ok": True, "url": f"ws{host}/link/?ticket={ticket}&app_id={world.identity.api_app_id}"}

"""`views.*`: modals and the Home tab.

Source: https://docs.slack.dev/reference/methods/views.open and its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.playground.workspace.model import View
from bot.playground.workspace.refusal import refuse
from bot.playground.workspace.web_api.arguments import text_of
from bot.playground.workspace.web_api.checks import check_view
from bot.playground.workspace.web_api.objects import view_object
from bot.playground.workspace.world import World


def open_(world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`views.open`: a trigger is good once, within 3 seconds."""
    trigger_id = text_of(arguments, "trigger_id")
    if not trigger_id:
        refuse("invalid_arguments", messages=["missing required field: trigger_id"])
    user_id = world.triggers.check(
        trigger_id, unknown="invalid_trigger_id", expired="expired_trigger_id", used="exchanged_trigger_id"
    )
    content = check_view(arguments.get("view"), "modal")
    world.triggers.use(trigger_id)
    return _answer(world, world.board.open_view(user_id, content))


def update(world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`views.update`: only while the modal is open; ``hash`` guards against a newer one."""
    view = _open_view(world, arguments)
    if view is None:
        refuse("not_found")
    sent_hash = text_of(arguments, "hash")
    if sent_hash and sent_hash != view.hash:
        refuse("hash_conflict")
    world.board.update_view(view, check_view(arguments.get("view"), "modal"))
    return _answer(world, view)


def publish(world: World, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`views.publish`: a person's Home tab."""
    user_id = text_of(arguments, "user_id")
    if user_id not in world.board.users:
        refuse("user_not_found")
    content = check_view(arguments.get("view"), "home")
    return _answer(world, world.board.publish_home(user_id, content))


def _open_view(world: World, arguments: Mapping[str, Any]) -> View | None:
    external_id = text_of(arguments, "external_id")
    if external_id:
        views = world.board.views.values()
        return next((view for view in views if view.content.get("external_id") == external_id), None)
    return world.board.views.get(text_of(arguments, "view_id"))


def _answer(world: World, view: View) -> Mapping[str, Any]:
    return {"ok": True, "view": view_object(view, world.identity)}

"""What Slack sends to an app about its views: modals and the Home tab.

Source: https://docs.slack.dev/reference/interaction-payloads, …/reference/events/app_home_opened
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.playground.workspace.dispatch.payloads import callback, interaction
from bot.playground.workspace.identity import Identity
from bot.playground.workspace.model import Channel, User, View
from bot.playground.workspace.web_api.objects import view_object


def home_callback(
    identity: Identity, user: User, channel: Channel, home: View | None, ids: tuple[str, str]
) -> dict[str, Any]:
    """The callback for ``app_home_opened``; ``ids`` are the event's id and time stamp."""
    event_id, ts = ids
    inner: dict[str, Any] = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": channel.id,
        "tab": "home",
        "event_ts": ts,
    }
    if home is not None:
        inner["view"] = view_object(home, identity)
    found = callback(identity, channel, inner, event_id)
    return found | {"team_id": user.home_team_id or identity.team_id}


def view_action(
    identity: Identity, user: User, view: View, action: Mapping[str, Any], trigger_id: str
) -> dict[str, Any]:
    """`block_actions` of a button in a modal or Home tab."""
    return {
        **interaction("block_actions", identity, user),
        "trigger_id": trigger_id,
        "container": {"type": "view", "view_id": view.id},
        "view": view_object(view, identity),
        "actions": [action],
    }


def view_suggestion(identity: Identity, user: User, view: View, field: Mapping[str, str]) -> dict[str, Any]:
    """`block_suggestion` of a field in a modal: ``field`` is its two ids and the ``value`` typed so far."""
    return {
        **interaction("block_suggestion", identity, user),
        "container": {"type": "view", "view_id": view.id},
        "view": view_object(view, identity),
        **field,
    }


def view_submission(identity: Identity, user: User, view: View, trigger_id: str) -> dict[str, Any]:
    """`view_submission`."""
    return {
        **interaction("view_submission", identity, user),
        "trigger_id": trigger_id,
        "view": view_object(view, identity),
        "response_urls": [],
    }


def view_closed(identity: Identity, user: User, view: View) -> dict[str, Any]:
    """`view_closed`, sent where the view asked for it."""
    return {
        **interaction("view_closed", identity, user),
        "view": view_object(view, identity),
        "is_cleared": False,
    }

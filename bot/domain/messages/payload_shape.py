"""The types of a payload's parts, as Slack documents them. Pure.

Whoever reads a part can rely on its type, or it isn't there: what is of another type, or longer than Slack
makes it, is taken out as if it had not been sent.

A shape is the most characters of a text, a mapping of an object's parts, a list with the shape of its items,
or a tuple of shapes of which one fits.

Sources: https://docs.slack.dev/reference/interaction-payloads, …/apis/events-api, …/reference/views
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_ID: Final = 255
"""Slack's limit for ``action_id``, ``block_id`` and ``callback_id``; its own IDs and times have about 20."""
_ADDRESS: Final = 1_000
"""Of a ``response_url`` Slack has about 100; it goes with what a window carries, which takes 3,000."""
_TEXT: Final = 100_000
"""More than any text that Slack takes, in a message or in a field of a window."""
_EACH: Final = "*"
"""Stands for every name that a shape doesn't have."""
_MISSHAPEN: Final = object()

_CHOICE: Final = {"value": _TEXT}
_TEAM: Final = {"id": _ID, "enterprise_id": _ID}
_MESSAGE: Final = {
    **dict.fromkeys(("ts", "thread_ts", "user_team", "source_team", "team", "subtype", "channel"), _ID),
    "text": _TEXT,
    "blocks": [{}],
    "attachments": [{}],
    "edited": {},
    "user_profile": {"team": _ID},
}
_EVENT: Final = {
    **_MESSAGE,
    **dict.fromkeys(("type", "channel_type", "message_ts", "source", "tab"), _ID),
    "user": (_ID, {"id": _ID, "team_id": _ID}),
    "message": {**_MESSAGE, "user": _ID},
    "previous_message": _MESSAGE,
    "links": [{"url": _TEXT}],
    "tokens": {"bot": [_ID]},
}
_FIELD: Final = {"value": _TEXT, "selected_option": _CHOICE, "selected_users": [_ID]}
_VIEW: Final = {
    **dict.fromkeys(("id", "type", "callback_id", "team_id", "app_installed_team_id", "hash"), _ID),
    "private_metadata": _TEXT,
    "state": {"values": {_EACH: {_EACH: _FIELD}}},
}
_PAYLOAD: Final[Mapping[str, Any]] = {
    **dict.fromkeys(
        (
            *("type", "command", "callback_id", "action_id", "event_id", "trigger_id"),
            *("team_id", "enterprise_id", "context_team_id", "context_enterprise_id"),
            *("channel_id", "channel_name", "user_id"),
        ),
        _ID,
    ),
    "response_url": _ADDRESS,
    "text": _TEXT,
    "value": _TEXT,
    "team": _TEAM,
    "enterprise": {"id": _ID},
    "user": {"id": _ID, "team_id": _ID, "enterprise_id": _ID},
    "channel": {"id": _ID, "name": _ID},
    "container": dict.fromkeys(("type", "message_ts", "channel_id", "thread_ts", "view_id"), _ID),
    "message": {**_MESSAGE, "user": _ID},
    "actions": [
        {**dict.fromkeys(("type", "action_id", "block_id"), _ID), "value": _TEXT, "selected_option": _CHOICE}
    ],
    "view": _VIEW,
    "authorizations": [{"team_id": _ID, "enterprise_id": _ID}],
    "event": _EVENT,
}


def well_formed(body: dict[str, Any]) -> dict[str, Any]:
    """The payload without the parts that are not of their type; the same where all are.

    Null counts as not there, and stays.
    """
    return _object(body, _PAYLOAD)


def _object(value: dict[str, Any], shape: Mapping[str, Any]) -> dict[str, Any]:
    others, changed = shape.get(_EACH), dict[str, Any]()
    for name, each in value.items():
        part = shape.get(name, others)
        if each is None or part is None or _fits_at_sight(each, part):
            continue
        if (kept := _part(each, part)) is not each:
            changed[name] = kept
    if not changed:
        return value
    return {name: each for name, each in (value | changed).items() if each is not _MISSHAPEN}


def _fits_at_sight(value: Any, shape: Any) -> bool:
    """Nearly everything does, and every delivery waits for it."""
    if type(shape) is int:
        return type(value) is str and len(value) <= shape
    return not shape and type(value) is dict


def _part(value: Any, shape: Any) -> Any:
    """The value as far as it fits; `_MISSHAPEN` where it does not at all."""
    if isinstance(shape, int):
        return value if _fits_at_sight(value, shape) else _MISSHAPEN
    if isinstance(shape, tuple):
        fitting = (_part(value, each) for each in shape)
        return next((each for each in fitting if each is not _MISSHAPEN), _MISSHAPEN)
    if isinstance(shape, list):
        return _items(value, shape[0]) if isinstance(value, list) else _MISSHAPEN
    return _object(value, shape) if isinstance(value, dict) else _MISSHAPEN


def _items(value: list[Any], shape: Any) -> list[Any]:
    if all(_fits_at_sight(each, shape) or _part(each, shape) is each for each in value):
        return value
    parts = [_part(each, shape) for each in value]
    return [each for each in parts if each is not _MISSHAPEN]

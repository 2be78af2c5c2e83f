"""What is written down of a delivery: the key it is known by, and what it takes to do it once more.

Only what is named here is kept of a payload: no token, no trigger, and its ``response_url`` apart.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot.domain.job.json_text import parse_json
from bot.domain.job.reading import read_object
from bot.domain.messages.delivery_keys import key_of
from bot.domain.ports.deliveries import REMEMBERED_FOR, Incoming
from bot.domain.redaction import redact

COMMAND: Final = "command"
PRESS: Final = "press"
MESSAGE: Final = "message"

_ALL: Final = True
"""Kept as it is; what is named by a mapping is kept in part."""
_TEAM: Final = {"id": _ALL, "enterprise_id": _ALL}
_WHO: Final[dict[str, Any]] = {
    "type": _ALL,
    "team_id": _ALL,
    "enterprise_id": _ALL,
    "is_enterprise_install": _ALL,
}
_KEPT: Final[Mapping[str, Mapping[str, Any]]] = {
    COMMAND: {
        **_WHO,
        "command": _ALL,
        "text": _ALL,
        "channel_id": _ALL,
        "channel_name": _ALL,
        "user_id": _ALL,
    },
    PRESS: {
        **_WHO,
        "enterprise": _TEAM,
        "team": _TEAM,
        "user": {"id": _ALL, "team_id": _ALL, "enterprise_id": _ALL},
        "channel": {"id": _ALL, "name": _ALL},
        "container": _ALL,
        "message": {"text": _ALL, "blocks": _ALL},
        "view": {"id": _ALL, "type": _ALL},
        "actions": [{"action_id": _ALL, "block_id": _ALL, "value": _ALL, "selected_option": {"value": _ALL}}],
    },
    MESSAGE: {
        **_WHO,
        "context_team_id": _ALL,
        "context_enterprise_id": _ALL,
        "authorizations": [{"team_id": _ALL, "enterprise_id": _ALL, "is_enterprise_install": _ALL}],
        "is_ext_shared_channel": _ALL,
        "event": {
            "type": _ALL,
            "subtype": _ALL,
            "user": _ALL,
            "user_team": _ALL,
            "team": _ALL,
            "text": _ALL,
            "ts": _ALL,
            "thread_ts": _ALL,
            "channel": _ALL,
            "channel_type": _ALL,
        },
    },
}


def incoming_of(body: Mapping[str, Any], team_id: str, now: datetime, rank: int = 0) -> Incoming:
    """The delivery, as it is claimed: nothing of what it says, and no address. ``team_id`` is ours."""
    event = read_object(body.get("event"))
    users = (body.get("user_id"), read_object(body.get("user")).get("id"), event.get("user"))
    return Incoming(
        # What Slack gave no name is never a repeat: better answered twice than not at all.
        key=key_of(body, team_id) or f"nameless:{secrets.token_hex(16)}",
        team_id=team_id,
        user_id=next((each for each in users if isinstance(each, str)), ""),
        rank=rank,
        is_old="edited" in event and _is_old(str(event.get("ts")), now),
    )


def with_payload(incoming: Incoming, kind: str, body: Mapping[str, Any]) -> Incoming:
    """The same, with all that another process needs to do it."""
    kept = _kept(body, _KEPT[kind])
    for part in (kept, kept.get("event")):
        if isinstance(part, dict) and isinstance(part.get("text"), str):
            part["text"] = redact(part["text"])
    response_url = body.get("response_url")
    return replace(
        incoming,
        kind=kind,
        payload=json.dumps(kept),
        response_url=response_url if isinstance(response_url, str) else None,
    )


def body_of(incoming: Incoming) -> dict[str, Any]:
    """What `with_payload` kept.

    Raises:
        ValueError: another version of the bot kept something else.
    """
    body = parse_json(incoming.payload or "")
    if not isinstance(body, dict):
        msg = "a payload is an object"
        raise ValueError(msg)  # noqa: TRY004  (it is the stored text that is wrong)
    return body if incoming.response_url is None else {**body, "response_url": incoming.response_url}


def _kept(value: Any, shape: Any) -> Any:
    if shape is _ALL:
        return value
    if isinstance(shape, list):
        return [_kept(each, shape[0]) for each in value] if isinstance(value, list) else []
    if not isinstance(value, Mapping):
        return None
    return {name: _kept(value[name], part) for name, part in shape.items() if name in value}


def _is_old(ts: str, now: datetime) -> bool:
    try:
        return now.timestamp() - float(ts) > REMEMBERED_FOR.total_seconds()
    except ValueError:
        return False

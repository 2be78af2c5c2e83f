"""Arguments of a Web API call: from JSON, a form or the query, with objects as JSON strings where needed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.playground.workspace.refusal import Refusal, refuse

_STRUCTURED = frozenset({"blocks", "view", "message", "metadata", "attachments"})


async def read_arguments(request: web.Request) -> dict[str, Any]:
    """Everything the caller sent, the body over the query.

    Raises:
        Refusal: the body is not what its content type says.
    """
    arguments: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        arguments |= _from_json(await request.read())
    elif request.body_exists:
        arguments |= await _from_form(request)
    return {name: _structured(name, value) for name, value in arguments.items() if value is not None}


def _from_json(body: bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(body or b"{}")
    except (ValueError, RecursionError) as exc:
        raise Refusal(code="invalid_json") from exc
    if not isinstance(content, dict):
        refuse("json_not_object")
    return content


async def _from_form(request: web.Request) -> Mapping[str, Any]:
    try:
        return dict(await request.post())
    except (ValueError, LookupError) as exc:
        raise Refusal(code="invalid_form_data") from exc


def _structured(name: str, value: object) -> object:
    """Objects in forms come as JSON strings; what cannot be read stays a string, and is refused later."""
    if name not in _STRUCTURED or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def text_of(arguments: Mapping[str, Any], name: str) -> str:
    """A string argument, or "" where it is absent or of another type."""
    value = arguments.get(name)
    return value if isinstance(value, str) else ""


def is_true(arguments: Mapping[str, Any], name: str) -> bool:
    """A boolean argument, which forms send as text."""
    return str(arguments.get(name, "")).lower() in {"true", "1"}

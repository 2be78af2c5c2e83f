"""JSON as servers really send it."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic_core import PydanticSerializationError, from_json, to_json

_MAX_DEPTH = 64
"""No document of Simplismart is nested nearly as deep; what lies deeper is left out."""
_MAX_DIGITS = 400
_SURROGATES = re.compile("[\ud800-\udfff]")
_IS_SECRET_ID = re.compile(r"secret[_\- ]*id", re.IGNORECASE)


def parse_json(body: bytes | str) -> Any:
    """Read JSON; NaN, lone surrogates and stray bytes do not stop it.

    Use it for whatever comes from outside, also what Slack hands back: ``json.loads`` has another exception
    for what is nested too deep.

    Raises:
        ValueError: it is not JSON, or nested deeper than can be read.
    """
    try:
        return from_json(body, allow_inf_nan=True)
    except ValueError:
        pass
    try:
        text = body if isinstance(body, str) else body.decode("utf-8-sig", "replace")
        document = json.loads(text, parse_int=_whole_number)
    except RecursionError as exc:
        msg = "nested too deep"
        raise ValueError(msg) from exc
    return _without_surrogates(document, _MAX_DEPTH)


def parse_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        ValueError: it is not JSON, or not an object.
    """
    document = parse_json(body)
    if not isinstance(document, dict):
        msg = f"a document is a JSON object, not {type(document).__name__}"
        raise ValueError(msg)  # noqa: TRY004  (callers treat both the same)
    return document


def without_secret_ids(value: Any, depth: int = _MAX_DEPTH) -> Any:
    """``value`` without any ``secret_id``, however deep and however it is spelled."""
    if depth == 0 and isinstance(value, dict | list):
        return None
    if isinstance(value, dict):
        return {
            key: without_secret_ids(item, depth - 1)
            for key, item in value.items()
            if not _IS_SECRET_ID.fullmatch(key)
        }
    if isinstance(value, list):
        return [without_secret_ids(item, depth - 1) for item in value]
    return value


def encodable(document: dict[str, Any]) -> dict[str, Any]:
    """``document`` without lone surrogates; the same where it has none, which is found out at once."""
    try:
        to_json(document)
    except PydanticSerializationError:
        cleaned: dict[str, Any] = _without_surrogates(document, _MAX_DEPTH)
        return cleaned
    return document


def _whole_number(digits: str) -> int | None:
    """Python reads no integers of more than 4,300 digits, and nobody means one of 400."""
    return int(digits) if len(digits) < _MAX_DIGITS else None


def _without_surrogates(value: Any, depth: int) -> Any:
    """Half a surrogate pair cannot be encoded: it becomes a replacement character."""
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if depth == 0 and isinstance(value, dict | list):
        return None
    if isinstance(value, dict):
        return {
            _SURROGATES.sub("\ufffd", key): _without_surrogates(item, depth - 1)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_without_surrogates(item, depth - 1) for item in value]
    return value

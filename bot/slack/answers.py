"""What Slack answered, as values or as our errors. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import orjson

from bot.domain.errors import SlackError
from bot.slack.errors import slack_error

Answer = tuple[dict[str, Any], Mapping[str, str]]
"""The JSON object of an answer, and the headers it came with."""

_OK, _NOT_FOUND, _TOO_MANY, _SERVER_ERROR = 200, 404, 429, 500
_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
"""What is raised before there is a connection to send anything over."""


def read_answer(method: str, status: int, headers: Mapping[str, str], raw: bytes) -> Answer:
    """A Web API method's answer.

    Raises:
        SlackError: Slack refused, or what came back is not Slack's JSON: a proxy's page, an outage's.
    """
    data = _json_object(raw)
    if status == _OK and data.get("ok") is True:
        return data, headers
    code = "ratelimited" if status == _TOO_MANY else str(data.get("error") or "http_error")
    needed = f", needs {data['needed']}" if "needed" in data else ""
    metadata = data.get("response_metadata")
    hints = metadata.get("messages", "") if isinstance(metadata, dict) else ""
    raise slack_error(
        code,
        detail=f"{method}: {code} (HTTP {status}){needed} {hints}".rstrip(),
        retry_after_seconds=_seconds(headers),
    )


def read_response_url(status: int, headers: Mapping[str, str], raw: bytes) -> None:
    """A ``response_url``'s answer, of which only a 200 matters.

    Raises:
        SlackError: it was not taken.
    """
    if status == _OK:
        return
    text = raw[:2_000].decode("utf-8", "replace")
    known = next((code for code in ("used_url", "expired_url", "invalid_blocks") if code in text), None)
    if status == _TOO_MANY:
        code = "ratelimited"
    elif status >= _SERVER_ERROR:
        code = "http_error"
    else:
        code = known or ("expired_url" if status == _NOT_FOUND else f"http_{status}")
    detail = f"response_url: {code} (HTTP {status})"
    raise slack_error(code, detail=detail, retry_after_seconds=_seconds(headers))


def ahead_of(date: str | None, now: datetime) -> float | None:
    """How many seconds ``now`` is ahead of a ``Date`` header; None where that is none."""
    try:
        sent_at = parsedate_to_datetime(date or "")
        return (now - sent_at.astimezone(UTC)).total_seconds()
    except (ValueError, OverflowError):
        return None


def transport_error(what: str, error: Exception) -> SlackError:
    """What happened below HTTP; only the kind of ``error`` is told, since it may quote what was sent."""
    if isinstance(error, _NEVER_SENT):
        code = "no_connection"
    else:
        code = "timeout" if isinstance(error, TimeoutError) else "connection_lost"
    return slack_error(code, detail=f"{what}: {type(error).__name__}")


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        data = orjson.loads(raw)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _seconds(headers: Mapping[str, str]) -> float:
    """``Retry-After`` in seconds; 1 where it says nothing that can be understood."""
    try:
        return max(0.0, float(headers.get("Retry-After", "1")))
    except ValueError:
        return 1.0

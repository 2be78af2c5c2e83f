"""What Slack answered, as values or as our errors. No I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
import orjson

from bot.domain.errors import SlackError
from bot.domain.retry_after import LONGEST_SECONDS, read_retry_after
from bot.slack.web_api.errors import LIMITED, slack_error
from bot.slack.web_api.methods import UNSEEN

Answer = tuple[dict[str, Any], Mapping[str, str]]
"""The JSON object of an answer, and the headers it came with."""

_OK, _NOT_FOUND, _GONE, _TOO_MANY, _SERVER_ERROR = 200, 404, 410, 429, 500
_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
"""What is raised before there is a connection to send anything over."""
_RESPONSE_URL: Final = "response_url"
_RESPONSE_CODES: Final = (
    "used_url",
    "expired_url",
    "invalid_blocks",
    "invalid_payload",
    "no_text",
    "no_service",
    "channel_is_archived",
    "action_prohibited",
)
"""What a ``response_url`` is known to answer in plain words, with blanks or with underscores between them.

Which status comes with them is not documented: they are looked for before it.
Source: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors, and users'
reports.
"""
_MOST_WORDS: Final = 2_000
_CODE: Final = re.compile(r"[\w.:-]{1,100}", re.ASCII)
_LONGEST_TEXT: Final = 2_000
"""Characters; a permalink is the longest that Slack sends."""
_LONGEST_HINTS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Raw:
    """One answer as it came in."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    at: datetime
    """When (aware)."""


def read_answer(method: str, raw: Raw) -> Answer:
    """A Web API method's answer.

    Raises:
        SlackError: Slack refused, or what came back is not Slack's JSON: a proxy's page, an outage's.
    """
    data = _json_object(raw.body)
    if raw.status == _OK and data.get("ok") is True:
        return data, raw.headers
    code = "ratelimited" if raw.status == _TOO_MANY else code_in(data)
    scope = text_in(data, "needed")
    needed = f", needs {scope}" if scope else ""
    metadata = data.get("response_metadata")
    hints = metadata.get("messages", "") if isinstance(metadata, dict) else ""
    hints = str(hints or _pointed_out(data.get("errors")))[:_LONGEST_HINTS]
    raise _error(method, code, raw, f"{needed} {hints}".rstrip(), is_unseen=method in UNSEEN, needed=scope)


def text_in(answer: Mapping[str, Any], name: str) -> str:
    """An ID or another short text, which may be handed back to Slack; empty where there is none."""
    value = answer.get(name)
    return value if isinstance(value, str) and len(value) <= _LONGEST_TEXT else ""


def code_in(data: Mapping[str, Any]) -> str:
    """Slack's error code; what is no code is no answer of Slack's."""
    code = data.get("error")
    return code if isinstance(code, str) and _CODE.fullmatch(code) else "http_error"


def _pointed_out(errors: object) -> str:
    """What ``blocks.validate`` says of the first places it does not take; nothing in any other answer."""
    found = [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
    return "; ".join(f"{each.get('pointer', '')} {each.get('message', '')}".strip() for each in found[:3])


def read_response_url(raw: Raw) -> None:
    """A ``response_url``'s answer: what it says counts before the status it comes with.

    Raises:
        SlackError: it was not taken.
    """
    code = _response_code(raw)
    if code is not None:
        raise _error(_RESPONSE_URL, code, raw)


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
    return slack_error(code, detail=f"{what}: {type(error).__name__}", is_unseen=what in UNSEEN)


def _response_code(raw: Raw) -> str | None:
    """Why it was not taken, in Slack's words or ours; None where it was."""
    if raw.status == _TOO_MANY:
        return "ratelimited"
    data, text = _json_object(raw.body), raw.body[:_MOST_WORDS].decode("utf-8", "replace").strip()
    if data.get("ok") is False or (isinstance(data.get("error"), str) and data.get("ok") is not True):
        return _as_code(str(data.get("error") or "http_error"))
    if data.get("ok") is not True and (known := _known_in(text)):
        return known
    if raw.status == _OK:
        return "http_error" if text.startswith("<") else None  # a proxy's page is not Slack's "ok"
    if raw.status >= _SERVER_ERROR:
        return "http_error"
    return "expired_url" if raw.status in {_NOT_FOUND, _GONE} else f"http_{raw.status}"


def _known_in(text: str) -> str | None:
    words = _as_code(text)
    return next((code for code in _RESPONSE_CODES if code in words), None)


def _as_code(text: str) -> str:
    """``Expired url`` and ``expired_url`` are one code."""
    return "_".join(text.lower().split())


def _error(  # noqa: PLR0913  (what there is to say)
    what: str, code: str, raw: Raw, more: str = "", *, is_unseen: bool = False, needed: str = ""
) -> SlackError:
    pause = read_retry_after(raw.headers.get("Retry-After", ""), raw.at)
    if code in LIMITED and pause is not None and pause.is_cut:
        more += f", Retry-After cut to {LONGEST_SECONDS:.0f} s"
    return slack_error(
        code,
        detail=f"{what}: {code} (HTTP {raw.status}){more}",
        retry_after_seconds=1.0 if pause is None else pause.seconds,
        is_unseen=is_unseen,
        needed=needed,
    )


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        data = orjson.loads(raw)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}

"""What authorizes a request: ``Authorization``, ``Cookie``, and what comes after ``Bearer``."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.redaction.looks import is_login, is_placeholder, is_prose, is_random
from bot.domain.redaction.mark import MARK

_SCHEME: Final = r"(?i:basic|bearer|token|negotiate|apikey|key)[ \t]"
_HEADER: Final = re.compile(
    r"(?P<name>[AaCc](?:(?<=[Aa])(?i:uthorization)|(?<=[Cc])(?i:ookie))(?:\\{0,3}+[\"'])?+\]?+"
    r"(?:[ \t]{0,8}+(?::|=|%3[aA])[ \t]{0,8}+|,[ ]?))"
    r"(?P<quote>b?\\{0,3}+[\"'])?+"
    rf"(?!\[redacted\])(?P<scheme>{_SCHEME}{{1,8}}+)?+"
    r"(?P<value>(?(quote)[^\"'\\\r\n]++|(?:=\"[^\"\r\n]*+\"|[^\"'\\\r\n])++))"
)
_CREDENTIAL: Final = re.compile(r"[^\s\"'\\,;]++(?![ ,]*[\w-]{1,40}=\")")
_ORDINARY: Final = (
    "token|auth|scheme|credential|header|prefix|format|method|string|requir|missing|value|invalid|realm|error"
)
_BEARER: Final = re.compile(
    r"([Bb](?<![A-Za-z0-9_][Bb])(?i:earer)(?:[ \t]{1,8}+|%20|\+))"
    rf"(?!(?i:{_ORDINARY})|\w{{1,40}}=[\"'])[\w.~+/-]{{6,}}+=*+",
    re.ASCII,
)
_BASIC: Final = re.compile(r"((?i:\bbasic)(?:[ \t]{1,8}+|%20|\+))([A-Za-z0-9+/_-]{8,}+={0,2}+)")
_COOKIE_RANDOM: Final = 16


def redact_headers(text: str) -> str:
    """``text`` without the values of ``Authorization`` and ``Cookie``; the scheme stays."""
    return _HEADER.sub(_redacted, text)


def _redacted(match: re.Match[str]) -> str:
    name, scheme, value = match["name"], match["scheme"] or "", match["value"]
    kept = f"{name}{match['quote'] or ''}{scheme}{MARK}"
    if "," in name and match["quote"] is None:
        return match[0]
    if name[0] in "Cc":
        return kept if "=" in value or is_random(value, _COOKIE_RANDOM) else match[0]
    if not scheme:
        return match[0] if MARK in value or is_placeholder(value) or is_prose(value) else kept
    credential = _CREDENTIAL.match(value)
    if credential is None:
        return kept
    is_none = MARK in credential[0] or is_placeholder(credential[0])
    return match[0] if is_none else kept + value[credential.end() :]


def redact_bearers(text: str) -> str:
    """``text`` without what comes after the word ``Bearer``, where it is no ordinary word."""
    return _BEARER.sub(rf"\1{MARK}", text)


def redact_basic(text: str) -> str:
    """``text`` without what comes after ``Basic``, where it is a login in base64."""
    return _BASIC.sub(
        lambda match: (
            f"{match[1]}{MARK}" if is_login(match[2]) or is_random(match[2], _COOKIE_RANDOM) else match[0]
        ),
        text,
    )

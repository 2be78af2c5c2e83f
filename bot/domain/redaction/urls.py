"""Passwords in URLs, queries that sign them, and URLs that are secrets themselves."""

from __future__ import annotations

import re

from bot.domain.redaction.mark import MARK

_URL = re.compile(r"://([^\s\"'<>|`\\]++)")
_AUTHORITY_END = re.compile(r"[/?#]|$")
_ODD_PORT = re.compile(r"[^\[@]*:(?!\d*$)")
_MIN_USER_TOKEN = 16
"""A user name alone in a URL is a name; from this length on it is a token."""
_PASSWORD = re.compile(r"(:(?:\\?/){2}[^\s/:@\"'<>]*+:)(?!\[redacted\]@)[^\s/@\"']++@")
_WEBHOOK = re.compile(r"hooks\.slack(-gov)?\.com(?:\\?/|%2[Ff])(?!\[redacted\])(?:[^\s\"'<>|`\\]|\\/)++")

_QUERY = re.compile(r"[?#]|%3[fF]")
_SIGNING_WORDS = re.compile(
    r"sig|token|key|secret|passw|pwd|auth|credential|jwt|hmac|ticket|session|aws|x-(?:oss|cos|ms)"
)
_SIGNING_PARAMETER = re.compile(
    r"(?:[?&;#]|%26|%3f)(?:x-(?:amz|goog|oss|cos|ms)-[\w-]++|aws\w++|[\w-]{0,24}"
    r"(?:sig(?:nature)?|token|key(?:-pair-id)?|secret|password|passwd|pwd|auth|authorization|credentials?"
    r"|jwt|hmac|ticket|session(?:_?id)?))(?:=|%3d)",
    re.ASCII,
)


def redact_webhooks(text: str) -> str:
    """``text`` without the paths of Slack's webhook and response URLs: whoever has one may post."""
    return _WEBHOOK.sub(rf"hooks.slack\1.com/{MARK}", text)


def redact_urls(text: str) -> str:
    """``text`` without the passwords and signing queries of its URLs; scheme, host and path stay."""
    return _PASSWORD.sub(rf"\1{MARK}@", _URL.sub(_redacted, text))


def _redacted(match: re.Match[str]) -> str:
    rest = match[1]
    if "@" in rest:
        rest = _without_password(rest)
    query = _QUERY.search(rest)
    if query is not None and _is_signing(rest[query.start() :].lower()):
        rest = f"{rest[: query.end()]}{MARK}"
    return f"://{rest}"


def _without_password(rest: str) -> str:
    """What stands behind a URL's ``://``, with the password, or a token used as a user name, redacted."""
    end = _AUTHORITY_END.search(rest)
    authority = rest[: end.start()] if end else rest
    if "@" not in authority and _ODD_PORT.match(authority):
        authority = rest[: rest.rindex("@") + 1]  # a password with / or ? or # in it
    user_info, at, host = authority.rpartition("@")
    user, colon, password = user_info.partition(":")
    if password:
        user_info = f"{user}{colon}{MARK}"
    elif len(user_info) >= _MIN_USER_TOKEN:
        user_info = MARK
    return f"{user_info}{at}{host}{rest[len(authority) :]}"


def _is_signing(query: str) -> bool:
    return _SIGNING_WORDS.search(query) is not None and _SIGNING_PARAMETER.search(query) is not None

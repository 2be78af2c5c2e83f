"""The order in which secrets are looked for, in text and in values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.domain.redaction.mark import MARK
from bot.domain.redaction.named import (
    is_secret_name,
    redact_headers,
    redact_logins,
    redact_named,
    redact_options,
    redact_pairs,
)
from bot.domain.redaction.pem import redact_pem
from bot.domain.redaction.tokens import redact_aws_secrets, redact_bearers, redact_tokens
from bot.domain.redaction.urls import redact_urls, redact_webhooks

MAX_DEPTH = 24
"""`redact_value` replaces whatever is nested deeper."""
_MAX_PASSES = 4
"""Taking one secret out can lay the edge of another bare; the second pass nearly always changes nothing."""

_TRIGGER = re.compile(
    r"://|:\\/|eyj|hf_|api_org_|[sr]k[-_]|xox|xapp-|xwfp-|akia|asia|abia|acca|gh[pousr]_|github|gl[a-z]{2,5}-"
    r"|aiza|ya29|gocspx|wandb|nvapi|r8_|npm_|pypi-|dckr_|sg\.|slack|pass|pwd|secret|key|token|credential|sig"
    r"|authorization|cookie|bearer|-----"
)
"""What every secret has in it, in lower case: most text has none of this and is done at once."""

_RULES: tuple[tuple[tuple[str, ...], Callable[[str], str]], ...] = (
    (("-----",), redact_pem),
    (("akia", "asia", "abia", "acca"), redact_aws_secrets),
    (("hooks.slack",), redact_webhooks),
    (("://", ":\\/"), redact_urls),
    (("authorization", "cookie"), redact_headers),
    (("pass", "pwd", "secret", "key", "token", "credential", "sig"), redact_named),
    (("--",), redact_options),
    (("', ", '", ', "','", '","', "</"), redact_pairs),
    (("login",), redact_logins),
    (("bearer",), redact_bearers),
)
"""A rule runs where one of its words occurs."""


def redact(text: str) -> str:
    """``text`` with every secret replaced by ``[redacted]``; the rest is as it was.

    Of a signed URL the scheme, host and path stay, of a URL with a password all but the password. What
    is already redacted is not touched again.
    """
    if _TRIGGER.search(text.lower()) is None:
        return text
    for _ in range(_MAX_PASSES):
        cleaned = _redact_once(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def _redact_once(text: str) -> str:
    lowered = text.lower()
    for words, rule in _RULES:
        for word in words:
            if word in lowered:
                text = rule(text)
                break
    return redact_tokens(text)


def redact_value(value: object, *, depth: int = MAX_DEPTH) -> object:
    """``value`` with `redact` applied to every string in it, and to bytes as text.

    Mappings, lists, tuples and sets are walked down to ``depth`` levels; what lies deeper, and whatever
    stands under a key that names a secret, becomes ``[redacted]``. Other objects come back as they are.
    """
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, bytes | bytearray):
        return redact(value.decode("utf-8", "replace"))
    if not isinstance(value, Mapping | list | tuple | set | frozenset):
        return value
    if depth <= 0:
        return MARK
    if isinstance(value, Mapping):
        return {_redact_key(key): _redact_item(key, item, depth - 1) for key, item in value.items()}
    items = [redact_value(item, depth=depth - 1) for item in value]
    return items if isinstance(value, list) else tuple(items)


def _redact_key(key: object) -> object:
    return redact(key) if isinstance(key, str) else key


def _redact_item(key: object, item: object, depth: int) -> object:
    return MARK if isinstance(key, str) and is_secret_name(key) else redact_value(item, depth=depth)

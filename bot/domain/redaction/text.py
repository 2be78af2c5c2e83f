"""The order in which secrets are looked for, and the one way from a raw text to one that may be kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from bot.domain.redaction.cleaning import clean, unescaped
from bot.domain.redaction.commands import NEEDLES as COMMAND_NEEDLES
from bot.domain.redaction.commands import redact_commands
from bot.domain.redaction.headers import redact_basic, redact_bearers, redact_headers
from bot.domain.redaction.mark import MARK
from bot.domain.redaction.named.columns import redact_columns
from bot.domain.redaction.named.kubernetes import redact_manifests
from bot.domain.redaction.named.named import (
    STEMS,
    redact_clients,
    redact_elements,
    redact_logins,
    redact_named,
    redact_options,
    redact_secret_types,
)
from bot.domain.redaction.named.pairs import redact_auth, redact_fields, redact_inputs
from bot.domain.redaction.named.prompts import redact_generated, redact_prompts, redact_wandb
from bot.domain.redaction.tokens.pem import redact_pem
from bot.domain.redaction.tokens.tokens import redact_aws_secrets, redact_tokens
from bot.domain.redaction.urls import redact_bare_logins, redact_encoded_urls, redact_urls, redact_webhooks

_MAX_PASSES: Final = 4
"""Taking one secret out can lay the edge of another bare; the second pass nearly always changes nothing."""
_SHORT: Final = 200
_ONE_WORD: Final = re.compile(r"[\w./+-]*+", re.ASCII)
"""In one word no name has a value: only a token may be in it."""
_LINES_NEAR: Final = 5
_SHORTEST: Final = 5
_READ_AHEAD: Final = 4
"""Of a text that is cut, so many times as much is read: half a secret is not found."""

_RULES: Final[tuple[tuple[tuple[str, ...], Callable[[str], str]], ...]] = (
    (("begin ", "end ", "private-"), redact_pem),
    (("akia", "asia", "abia", "acca"), redact_aws_secrets),
    (("",), redact_tokens),
    (("hook", "/bot", "ifttt", "logic.azure", "hc-ping", "chat.googleapis", "opsgenie"), redact_webhooks),
    (("://", ":\\/"), redact_urls),
    (("@",), redact_bare_logins),
    (("%2f", "%252f"), redact_encoded_urls),
    (("wandb", "api key"), redact_wandb),
    (("random_password",), redact_generated),
    (("secret",), redact_manifests),
    (("secretstr", "secretbytes", "secret(", "securestring"), redact_secret_types),
    (("fernet(", "client(", "api("), redact_clients),
    (("authorization", "cookie"), redact_headers),
    (("auth", "login", "credential"), redact_auth),
    (("input_value",), redact_inputs),
    (("value", 'val"', "val'", "content", "data"), redact_fields),
    (STEMS, redact_named),
    (("passw", "passp", "passc", "pass phrase"), redact_prompts),
    (("</",), redact_elements),
    (("--", " -"), redact_options),
    (("|", "│", ",", "  ", "\t"), redact_columns),
    (("password",), redact_logins),
    (COMMAND_NEEDLES, redact_commands),
    (("bearer",), redact_bearers),
    (("basic",), redact_basic),
)
"""A rule runs where one of its words occurs, in lower case."""


def redact(text: str) -> str:
    """``text`` with every secret replaced by ``[redacted]``.

    Secrets are looked for as people would read them: behind colours, invisible characters and letters that
    are spelled out, which then go too. A text without secrets comes back as it is. Of a signed URL the
    scheme, host and path stay, of a URL with a password all but the password. What is already redacted is
    not touched again.
    """
    if len(text) <= _SHORT:
        return text if len(text) < _SHORTEST else _redact_short(text)
    return _redact(text)


@lru_cache(maxsize=4096)
def _redact_short(text: str) -> str:
    """The same names, ids and words come again at every look."""
    if _ONE_WORD.fullmatch(text) and "hook" not in text and ".com" not in text:
        return redact_tokens(text)
    return _redact(text)


def _redact(text: str) -> str:
    seen = unescaped(clean(text))
    shown = _redact_once(seen)
    if shown == seen:
        return text
    for _ in range(_MAX_PASSES):
        again = _redact_near_marks(shown)
        if again == shown:
            break
        shown = again
    return shown


def _redact_near_marks(text: str) -> str:
    """Once more where something was taken out: only there can anything new show."""
    pieces: list[str] = []
    done = 0
    at = text.find(MARK)
    while at >= 0:
        start = max(done, _lines_away(text, at, -1))
        end = _lines_away(text, at, 1)
        while 0 <= (at := text.find(MARK, max(at + 1, start))) < end:
            end = _lines_away(text, at, 1)
        pieces += (text[done:start], _redact_once(unescaped(text[start:end])))
        done = end
    pieces.append(text[done:])
    return "".join(pieces)


def _lines_away(text: str, at: int, direction: int) -> int:
    """Where the line begins or ends that is a few lines before or after ``at``."""
    for _ in range(_LINES_NEAR):
        at = text.rfind("\n", 0, at) if direction < 0 else text.find("\n", at + 1)
        if at < 0:
            return 0 if direction < 0 else len(text)
    return at


def cleaned(text: str, most: int | None = None) -> str:
    """``text`` as it may be kept, logged and shown: cleaned, then redacted, then cut to ``most`` characters.

    In this order, as what hides a secret goes first, and half a secret is not found.
    """
    if most is None:
        return redact(clean(text))
    return redact(clean(text[: _READ_AHEAD * most]))[:most]


def _redact_once(text: str) -> str:
    lowered = text.lower()
    for words, rule in _RULES:
        for word in words:
            if word in lowered:
                text = rule(text)
                break
    return text

"""Values that their name makes secrets: ``password=…``, ``"secret_id": "…"``, ``--token …``, columns.

Names are found by their telling word in one pass over the text in lower case; what they mean is decided
by `names`, and where their value ends by `values`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from typing import Final

from bot.domain.redaction.looks import is_hash, is_mixed, is_placeholder, is_prose, is_random
from bot.domain.redaction.mark import MARK, without
from bot.domain.redaction.named.blocks import find_below, find_random_below
from bot.domain.redaction.named.names import Strength, strength
from bot.domain.redaction.named.values import Named, Span, find_value, is_secret_under

STEMS: Final = (
    "pass", "pw", "psw", "psk", "secret", "key", "token", "cred", "auth", "otp", "pin", "cvv", "cvc", "mfa",
    "2fa", "salt", "pepper", "sid", "sess", "sig", "hmac", "jwt", "csrf", "xsrf", "bearer", "mnemonic",
    "recovery", "seed", "backup", "kennwort", "contras", "senha", "motdepasse", "mdp", "wachtwoord", "parola",
    "haslo", "lösenord", "salasana", "dsn", "sas", "login", "dockerc", "webhook", "mot de passe",
    "密码", "密碼", "口令", "密钥", "パスワード", "пароль", "비밀번호",
)  # fmt: skip
"""One of these is in every name that `names.strength` knows, in lower case."""


def _alternatives(words: Iterable[str]) -> str:
    """The words by their first letter, so that most places in a text are passed over at once."""
    by_letter: dict[str, list[str]] = {}
    for word in words:
        by_letter.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{letter}(?:{'|'.join(rests)})" for letter, rests in by_letter.items())


_QUOTE: Final = r"(?:\\{0,4}+[\"'`]|%(?:25)?2[27])"
_ASSIGN: Final = (
    r"(?:[ ](?:provided|given|used|supplied|specified|sent|received|set[ ]to|is[ ]set[ ]to))?"
    r"[ \t]{0,8}+(?:[-=]>|:=|={1,3}|!==?|\?=|\+=|:(?![:/])|[\uff1a\uff1d]|%(?:25)?3[ad])[ \t]{0,8}+"
)
_BESIDE: Final = (
    r"[ \t]{1,24}+(?:(?:(?:is[ ]|was[ ])?set[ ]to|is|was|are|of|to|-|#)[ \t]{1,8}+)?+(?=[^\s\d]{0,64}\d)"
    r"|[ \t]{0,24}+[|│┃,;][ \t]{0,24}+|(?<=[\w-])>|[ \t]{0,8}\n|\((?=[\"'])"
)
_FIELD: Final = (
    r"[,;\s}{]{1,40}+(?:- )?[\"']?(?:value|val|secret_?value|contents?|default|data|v)[\"']?"
    r"(?:={1,2}|\s{0,4}:)[ \t]{0,8}+"
)
"""What stands between the two of ``"name": "PASSWORD", "value": "…"``."""
_NAMED: Final = re.compile(
    rf"(?P<stem>{_alternatives(STEMS)})[\w-]{{0,40}}+"
    rf"(?P<between>{_QUOTE}?\]?+(?:(?P<assign>{_ASSIGN})|(?P<field>{_FIELD})|{_BESIDE}))"
)
_BEFORE: Final = (
    "api", "access", "secret", "private", "aws", "client", "shared", "master", "auth", "recovery", "seed",
    "login", "user", "signing", "encryption", "search", "database", "admin", "root", "bot", "bearer",
    "refresh", "session",
)  # fmt: skip
_BACKWARDS: Final = re.compile(
    rf"[\w.-]{{0,64}}+(?:[ ](?:{'|'.join(word[::-1] for word in _BEFORE)})\b){{0,3}}+"
)
"""The rest of a name, read backwards; names of several words are known by these."""
_OPTION: Final = re.compile(
    r"(?<![\w-])--?([\w-]{1,40}+)([ \t]{1,8}+)(?![-<$])([\"']?)([^\s\"'`]++)", re.ASCII
)
_ELEMENT: Final = re.compile(r"(<([\w.-]{1,64}+)[ \t][^<>\n]{1,200}+>)(?!\[redacted\])[^<>\n]{1,2000}+(?=</)")
_NETRC: Final = re.compile(r"((?:login|account)[ \t]{1,8}\S{1,200}[ \t\n]{1,8}password[ \t]{1,8})\S++")
_HEAD: Final = 72
"""At most so much before a name's telling word has to do with it."""
_REACH: Final = 1_000
"""Of what comes after it, so much: where all that is as it was at a name before, so is what it says."""
_PERIOD: Final = 4
"""Names that may take turns."""
_LABEL_END: Final = "----"
"""Of a PEM block, which `bot.domain.redaction.tokens.pem` has judged."""
_ESCAPED: Final = frozenset("nrt")
_QUERY: Final = frozenset("?&;")
_MAY_END_LINE: Final = frozenset("|>\n \t")
_QUOTED_MARK: Final = f'"{MARK}'
_LINE_END: Final = re.compile(r"(?:[|>][-+\d]{0,2})?[ \t]*\n")


def is_secret_name(name: str) -> bool:
    """Whether what stands under ``name`` is a secret: a key of a mapping, a field, a header."""
    lowered = name.lower()
    return (
        strength(name) is Strength.STRONG
        or lowered == "token"
        or lowered.endswith(("authorization", "cookie"))
    )


def redact_named(text: str) -> str:
    """``text`` without the values of secret names, as in code, JSON, YAML, queries and environments."""
    lowered = text.replace("İ", "i").lower()
    backwards = lowered[::-1]
    spans: list[Span] = []
    done = 0
    innocent: deque[str] = deque(maxlen=_PERIOD)
    for match in _NAMED.finditer(lowered):
        start = match.start()
        if start < done or (start >= _HEAD and text.startswith(tuple(innocent), start - _HEAD)):
            continue
        span = _secret(text, backwards, match)
        if span is not None:
            spans.append(span)
            done = span[1]
            innocent.clear()
        elif start >= _HEAD:
            innocent.append(text[start - _HEAD : start + _REACH])
    return without(text, spans)


def _secret(text: str, backwards: str, match: re.Match[str]) -> Span | None:
    start, end = match.start(), match.end()
    if text.startswith((MARK, _QUOTED_MARK, "'" + MARK), end):
        return None
    head = _BACKWARDS.match(backwards, len(text) - start)
    if head is not None:
        start -= head.end() - head.start()
    if text[start : start + 1] in _ESCAPED and text[max(0, start - 1) : start] == "\\":
        start += 1
    name = text[start : match.start("between")]
    said = Strength.NONE if name.endswith(_LABEL_END) else strength(name)
    if said is Strength.NONE:
        return None
    if text[max(0, start - 1) : start] in _QUERY and name.lower() in {"sig", "signature"}:
        said = Strength.STRONG
    named = Named(
        name=name,
        strength=said,
        between=":" if match["field"] else match["between"],
        is_assigned=match["assign"] is not None or match["field"] is not None,
        before=text[max(0, start - 4) : start],
    )
    if named.between.endswith("\n"):
        return find_random_below(text, end)
    if named.is_assigned and text[end : end + 1] in _MAY_END_LINE and _LINE_END.match(text, end):
        return find_below(text, end, said)
    return find_value(text, end, named)


def redact_options(text: str) -> str:
    """``text`` without the values of secret options on a command line."""
    return _OPTION.sub(_redacted_option, text)


def _redacted_option(match: re.Match[str]) -> str:
    name, value = match[1], match[4]
    said = strength(name)
    is_secret = said is Strength.STRONG or name == "token" or is_secret_under(name, value)
    if (
        said is Strength.NONE
        or not is_secret
        or is_placeholder(value)
        or (is_prose(value) and not is_mixed(value))
    ):
        return match[0]
    return f"{match[0][: match.start(4) - match.start()]}{MARK}"


def redact_elements(text: str) -> str:
    """``text`` without what stands in XML elements with a secret's name and attributes."""
    return _ELEMENT.sub(
        lambda match: f"{match[1]}{MARK}" if strength(match[2]) is Strength.STRONG else match[0], text
    )


def redact_logins(text: str) -> str:
    """``text`` without the passwords of ``.netrc`` lines."""
    return _NETRC.sub(rf"\1{MARK}", text)


_SECRET_TYPE: Final = re.compile(
    r"(Secret(?:Str|Bytes)?\((?:\w{1,20}=)?b?|SecureString[ (]{1,4}(?:-String )?)(\"[^\"\n]++|'[^'\n]++)"
)


_CLIENT: Final = re.compile(r"((?:Fernet|Client|Api|API)\(b?[\"'])([\w+/=.-]{20,400}+)(?=[\"'])", re.ASCII)


def redact_clients(text: str) -> str:
    """``text`` without the key that a client is made with, where it comes first and without a name."""
    return _CLIENT.sub(
        lambda match: f"{match[1]}{MARK}" if is_random(match[2]) and not is_hash(match[2]) else match[0], text
    )


def redact_secret_types(text: str) -> str:
    """``text`` without what stands in ``SecretStr('…')``, which is written so that nobody shows it."""
    return _SECRET_TYPE.sub(
        lambda match: match[0] if is_placeholder(match[2][1:]) else f"{match[1]}{match[2][0]}{MARK}", text
    )

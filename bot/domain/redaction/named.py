"""Values that their name makes secrets: ``password=…``, ``"secret_id": "…"``, ``--token …``, headers."""

from __future__ import annotations

import re

from bot.domain.redaction.mark import MARK


def _after(name: str, prefixes: str) -> str:
    """Holds where ``name``, just read, stands behind one of ``prefixes``, joined or with a separator."""
    return "|".join(f"(?<={prefix}{name})|(?<={prefix}[_ -]{name})" for prefix in prefixes.split())


_KEYS = "api access account private signing encryption ssh master shared secret"
_TOKENS = (
    "access auth bearer bot csrf deploy github gitlab hf hub jwt oauth refresh security session slack"
    " verification wandb personal private vault"
)
_SHORT_TOKENS = "|".join(
    f"(?<![a-z]{prefix}[_-]token)(?<={prefix}[_-]token)" for prefix in ("api", "app", "id", "user")
)
_SIGNATURES = "access amz goog"
_TOKEN_NAME = "|".join(
    (
        _after("token", _TOKENS),
        _SHORT_TOKENS,
        "(?-i:(?<=[A-Z0-9]_TOKEN))",
        r"(?P<weak>(?<![\w-]token))",
    )
)
_SIGNATURE_NAME = f"(?:{_after('signature', _SIGNATURES)})|(?<=[?&;]sig)|(?<=[?&;]signature)"
_NAME = (
    r"[CcKkPpSsTt](?i:"
    r"(?<=p)ass(?:word|wd|phrase|code)|(?<=p)wd(?<![a-z]pwd)"
    r"|(?<=s)ecrets?(?:[_-]?(?:id|key|token|value|access[_-]?key))?"
    rf"|(?<=k)ey(?:(?:{_after('key', _KEYS)})(?:[_-]?id)?|(?P<long>(?<![\w-]key)))"
    rf"|(?<=t)oken(?:{_TOKEN_NAME})"
    r"|(?<=c)redentials?"
    rf"|(?<=s)ig(?:nature)?(?:{_SIGNATURE_NAME})"
    r")"
)
"""Letter first, so that the scan skips what cannot begin a name."""
_VALUE = (
    r"[bru]{0,2}\"(?:[^\"\\\n]|\\.)*+|[bru]{0,2}'(?:[^'\\\n]|\\.)*+|[bru]{0,2}\\++[\"'][^\"'\\\n]*+"
    r"|(?:[^\s\"'`,;&}\\]|[,;&](?![\s\"'}]|$|[\w.-]{1,40}[=:]))++"
)
_NAMED = re.compile(
    rf"(?P<name>{_NAME})"
    r"(?P<between>\\{0,3}[\"'`]?\]?(?:[ ]provided)?"
    r"[ \t]{0,8}+(?:[-=]>|:=|={1,2}|:(?![:/])|%3[aAdD])[ \t]{0,8}+)"
    rf"(?P<value>{_VALUE})",
    re.ASCII,
)
_OPENING = re.compile(r"(?:[bru]{0,2}\\*[\"'])?")
_SECRET_NAME = re.compile(rf"(?:{_NAME}|(?i:authorization|cookie))\Z", re.ASCII)
_LONG = re.compile(r"(?=(?:[A-Za-z+=]*\d){4})[A-Za-z0-9+=]{32,}")
"""What ``key=`` alone must look like to be a secret: ids have hyphens, paths have slashes."""
_OPTION = re.compile(r"--([\w-]{1,40}+)([ \t]{1,8}+)(?![-<$])[^\s\"'`]++", re.ASCII)
_PAIR = re.compile(r"(\([bru]?[\"']([\w-]{1,64}+)[\"'], ?[bru]?[\"'])[^\"'\n]++", re.ASCII)
_ELEMENT = re.compile(r"(<([\w.:-]{1,64}+)>)[^<>\n]++(?=</)", re.ASCII)
_SCHEME = r"(?i:basic|bearer|token|negotiate|apikey)[ \t]"
_HEADER = re.compile(
    r"([AaCc](?:(?<=[Aa])(?i:uthorization)|(?<=[Cc])(?i:ookie))\\{0,3}+[\"']?+\]?+"
    r"[ \t]{0,8}+(?::|=|%3[aA])[ \t]{0,8}+\\{0,3}+[\"']?+)"
    rf"(?:({_SCHEME}{{1,8}}+\\{{0,3}}+[\"']?+)(?!\[redacted\])[^\s\"'\\,;]++"
    rf"|(?!\[redacted\]|{_SCHEME})[^\"'\\\r\n]++)"
)
_NETRC = re.compile(r"(login[ \t]{1,8}\S{1,200}[ \t\n]{1,8}password[ \t]{1,8})\S++")

_HARMLESS = re.compile(
    r"(?:none|null|nil|true|false|undefined|str|string|bytes|optional\b.*|\*{3,}.*|-|\.{3,}"
    r"|(?:os|self|cls|args|config|settings|cfg)\..*|\$\{?\w+)",
    re.IGNORECASE,
)
_TOKEN_LIKE = re.compile(r"(?!\d+$)[\w.+/=~%-]{6,}", re.ASCII)
_CODE_LIKE = re.compile(r"[a-z_]\w*(?:\.[a-z_]\w*)+|[a-z_]+", re.ASCII)


def is_secret_name(name: str) -> bool:
    """Whether what stands under ``name`` is a secret: a key of a mapping, a field, a header."""
    match = _SECRET_NAME.search(name)
    return match is not None and match["long"] is None


def redact_headers(text: str) -> str:
    """``text`` without the values of ``Authorization`` and ``Cookie``; the scheme stays."""
    return _HEADER.sub(lambda match: f"{match[1]}{match[2] or ''}{MARK}", text)


def redact_named(text: str) -> str:
    """``text`` without the values of secret names, as in code, JSON, YAML, queries and environments."""
    return _NAMED.sub(_redacted, text)


def redact_pairs(text: str) -> str:
    """``text`` without what is paired with a secret name: ``('secret_id', '…')``, ``<password>…``."""
    return _ELEMENT.sub(_redacted_second, _PAIR.sub(_redacted_second, text))


def _redacted_second(match: re.Match[str]) -> str:
    """A word beside ``token`` is a word; only ``token=`` tells more."""
    is_secret = match[2].lower() != "token" and is_secret_name(match[2])
    return f"{match[1]}{MARK}" if is_secret else match[0]


def redact_options(text: str) -> str:
    """``text`` without the values of secret options on a command line."""
    return _OPTION.sub(
        lambda match: f"--{match[1]}{match[2]}{MARK}" if is_secret_name(match[1]) else match[0], text
    )


def redact_logins(text: str) -> str:
    """``text`` without the passwords of ``.netrc`` lines."""
    return _NETRC.sub(rf"\1{MARK}", text)


def _redacted(match: re.Match[str]) -> str:
    value = match["value"]
    opening = _OPENING.match(value)
    start = opening.end() if opening else 0
    secret = value[start:]
    is_tight = start > 0 or match["between"] in {"=", "%3D", "%3d"}
    if (
        not secret
        or MARK in secret
        or _HARMLESS.fullmatch(secret)
        or (match["name"].lower() == "pwd" and secret.startswith(("/", "~")))
        or (match["long"] is not None and not _LONG.fullmatch(secret))
        or (match["weak"] is not None and not _is_token_like(secret, is_tight=is_tight))
    ):
        return match[0]
    return f"{match['name']}{match['between']}{value[:start]}{MARK}"


def _is_token_like(value: str, *, is_tight: bool) -> bool:
    """Whether what follows ``token=`` is a credential rather than a word, a number or code."""
    bare = value.rstrip(")].>")
    if not _TOKEN_LIKE.fullmatch(bare):
        return False
    if _CODE_LIKE.fullmatch(bare):
        return is_tight and bare == value and "." not in bare
    return is_tight or any(character.isdigit() for character in bare)

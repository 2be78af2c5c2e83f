"""Taking secrets out of text that comes from outside, before it is shown or logged.

Every pattern is linear: an unbounded run is possessive and nothing that must follow it can fail, so
hostile text costs no more than long text. Secrets spread over several lines are found only as PEM blocks.
Formats: the vendors' pages on their token prefixes (GitHub, Hugging Face, OpenAI, Anthropic, Slack, AWS,
Google, GitLab, Weights & Biases), RFC 7519 (JWT), RFC 7468 (PEM).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

MARK = "[redacted]"
MAX_DEPTH = 24
"""`redact_value` replaces whatever is nested deeper."""
_MAX_PASSES = 4
"""Taking one secret out can lay the edge of another bare; a second pass nearly always changes nothing."""

_EDGE = r"(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt]))"
"""The start of a token, also behind a line break that is spelled out."""

_TOKENS = "|".join(
    (
        r"eyJ(?:[\w-]{10,}+|[\w-]{0,9}\.eyJ[\w-]*+)(?:\.[\w-]++)*+",  # JWT, signed or not, whole or cut
        r"hf_(?:[A-Za-z0-9]{16,}+|(?=[A-Za-z]{0,16}\d)[A-Za-z0-9]{8,}+)",
        _EDGE
        + r"sk-(?:(?:proj|ant|svcacct|admin|or)-[\w-]{4,}+|(?!learn)(?=[a-z_-]{0,64}[A-Z0-9])[\w-]{8,}+)",
        _EDGE + r"[sr]k_(?:live|test)_\w{8,}+",
        r"(?:xox[a-z]\.)?xox[a-z]-[\w-]{4,}+|xapp-[\w-]{4,}+|xwfp-[\w-]{4,}+",
        r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16,}+",
        r"gh[pousr]_[A-Za-z0-9]{10,}+|github_pat_\w{10,}+",
        _EDGE + r"gl(?:pat|ptt|dt|rt|cbt|oas|soat|ft|imt|agent)-[\w-]{8,}+",
        r"AIza[\w-]{20,}+|ya29\.[\w-]{10,}+|GOCSPX-[\w-]{10,}+",
        r"wandb_v\d_\w{10,}+|nvapi-[\w-]{16,}+|gsk_[A-Za-z0-9]{20,}+|r8_[A-Za-z0-9]{20,}+|npm_[A-Za-z0-9]{20,}+",
        r"pypi-AgE[\w-]{16,}+|dckr_pat_[\w-]{10,}+|dop_v1_\w{16,}+|SG\.[\w-]{16,64}\.[\w-]{16,}+",
        r"AGE-SECRET-KEY-\w{10,}+",
    )
)
_TOKEN = re.compile(_TOKENS, re.ASCII)

_WEBHOOK = re.compile(r"(hooks\.slack(?:-gov)?\.com)(?:\\?/|%2[Ff])(?:[^\s\"'<>|`\\]|\\/)++")

_URL = re.compile(r"://([^\s\"'<>|`\\]++)")
_PASSWORD_IN_URL = re.compile(r"(:(?:\\?/){2}[^\s/:@\"'<>]*+:)(?!\[redacted\]@)[^\s/@\"']++@")
_SIGNED = re.compile(
    r"(?:^|[?&;#]|%26|%3[fF])(?:x-(?:amz|goog|oss|cos|ms)-[\w-]++|aws\w++|[\w-]{0,24}"
    r"(?:sig(?:nature)?|token|key(?:-pair-id)?|secret|password|passwd|pwd|auth|authorization|credentials?"
    r"|jwt|hmac|ticket|session(?:_?id)?))(?:=|%3d)",
    re.IGNORECASE | re.ASCII,
)

_NAMES = (
    r"pass(?:word|wd|phrase|code)|(?<![a-z])pwd"
    r"|secrets?(?:[_-]?(?:id|key|token|value|access[_-]?key))?"
    r"|(?:api|access|account|private|signing|encryption|shared[_-]access|ssh|master)[_ -]?key(?:[_-]?id)?"
    r"|(?:access|auth|bearer|bot|csrf|deploy|git(?:hub|lab)|hf|hub|jwt|oauth|refresh|security|session"
    r"|slack|verification|wandb)[_-]?token|(?<![a-z])(?:api|app|id|user)[_-]token"
    r"|(?-i:(?<=[A-Z0-9]_)TOKEN)|credentials?|shared[_-]?access[_-]?signature"
    r"|x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)"
)
_VALUE = (
    r"[bru]{0,2}\"(?:[^\"\\\n]|\\.)*+|[bru]{0,2}'(?:[^'\\\n]|\\.)*+|[bru]{0,2}\\++[\"'][^\"'\\\n]*+"
    r"|(?:[^\s\"'`,;&}\\]|[,;&](?![\s\"'}]|$|[\w.-]{1,40}[=:]))++"
)
_NAMED = re.compile(
    rf"(?P<key>{_NAMES}|(?P<weak>(?<![\w-])token|(?<=[?&;])sig(?:nature)?))"
    r"(?P<between>\\{0,3}[\"'`]?\]?(?:[ ]provided)?)"
    r"(?P<sep>[ \t]{0,8}(?:=>|:=|={1,2}|:(?![:/])|%3[ad])[ \t]{0,8})"
    rf"(?P<value>{_VALUE})",
    re.IGNORECASE | re.ASCII,
)
_OPTION = re.compile(
    rf"(--(?:[a-z0-9]{{1,20}}[_-]){{0,4}}(?:{_NAMES}|token)[ \t]{{1,8}})(?![-<$])[^\s\"'`]++",
    re.IGNORECASE | re.ASCII,
)
_HEADER = re.compile(
    r"((?:authorization|cookie)\\{0,3}[\"']?\]?[ \t]{0,8}(?::|=|%3a)[ \t]{0,8}\\{0,3}[\"']?"
    r"(?:(?:basic|bearer|token|digest|negotiate|apikey)[ \t]{1,8})?)(?!\[redacted\])[^\"'\\\r\n]++",
    re.IGNORECASE,
)
_BEARER = re.compile(
    r"\b(bearer(?:[ \t]{1,8}|%20|\+))(?!token|auth|scheme|credential|header|prefix|format|method|string|requir|missing|value)"
    r"(?!\w{1,40}=[\"'])[\w.~+/-]{6,}+=*+",
    re.IGNORECASE | re.ASCII,
)
_NETRC = re.compile(r"(\blogin[ \t]{1,8}\S{1,200}[ \t\n]{1,8}password[ \t]{1,8})\S++")

_TRIGGER = re.compile(
    r"://|:\\/|eyj|hf_|sk-|[sr]k_|xox|xapp-|xwfp-|akia|asia|abia|acca|gh[pousr]_|_pat_|gl[a-z]{2,5}-|aiza|ya29"
    r"|gocspx|wandb_v|nvapi|gsk_|r8_|npm_|pypi-|dop_v1|sg\.|slack|pass|pwd|secret|key|token|credential|sig"
    r"|authorization|cookie|bearer|x-amz|x-goog|-----"
)
"""What every secret has in it, in lower case: most text has none of this and is done at once."""

_HARMLESS = re.compile(
    r"(?:none|null|nil|true|false|undefined|str|string|bytes|optional\b.*|\*{3,}.*|-|\.{3,}"
    r"|(?:os|self|cls|args|config|settings|cfg)\..*|\$\{?\w+)",
    re.IGNORECASE,
)
_TOKEN_LIKE = re.compile(r"(?!\d+$)[\w.+/=~-]{6,}", re.ASCII)
_CODE_LIKE = re.compile(r"[a-z_]\w*(?:\.[a-z_]\w*)+|[a-z_]+", re.ASCII)

_OPENING = re.compile(r"(?:[bru]{0,2}\\*[\"'])?", re.IGNORECASE)
_SECRET_KEY = re.compile(rf"(?:{_NAMES}|(?<![\w-])token|authorization|cookie)$", re.IGNORECASE | re.ASCII)

_AUTHORITY = re.compile(r"[^/?#]*")
_ODD_PORT = re.compile(r"^[^\[]*:(?!\d*$)")
_QUERY = re.compile(r"[?#]|%3[fF]")
_MIN_USER_TOKEN = 16
"""A user name alone in a URL is a name; from this length on it is a token."""

_BEGIN, _END = "-----BEGIN ", "-----END "
_LABEL = re.compile(r"[A-Z0-9 ]{1,64}-----")
_LABEL_END = re.compile(r"[A-Z0-9 ]{0,64}-{0,5}")
_BODY = re.compile(
    r"(?:(?:\s|\\+[nr])*+(?:(?:Proc-Type|DEK-Info|Version|Comment):[^\n\\]*+"
    r"|[A-Za-z0-9+/=]{24,}+|[A-Za-z0-9+/=]++(?=[\n\\\"']|\s*\Z)))*+"
)
_BODY_LINE = re.compile(r"[A-Za-z0-9+/=]{4,}\s*")


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
    return MARK if isinstance(key, str) and _SECRET_KEY.search(key) else redact_value(item, depth=depth)


def _redact_once(text: str) -> str:
    if "-----" in text:
        text = _redact_pem(text)
    text = _WEBHOOK.sub(rf"\1/{MARK}", text)
    text = _URL.sub(_redact_url, text)
    text = _PASSWORD_IN_URL.sub(rf"\1{MARK}@", text)
    text = _HEADER.sub(rf"\1{MARK}", text)
    text = _NAMED.sub(_redact_named, text)
    text = _OPTION.sub(rf"\1{MARK}", text)
    text = _NETRC.sub(rf"\1{MARK}", text)
    text = _BEARER.sub(rf"\1{MARK}", text)
    return _TOKEN.sub(MARK, text)


def _redact_url(match: re.Match[str]) -> str:
    """The part of a URL behind its scheme, without password and without a query that signs it."""
    rest = match[1]
    authority = _AUTHORITY.match(rest)[0]  # type: ignore[index]  # (it matches the empty string too)
    if "@" not in authority and _ODD_PORT.search(authority) and "@" in rest:
        authority = rest[: rest.rindex("@") + 1]  # a password with / or ? or # in it
    user_info, at, host = authority.rpartition("@")
    user, colon, password = user_info.partition(":")
    if password:
        user_info = f"{user}{colon}{MARK}"
    elif len(user_info) >= _MIN_USER_TOKEN:
        user_info = MARK
    tail = rest[len(authority) :]
    query = _QUERY.search(tail)
    if query is not None and _SIGNED.search(tail, query.start()):
        tail = f"{tail[: query.end()]}{MARK}"
    return f"://{user_info}{at}{host}{tail}"


def _redact_named(match: re.Match[str]) -> str:
    """``key=value`` in any of its forms, where the value may be secret."""
    value = match["value"]
    opening = _OPENING.match(value)[0]  # type: ignore[index]  # (it matches the empty string too)
    secret = value[len(opening) :]
    if not secret or MARK in secret or _HARMLESS.fullmatch(secret):
        return match[0]
    if match["key"].lower() == "pwd" and secret.startswith(("/", "~")):
        return match[0]
    if match["weak"] and not _is_token_like(secret, is_tight=bool(opening) or match["sep"] in {"=", "%3D"}):
        return match[0]
    return f"{match['key']}{match['between']}{match['sep']}{opening}{MARK}"


def _is_token_like(value: str, *, is_tight: bool) -> bool:
    """Whether what follows ``token=`` is a credential rather than a word, a number or code."""
    bare = value.rstrip(")].>")
    if not _TOKEN_LIKE.fullmatch(bare):
        return False
    if _CODE_LIKE.fullmatch(bare):
        return is_tight and bare == value and "." not in bare
    return is_tight or any(character.isdigit() for character in bare)


def _redact_pem(text: str) -> str:
    """PEM blocks, also those that were cut at either end."""
    head, *blocks = text.split(_BEGIN)
    pieces = [_without_block_end(head)]
    for block in blocks:
        label = _LABEL.match(block)
        pieces.append(_BEGIN + block if label is None else MARK + _behind_block(block, label.end()))
    return "".join(pieces)


def _behind_block(block: str, start: int) -> str:
    end = block.find(_END, start)
    match = _BODY.match(block, start) if end < 0 else _LABEL_END.match(block, end + len(_END))
    return block[match.end() :] if match else block[start:]


def _without_block_end(text: str) -> str:
    """``text`` without the last lines of a block whose beginning was cut away."""
    end = text.find(_END)
    start = end
    while start > 0:
        line = text.rfind("\n", 0, start - 1) + 1
        if not _BODY_LINE.fullmatch(text, line, start):
            break
        start = line
    if start == end:
        return text
    match = _LABEL_END.match(text, end + len(_END))
    return text[:start] + MARK + text[match.end() if match else end :]

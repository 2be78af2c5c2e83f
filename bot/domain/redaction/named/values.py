"""What stands behind a secret's name, and how much of it is the secret."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from bot.domain.redaction.looks import (
    is_code,
    is_hash,
    is_login,
    is_mixed,
    is_path,
    is_placeholder,
    is_prose,
    is_random,
)
from bot.domain.redaction.mark import words
from bot.domain.redaction.named.names import Strength, strength

Span = tuple[int, int]


class Named(NamedTuple):
    """A name in a text, and how its value is bound to it."""

    name: str
    strength: Strength
    between: str
    """What stands between the name and its value, in lower case."""
    is_assigned: bool
    """By ``=`` or ``:``; else by a space, a comma, a column."""
    before: str
    """The two characters before the name."""

    @property
    def last(self) -> str:
        """The name's last word, roughly."""
        return self.name.lower().rpartition("_")[2].rpartition("-")[2]


_OPENING: Final = re.compile(
    r"(?:![\w:/]{1,30}+[ \t]++)?(?P<wrap>(?:[A-Za-z_][\w.]{0,60}+\((?:\w{1,20}+=)?){0,3}+)[brufBRUF]{0,2}"
    r"(?P<quote>\"\"\"|'''|\\{0,4}+[\"'`]|%(?:25)?2[27])"
)
_BODIES: Final = {
    '"': re.compile(r'(?:[^"\\\n]|\\.)*+'),
    "'": re.compile(r"(?:[^'\\\n]|\\.)*+"),
    "`": re.compile(r"[^`\n]*+"),
    '"""': re.compile(r'(?:[^"]|"(?!""))*+'),
    "'''": re.compile(r"(?:[^']|'(?!''))*+"),
    "%": re.compile(r"(?:[^\s\"'%]|%(?!(?:25)?2[267]))*+"),
}
_ESCAPED_BODY: Final = re.compile(r"[^\"'\\\n]*+")
_BARE: Final = re.compile(
    r"(?:![\w:/]{1,30}+[ \t]++)?"
    r"(?:[^\s\"'`,;&}\\|]|[,;&](?![\s\"'}]|$|[\w.-]{1,40}[=:])|\|(?=[!-~])){1,400}+",
    re.MULTILINE,
)
_ENCODED: Final = re.compile(r"(?:[^\s\"'`,;&}\\%]|%(?!(?:25)?(?:2[0267cC]|3[bB]|7[dD]|0[aA]))){1,400}+")
_ELEMENT: Final = re.compile(r"(?<=>)[^<>\n]{1,2000}+(?=</)")
_CELL: Final = re.compile(r"[^|│┃\s][^|│┃\n]{0,2000}+")
_FLAT: Final = r"[^][{}()]*+"
_NESTED_ONCE: Final = rf"{_FLAT}(?:[\[{{(]{_FLAT}[\])}}]{_FLAT})*+"
_NESTED: Final = re.compile(rf"[\[{{(]{_FLAT}(?:[\[{{(]{_NESTED_ONCE}[\])}}]{_FLAT})*+[\])}}]")
_LEAF: Final = re.compile(
    r"\"([^\"\n]*+)\"(?!\s{0,4}:)|'([^'\n]*+)'(?!\s{0,4}:)|(?<=[\s:=,\[({])([^\s\"',:\[\](){}]{1,500}+)"
    r"(?=\s*[,\])}])"
)
_BRACKETS: Final = "[{()}] \t\r\n"
_SOME: Final = re.compile(r"[^\n]{0,100}+")
_LINE: Final = re.compile(r"[^\n]*+")
_SECRET_TYPES: Final = re.compile(r"secret|password|bytes\($|\bstr\($|b64|encode|quote", re.IGNORECASE)
_COMMON: Final = words(
    "sha1 sha256 sha384 sha512 md5 base64 utf8 utf-8 oauth2 oauth1 http2 ipv4 ipv6 rsa2048 ed25519"
)
_DIGITS: Final = re.compile(r"\d{4,8}")
_CODES: Final = words("otp totp hotp pin cvv cvc mfa 2fa")
_FEW_RANDOM: Final = 8
_SOME_RANDOM: Final = 12
_MUCH_RANDOM: Final = 16
_MORE_RANDOM: Final = 20
_LONG_WORD: Final = 20
_TOKEN: Final = re.compile(r"(?!\d+$)[\w.+/=~%-]{6,}", re.ASCII)
_CODE_LIKE: Final = re.compile(r"[a-z_]\w*(?:\.[a-z_]\w*)+|[a-z_]+", re.ASCII)
_WEBHOOKS: Final = ("webhook", "webhook_url", "webhookurl")
_ENVIRONMENT: Final = "env "
"""``ENV NAME value`` in a Dockerfile, ``setenv NAME value`` in a shell."""
_PASSPHRASES: Final = ("mnemonic", "phrase", "words")


def find_value(text: str, start: int, named: Named) -> Span | None:
    """Where the secret stands in ``text`` that begins behind what binds it to its name."""
    if text.startswith("<", start) and not text.startswith("</", start) and named.before.endswith("<"):
        return None
    opening = _OPENING.match(text, start)
    if opening is not None and named.between != ">":  # of an element the whole is the value, with its quotes
        return _quoted(text, opening, named)
    if named.is_assigned and named.strength is Strength.STRONG and text[start : start + 1] in {"[", "{", "("}:
        return _nested(text, start)
    if named.between == ":" and named.before.endswith(":"):
        return None  # an address: ``arn:aws:secretsmanager:…:secret:name``
    return _bare(text, start, named)


def _quoted(text: str, opening: re.Match[str], named: Named) -> Span | None:
    quote, wrap = opening["quote"], opening["wrap"]
    pattern = _BODIES.get("%" if quote.startswith("%") else quote, _ESCAPED_BODY)
    body = pattern.match(text, opening.end())
    if body is None or not body[0]:
        return None
    value = body[0]
    if value[0] in ")]},;" and text[body.end() : body.end() + 1] != quote[-1]:
        return None
    if (
        wrap
        and not _SECRET_TYPES.search(wrap)
        and not (is_random(value, _SOME_RANDOM) and not is_path(value))
    ):
        return None
    return body.span() if _is_secret(value, named, is_tight=True) else None


def _nested(text: str, start: int) -> Span | None:
    """The whole of what stands in brackets, or what is left of it where they never close."""
    closed = _NESTED.match(text, start)
    region = closed or _SOME.match(text, start)
    if region is None:
        return None
    inside = region[0].strip(_BRACKETS)
    if not inside:
        return None
    found = _LEAF.findall(region[0])
    leaves = [first or second for first, second, word in found if not word]
    bare = [word for _, _, word in found if word]
    if is_placeholder(region[0]) or (not leaves and not bare and not is_mixed(inside)):
        return None
    if not any(is_mixed(word) or is_random(word, _FEW_RANDOM) for word in [*bare, inside]) and all(
        is_placeholder(leaf) or is_prose(leaf) or is_code(leaf) for leaf in leaves
    ):
        return None
    whole = closed or _LINE.match(text, start) or region
    return whole.span()


def _bare(text: str, start: int, named: Named) -> Span | None:
    between = named.between
    if between == ">":
        pattern = _ELEMENT
    elif "|" in between or "│" in between or "┃" in between:
        pattern = _CELL
    elif "%" in between:
        pattern = _ENCODED
    elif named.last in _PASSPHRASES or named.name.lower().endswith(_PASSPHRASES):
        pattern = _LINE
    else:
        pattern = _BARE
    match = pattern.match(text, start)
    if match is None:
        return None
    value = match[0].rstrip()
    is_tight = between in {"=", "%3d", ">", "=="}
    if is_code(value) or not _is_secret(value, named, is_tight=is_tight):
        return None
    end = start + len(value)
    while pattern is _BARE and (more := _BARE.match(text, end)):
        end = more.end()
    return start, end


def _is_secret(value: str, named: Named, *, is_tight: bool) -> bool:
    if is_placeholder(value) or (is_path(value) and not named.last.startswith("pass")):
        return False
    if not named.is_assigned:
        return _is_secret_beside(value, named)
    if named.name.lower().endswith(_WEBHOOKS):
        return value.startswith("http")
    if named.strength is Strength.STRONG:
        return _is_strong_secret(value, named, is_tight=is_tight)
    return is_weak_secret(value, named.name, is_tight=is_tight)


def _is_strong_secret(value: str, named: Named, *, is_tight: bool) -> bool:
    if named.name.lower() == "pwd" and value.startswith(("/", "~")):
        return False
    is_sentence = " " in value or (":" in named.between and not is_tight)
    return not (is_sentence and is_prose(value))


def is_weak_secret(value: str, name: str, *, is_tight: bool = True) -> bool:
    """Whether what stands under a name that may mean anything (``key``, ``token``, ``auth``) is a secret."""
    parts = name.lower().replace("-", "_").split("_")
    last = parts[-1]
    if last == "token":
        return _is_token_like(value, is_tight=is_tight)
    if last in _CODES and _DIGITS.fullmatch(value):
        return True
    if last in _CODES or last.endswith("pass"):
        return is_random(value, _FEW_RANDOM) or (is_tight and is_mixed(value) and not is_path(value))
    if last in {"auth", "basicauth", "login"} and is_login(value):
        return True
    return is_random(value, _MORE_RANDOM if name.lower() == "key" else _MUCH_RANDOM)


def _is_secret_beside(value: str, named: Named) -> bool:
    """Whether a value that is not assigned to its name is a secret; most words beside a name are words."""
    between = named.between
    if named.strength is not Strength.STRONG:
        least = _MUCH_RANDOM if named.last == "token" else _MORE_RANDOM
        return is_random(value, least) and not is_hash(value)
    if between == ">" or _is_argument(named):
        return not is_prose(value)
    if value.lower().strip(".,;:)") in _COMMON or is_prose(value):
        return False
    if named.before.lower() == _ENVIRONMENT:
        return is_mixed(value)
    if "(" not in between and (between.strip("\"'`* \t") or '"' in between or "'" in between):
        return is_mixed(value) or is_random(value, _FEW_RANDOM)
    return is_random(value, _SOME_RANDOM)


def _is_argument(named: Named) -> bool:
    """Whether a value comes after an option in a list, or its name in a pair: ``('password', '…')``."""
    before = named.before
    return "," in named.between and (before.endswith(("(", "-")) or before.strip("\\bru\"'`").endswith("("))


def _is_token_like(value: str, *, is_tight: bool) -> bool:
    """Whether what comes after ``token=`` is a credential rather than a word, a number or code."""
    bare = value.rstrip(")].>")
    if not _TOKEN.fullmatch(bare):
        return False
    if _CODE_LIKE.fullmatch(bare):
        return (
            is_tight
            and bare == value
            and "." not in bare
            and (any(character.isdigit() for character in bare) or len(bare) >= _LONG_WORD)
        )
    return is_tight or any(character.isdigit() for character in bare)


def is_secret_under(name: str, value: str) -> bool:
    """Whether ``value`` is a secret where it stands under ``name`` alone, as in a mapping."""
    said = strength(name)
    if said is Strength.NONE:
        return False
    return _is_secret(value, Named(name, said, "=", is_assigned=True, before=""), is_tight=True)

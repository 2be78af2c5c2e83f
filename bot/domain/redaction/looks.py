"""What a value looks like: a credential, or something a person or a program wrote."""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from typing import Final

from bot.domain.redaction.mark import MARK, words

_PLACEHOLDER: Final = re.compile(
    r"(?:none|null|nil|true|false|yes|no|on|off|undefined|nan|unset|empty|missing|required|invalid|expired"
    r"|optional\b.*|unknown|hidden|masked|redacted|enabled|disabled|default|rejected|refused|denied|valid|set"
    r"|passwords?|secrets?|tokens?|keys?|credentials?|api[_-]?keys?|auth|str|string|bytes|int|float|bool|dict"
    r"|list|object|any|-+|[*x.•#?]{3,}.*|\.{3,}|…|(?:str|string|none|secretstr|bytes)(?:[ ]?\|[ ]?\w+)+"
    r"|\$\{?\(?[\w.:/-]*\)?\}?.*|%\(?\w.*|%[A-Z_]+%|\{+[\w. ]*\}+|<[^<>]*>?"
    r"|\[(?:mask|pad|unk|cls|sep|hidden|filtered|secret)\].*"
    r"|(?:os|self|cls|args|opts?|options|config|conf|cfg|settings|env|environ|params|kwargs|secrets|vars|process"
    r"|context)(?:\.|\[|->).*"
    r"|your[-_ ].*|my[-_](?:secret|token|password|key)|change[-_]?me|replace[-_ ]?me|todo|n/a|tbd)",
    re.IGNORECASE | re.DOTALL,
)
_PROSE: Final = words(
    """
    a an the is was are were be been has have had does do did must should shall will would can
    cannot could may might not no none nor and or of in on at to for from with without by as if when
    that this these it its your you field value input expected got extra permission permissions
    access required missing invalid incorrect wrong unauthorized unauthenticated forbidden denied
    error errors failed failure unable unknown unexpected unsupported please too authentication
    expired revoked found empty rejected length characters character string type object mismatch
    mismatched provided given loaded loading using used set unset only default format malformed
    """
)
"""Words of sentences about secrets; none of them is one."""
_FAULTS: Final = ("exception", "error")
"""What the names of errors end in: ``GetSecretValue: AccessDeniedException``."""
_CALL: Final = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\(")
_CHAIN: Final = re.compile(r"[A-Za-z_]+(?:\.[A-Za-z_]+)+(?:\[.*)?")
_SPLIT: Final = re.compile(r"[^A-Za-z0-9]+")
_WORD: Final = re.compile(r"(?:[A-Z]*+[a-z]{2,}+|[A-Z]{2,}+(?![a-z]))++\d{0,4}|[a-z]+|[A-Z]+|\d+")
_SHORT: Final = 7
"""A piece of up to so many characters says nothing: ``8x7B``, ``h100``, ``Qwen2``."""
_CHARACTERS: Final = re.compile(r"[!-~]+")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HASH: Final = re.compile(r"(?:sha\d{1,3}[:-]|md5[:-])?(?:[0-9a-f]{7,128}|[0-9A-F]{7,128})")
_LOCATED: Final = re.compile(
    r"(?:~|\.{0,2}|[A-Za-z]:|[a-z][a-z0-9+.-]{1,12}:)[/\\].*|[^/]*+/.*\.[A-Za-z]\w{0,9}", re.DOTALL
)
_SWITCHES: Final = re.compile(r"[a-z](?=[A-Z0-9])|[A-Z](?=[0-9])|[0-9](?=[A-Za-z])")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_EDGES: Final = ")].,;:>}\"'`|"
_PUNCTUATION: Final = "\\/=,;&|+ ()[]{}.:'\"`<>-_\t\r\n"
_FEWEST_RANDOM: Final = 8
_DENSE: Final = 0.33
_DENSE_FROM: Final = 20
_LONGEST_WORD: Final = 16
_MOST_READ: Final = 400


@lru_cache(maxsize=4096)
def is_placeholder(value: str) -> bool:
    """Whether ``value`` stands where a secret might and is none: nothing, a switch, ``<your key>``."""
    value = value.strip()
    return (
        not value.strip(_PUNCTUATION)
        or MARK in value
        or _PLACEHOLDER.fullmatch(value[:_MOST_READ].rstrip(_EDGES)) is not None
        or _PLACEHOLDER.fullmatch(value[:_MOST_READ]) is not None
    )


@lru_cache(maxsize=4096)
def is_code(value: str) -> bool:
    """Whether ``value`` is code that fetches a secret: ``args.password``, ``getpass()``."""
    return _CALL.match(value) is not None or _CHAIN.fullmatch(value[:_MOST_READ]) is not None


@lru_cache(maxsize=4096)
def is_path(value: str) -> bool:
    """Whether ``value`` is where a secret lies, on a disk or in a store."""
    return _LOCATED.fullmatch(value) is not None and _odd_characters(value) == 0


@lru_cache(maxsize=4096)
def is_prose(value: str) -> bool:
    """Whether ``value`` is a word of a sentence, or a sentence with such words in it."""
    first, *more = value[:_MOST_READ].lower().split()[:40] or [""]
    bare = first.strip(_EDGES)
    is_sentence = len(more) > 1 and not _PROSE.isdisjoint(more)
    return bare in _PROSE or bare.endswith(_FAULTS) or is_sentence


@lru_cache(maxsize=4096)
def is_random(value: str, least: int = 16) -> bool:
    """Whether nobody wrote ``value`` by hand: no words, model's name, path, date, number or UUID.

    A hash looks like this too; see `is_hash`.
    """
    bare = value[:_MOST_READ].strip(_EDGES + "([{<")
    if (
        len(bare) < least
        or not _CHARACTERS.fullmatch(bare)
        or _LOCATED.fullmatch(bare)
        or _UUID.fullmatch(bare)
    ):
        return False
    return _odd_characters(bare) >= _FEWEST_RANDOM or (
        len(bare) >= _DENSE_FROM
        and len(_SWITCHES.findall(bare)) > _DENSE * len(bare)
        and all(len(piece) < _SHORT or not _WORD.fullmatch(piece) for piece in _SPLIT.split(bare))
    )


@lru_cache(maxsize=4096)
def is_words(value: str) -> bool:
    """Whether ``value`` reads as words and numbers, as in names of models, files and options."""
    pieces = [piece for piece in _SPLIT.split(value[:_MOST_READ]) if piece]
    if any(len(piece) > _SHORT and not _WORD.fullmatch(piece) for piece in pieces):
        return False
    if len(pieces) == 1:
        return len(value) < _LONGEST_WORD
    return len(value) < _DENSE_FROM or len(_SWITCHES.findall(value)) <= _DENSE * len(value)


def _odd_characters(value: str) -> int:
    """How many characters stand in long pieces that are no words."""
    pieces = _SPLIT.split(value[:_MOST_READ])
    return sum(len(piece) for piece in pieces if len(piece) > _SHORT and not _WORD.fullmatch(piece))


def is_hash(value: str) -> bool:
    """Whether ``value`` may be a digest, a commit or a UUID: named otherwise, it is no secret."""
    bare = value.strip(_EDGES)
    return _HASH.fullmatch(bare) is not None or _UUID.fullmatch(bare) is not None


def is_mixed(value: str, least: int = 6) -> bool:
    """Whether ``value`` is one word of letters and digits, as passwords are: ``hunter2``."""
    bare = value.strip(_EDGES)
    return (
        len(bare) >= least
        and any(character.isdigit() for character in bare)
        and any(character.isalpha() for character in bare)
        and not _LOCATED.fullmatch(bare)
    )


def is_login(value: str) -> bool:
    """Whether ``value`` is ``user:password`` in base64, as Basic authentication and registries write it."""
    if not _BASE64.fullmatch(value):
        return False
    try:
        decoded = base64.b64decode(
            value + "=" * (-len(value) % 4), altchars=b"-_" if "-" in value or "_" in value else None
        )
    except (ValueError, binascii.Error):
        return False
    return b":" in decoded and decoded.isascii() and decoded.decode("ascii").isprintable()

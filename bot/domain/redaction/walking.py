"""Secrets in mappings and lists, as documents and log lines hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.redaction.cleaning import clean
from bot.domain.redaction.looks import is_placeholder
from bot.domain.redaction.mark import MARK, words
from bot.domain.redaction.named.named import is_secret_name
from bot.domain.redaction.named.names import Strength, strength
from bot.domain.redaction.named.values import is_secret_under
from bot.domain.redaction.text import cleaned, redact

MAX_DEPTH: Final = 24
"""`redact_value` replaces whatever is nested deeper."""
_NAME_FIELDS: Final = words("name key variable var env field header param parameter option setting property")
_VALUE_FIELDS: Final = words("value val secret_value secretvalue content contents data v default")


def redact_value(value: object, *, depth: int = MAX_DEPTH) -> object:
    """``value`` with `cleaned` applied to every string in it, keys too, and to bytes as text.

    Mappings, lists, tuples and sets are walked down to ``depth`` levels; what lies deeper, and whatever
    stands under a key that names a secret, becomes ``[redacted]``. Other objects come back as they are.
    """
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, bytes | bytearray):
        return cleaned(value.decode("utf-8", "replace"))
    if not isinstance(value, Mapping | list | tuple | set | frozenset):
        return value
    if depth <= 0:
        return MARK
    if isinstance(value, Mapping):
        return _redact_mapping(value, depth - 1)
    items = _redact_items(list(value), depth - 1)
    return items if isinstance(value, list) else tuple(items)


def is_secret_key(key: str) -> bool:
    """Whether what stands under ``key`` in a mapping is a secret, or ``key`` holds one itself."""
    seen = clean(key)
    return is_secret_name(seen) or redact(seen) != seen


def _redact_mapping(mapping: Mapping[object, object], depth: int) -> dict[object, object]:
    names_secret = any(
        isinstance(key, str)
        and key.lower() in _NAME_FIELDS
        and isinstance(item, str)
        and strength(item) is Strength.STRONG
        for key, item in mapping.items()
    )
    is_manifest = mapping.get("kind") == "Secret"
    redacted = {}
    for key, item in mapping.items():
        lowered = key.lower() if isinstance(key, str) else ""
        hides = (names_secret and lowered in _VALUE_FIELDS) or (
            is_manifest and lowered in {"data", "stringdata"}
        )
        shown = _redact_item(key, item, depth)
        redacted[_redact_key(key)] = MARK if hides and item is not None else shown
    return redacted


def _redact_items(items: Sequence[object], depth: int) -> list[object]:
    """The items of a list; what comes after an option like ``--password`` is removed."""
    redacted: list[object] = []
    before: object = None
    for item in items:
        hides = isinstance(before, str) and isinstance(item, str) and _is_secret_option(before, item)
        redacted.append(MARK if hides else redact_value(item, depth=depth))
        before = item
    return redacted


def _is_secret_option(option: str, value: str) -> bool:
    return (
        option.startswith("-")
        and is_secret_name(option)
        and not value.startswith("-")
        and not is_placeholder(value)
    )


def _redact_key(key: object) -> object:
    return cleaned(key) if isinstance(key, str) else key


def _redact_item(key: object, item: object, depth: int) -> object:
    if isinstance(key, str):
        name = cleaned(key)
        if is_secret_name(name) or (isinstance(item, str) and is_secret_under(name, cleaned(item))):
            return MARK
    return redact_value(item, depth=depth)

"""Small checks from which the rules for blocks are put together.

A check takes a value and where it stands, and yields one plain line for each thing Slack would refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

Check = Callable[[object, str], Iterator[str]]


def length(text: str) -> int:
    """Characters as JavaScript counts them (UTF-16 units): the strictest reading of Slack's limits."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def string(most: int, *, least: int = 1, blank: bool = False) -> Check:
    """A string of ``least`` to ``most`` characters; only white space counts as empty unless ``blank``."""

    def check(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{where}: must be a string, not {type(value).__name__}"
            return
        size = length(value)
        if size < least or (least and not blank and not value.strip()):
            yield f"{where}: must not be empty"
        elif size > most:
            yield f"{where}: {size} characters, at most {most}"
        if any("\ud800" <= char <= "\udfff" for char in value):
            yield f"{where}: half a surrogate pair is not valid UTF-8"

    return check


def whole(least: int, most: int) -> Check:
    """A whole number within bounds."""

    def check(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield f"{where}: must be a whole number from {least} to {most}"

    return check


def flag(value: object, where: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield f"{where}: must be true or false"


def one_of(*allowed: str) -> Check:
    """One of a few words."""

    def check(value: object, where: str) -> Iterator[str]:
        if value not in allowed:
            yield f"{where}: must be one of {', '.join(allowed)}"

    return check


def items(each: Check, most: int, *, least: int = 1) -> Check:
    """A list of ``least`` to ``most`` things, each checked."""

    def check(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, list | tuple):
            yield f"{where}: must be a list, not {type(value).__name__}"
            return
        if not least <= len(value) <= most:
            yield f"{where}: {len(value)} items, must be {least} to {most}"
        for index, item in enumerate(value):
            yield from each(item, f"{where}[{index}]")

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these keys and no others."""
    known = {**(optional or {}), **required}

    def check(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield f"{where}: must be an object, not {type(value).__name__}"
            return
        for key in required:
            if key not in value:
                yield f"{where}.{key}: missing"
        for key, item in value.items():
            if key in known:
                yield from known[key](item, f"{where}.{key}")
            else:
                yield f"{where}.{key}: unknown key"

    return check


def typed(kinds: Mapping[str, Check]) -> Check:
    """An object whose ``type`` chooses the check."""

    def check(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield f"{where}: must be an object, not {type(value).__name__}"
            return
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in kinds:
            yield f"{where}.type: {kind!r} is not allowed here (only {', '.join(kinds)})"
            return
        yield from kinds[kind](value, where)

    return check


def needs_one(check: Check, *keys: str) -> Check:
    """An object that also has at least one of ``keys``."""

    def both(value: object, where: str) -> Iterator[str]:
        yield from check(value, where)
        if isinstance(value, Mapping) and not any(key in value for key in keys):
            yield f"{where}: needs {' or '.join(keys)}"

    return both

"""Values that arrive in their wrapping: docker's ``--env-file`` keeps quotes, some shells keep line ends."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

import structlog

_log = structlog.stdlib.get_logger(__name__)
_QUOTES = ("'", '"')
_SHORTEST = 2


def unwrapped(value: str) -> str:
    """Without line ends around it, and without one pair of quotes around all of it."""
    bare = value.strip("\r\n")
    text = bare.strip()
    if len(text) >= _SHORTEST and text[0] == text[-1] and text[0] in _QUOTES:
        return text[1:-1]
    return bare


def all_unwrapped(variables: Mapping[str, str | None]) -> dict[str, str | None]:
    """The same variables without wrapping; what was nothing else is not set."""
    bare = {name: None if value is None else unwrapped(value) for name, value in variables.items()}
    return {name: value for name, value in bare.items() if value != ""}


def wrapped_settings(fields: Iterable[str]) -> tuple[str, ...]:
    """Which of these settings stand in the environment with wrapping, by the names people set."""
    found = {name.upper(): value for name, value in os.environ.items()}
    return tuple(
        name for name in map(str.upper, fields) if name in found and unwrapped(found[name]) != found[name]
    )


def warn_of_wrapping(fields: Iterable[str]) -> None:
    """Log each setting whose wrapping was taken off, by name."""
    for name in wrapped_settings(fields):
        _log.warning("setting came in quotes or with a line end, which were left out", setting=name)

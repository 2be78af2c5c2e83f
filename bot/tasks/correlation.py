"""The reference of what is going on: one for each delivery of Slack's, each round and each message.

It goes along with the task, and with every task begun in it: into each line of the log, into the requests to
Simplismart, and onto the card that says what went wrong. Most deliveries are acknowledged without anybody
asking for theirs: it is made when it is asked for.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextvars import ContextVar, Token
from typing import Self

_BYTES = 4


def _no_name() -> str:
    return ""


class correlated:  # noqa: N801  (stands in a `with`, as what contextlib makes does)
    """Give what happens in the block a reference: what ``known`` says, or a new one where that is empty."""

    __slots__ = ("_before", "_known", "_made")

    def __init__(self, known: Callable[[], str] = _no_name) -> None:
        self._known = known
        self._made = ""
        self._before: Token[correlated | None] | None = None

    def __enter__(self) -> Self:
        """Begin it."""
        self._before = _current.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        """Give back what was before."""
        if self._before is not None:
            _current.reset(self._before)

    def __str__(self) -> str:
        """The reference itself, the same each time."""
        if not self._made:
            self._made = self._known() or secrets.token_hex(_BYTES)
        return self._made


_current: ContextVar[correlated | None] = ContextVar("reference", default=None)


def current_reference() -> str:
    """The reference of what is going on; empty outside of any."""
    current = _current.get()
    return "" if current is None else str(current)


def reference() -> str:
    """The same; outside of any, a new one."""
    return current_reference() or secrets.token_hex(_BYTES)

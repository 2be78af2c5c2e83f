"""The reference of what is going on: one for each delivery of Slack's, each round and each message.

It goes along with the task, and with every task begun in it: into each line of the log, into the requests to
Simplismart, and onto the card that says what went wrong.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_BYTES = 4
_reference: ContextVar[str] = ContextVar("reference", default="")


def current_reference() -> str:
    """The reference of what is going on; empty outside of any."""
    return _reference.get()


def reference() -> str:
    """The same; outside of any, a new one."""
    return _reference.get() or secrets.token_hex(_BYTES)


@contextmanager
def correlated(known: str = "") -> Iterator[str]:
    """Give what happens in the block a reference: this one, or a new one."""
    given = known or secrets.token_hex(_BYTES)
    before = _reference.set(given)
    try:
        yield given
    finally:
        _reference.reset(before)

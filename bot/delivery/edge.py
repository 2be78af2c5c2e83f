"""Delivery's one edge: whatever goes wrong behind it comes back as a value."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

_T = TypeVar("_T")


async def caught(work: Awaitable[_T]) -> _T | Exception:
    """What ``work`` returns, or raises. One message, or one turn, must never end delivery."""
    try:
        return await work
    except Exception as error:  # noqa: BLE001  (the loop's edge; whoever asks decides and logs)
        return error

"""Messages with charts or tables, in workspaces that might refuse them.

Both are newer than many clients and plans. A workspace without them answers ``invalid_blocks``; it may take
the one and not the other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from typing import Any, Final, TypeVar

import structlog

from bot.domain.errors import SlackPermanentError

REMEMBERED_SECONDS: Final = 86_400.0
"""How long no chart is tried after one was refused: a workspace seldom gets them overnight.

So long, too, a chart that was taken says that the next one will be.
"""

_PLAINER: Final = "plainer"
_TABLE: Final = "table"
_REFUSED: Final = "invalid_blocks"
_T = TypeVar("_T")
_log = structlog.stdlib.get_logger(__name__)


class Kind(Enum):
    """Who sees a message: what is taken for all need not be taken for one person alone."""

    FOR_ALL = "for all"
    FOR_ONE = "for one"


class Charts:
    """Knows whether one workspace takes charts, and whether it takes tables; ``monotonic`` is the clock's."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._charts, self._tables = _Blocks(monotonic), _Blocks(monotonic)

    async def send(
        self,
        message: Mapping[str, Any],
        send: Callable[[Mapping[str, Any]], Awaitable[_T]],
        kind: Kind = Kind.FOR_ALL,
        *,
        may_try: bool = True,
    ) -> _T:
        """Send a message; where it has what is not taken, its ``plainer`` form in its place.

        Unless it ``may_try``, charts go out only where they are known to be taken. A refused message was
        surely not posted, so that the second try cannot post it twice. Where that is refused as well, it was
        not the charts' fault.

        Raises:
            SlackError: neither was taken, or something else went wrong.
        """
        has_table = any(block.get("type") == _TABLE for block in message.get("blocks") or ())
        blocks = self._tables if has_table else self._charts
        return await blocks.send(message, send, kind, may_try=may_try)


class _Blocks:
    """What is known of one type of block."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._none_until = dict.fromkeys(Kind, float("-inf"))
        self._taken_until = dict.fromkeys(Kind, float("-inf"))

    async def send(
        self,
        message: Mapping[str, Any],
        send: Callable[[Mapping[str, Any]], Awaitable[_T]],
        kind: Kind,
        *,
        may_try: bool,
    ) -> _T:
        """See `Charts.send`."""
        if _PLAINER not in message:
            return await send(message)
        full = {name: value for name, value in message.items() if name != _PLAINER}
        plain = {**full, **message[_PLAINER]}
        now = self._monotonic()
        if now < self._none_until[kind] or (not may_try and now >= self._taken_until[kind]):
            return await send(plain)
        try:
            sent = await send(full)
        except SlackPermanentError as error:
            if error.slack_code != _REFUSED:
                raise
            _log.info("sent without its charts", detail=error.detail)
        else:
            self._taken_until[kind] = self._monotonic() + REMEMBERED_SECONDS
            return sent
        # Remembered before the second try: where that is told to wait, it shall not end here once more.
        before = dict(self._none_until)
        self._remember_refusal(kind)
        try:
            return await send(plain)
        except SlackPermanentError as error:
            if error.slack_code == _REFUSED:
                self._none_until = before
            raise

    def _remember_refusal(self, kind: Kind) -> None:
        """Of this kind of message, and of the other where nothing is known of it."""
        now = self._monotonic()
        self._taken_until[kind] = float("-inf")
        for each in Kind:
            if now >= self._taken_until[each]:
                self._none_until[each] = now + REMEMBERED_SECONDS

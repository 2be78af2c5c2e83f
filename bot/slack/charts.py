"""Messages with charts, in workspaces that may not take them.

Charts are newer than many clients and plans. A workspace without them answers ``invalid_blocks``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

import structlog

from bot.domain.errors import SlackPermanentError

REMEMBERED_SECONDS: Final = 86_400.0
"""How long no chart is tried after one was refused: a workspace seldom gets them overnight."""

_PLAINER: Final = "plainer"
_REFUSED: Final = "invalid_blocks"
_T = TypeVar("_T")
_log = structlog.stdlib.get_logger(__name__)


class Charts:
    """Knows whether one workspace takes charts; ``monotonic`` is the clock's."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._none_until = float("-inf")

    async def send(
        self, message: Mapping[str, Any], send: Callable[[Mapping[str, Any]], Awaitable[_T]]
    ) -> _T:
        """Send a message; where it has charts that are not taken, its ``plainer`` form in its place.

        A refused message was surely not posted, so that the second try cannot post it twice. Where that is
        refused as well, it was not the charts' fault.

        Raises:
            SlackError: neither was taken, or something else went wrong.
        """
        if _PLAINER not in message:
            return await send(message)
        full = {name: value for name, value in message.items() if name != _PLAINER}
        plain = {**full, **message[_PLAINER]}
        if self._monotonic() < self._none_until:
            return await send(plain)
        try:
            return await send(full)
        except SlackPermanentError as error:
            if error.slack_code != _REFUSED:
                raise
            _log.info("sent without its charts", detail=error.detail)
        # Remembered before the second try: where that is told to wait, it shall not end here once more.
        self._none_until = self._monotonic() + REMEMBERED_SECONDS
        try:
            return await send(plain)
        except SlackPermanentError as error:
            if error.slack_code == _REFUSED:
                self._none_until = float("-inf")
            raise

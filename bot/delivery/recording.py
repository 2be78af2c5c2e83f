"""Writing down the outcome of a try: what Slack did is known now, and not later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from bot.domain.errors import StoreError
from bot.domain.ports import Clock

_PAUSES_SECONDS: Final = (0.1, 0.3, 1.0, 3.0)

_log = structlog.stdlib.get_logger(__name__)


async def recorded(clock: Clock, write: Callable[[], Awaitable[bool]]) -> bool:
    """Write it; a database that is away for a moment is waited for. Whether it still counted.

    Raises:
        StoreError: it could not be written.
    """
    for pause in _PAUSES_SECONDS:
        try:
            in_time = await write()
        except StoreError as error:
            if not error.can_retry:
                raise
            await clock.sleep(pause)
        else:
            break
    else:
        in_time = await write()
    if not in_time:
        _log.warning("a message's outcome was recorded before, or its lease expired")
    return in_time

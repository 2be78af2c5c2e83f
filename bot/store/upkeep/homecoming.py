"""What an earlier version stored under other workspaces becomes ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.domain.errors import StoreError
from bot.domain.messages.installation import Installation
from bot.domain.ports import Clock, Upkeep

REPAIR_PAUSE_SECONDS = 30.0
"""Before another try to bring home what is stored under other workspaces."""

_log = structlog.stdlib.get_logger(__name__)


async def bring_home(upkeep: Upkeep, known: Callable[[], Awaitable[Installation]], clock: Clock) -> None:
    """Let what an earlier version stored under another workspace be ours: one token, one workspace.

    Waits until that is ``known``, and however long the database does not answer.
    """
    installation = await known()
    team_id = installation.team_id or installation.enterprise_id
    while team_id:
        try:
            rows = await upkeep.adopt(team_id, clock.now())
        except StoreError as error:
            _log.warning("what is stored under other workspaces waits", detail=error.detail)
            await clock.sleep(REPAIR_PAUSE_SECONDS)
            continue
        if rows:
            _log.info("what was stored under other workspaces is ours now", team_id=team_id, rows=rows)
        return

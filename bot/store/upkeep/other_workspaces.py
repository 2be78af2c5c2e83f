"""Says in the log where the database is another workspace's than the token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from bot.domain.errors import StoreError
from bot.domain.ports import Clock, Gateways, NotInstalled, Upkeep

PAUSE_SECONDS: Final = 30.0
"""Before another try, where the database does not answer."""

_log = structlog.stdlib.get_logger(__name__)


async def warn_of_other_workspaces(
    upkeep: Upkeep, logged_in: Callable[[], Awaitable[object]], gateways: Gateways, clock: Clock
) -> None:
    """Once Slack has said whose the tokens are; however long the database does not answer.

    What is stored for a workspace that no token belongs to stays as it is, and waits.
    """
    await logged_in()
    while True:
        try:
            teams = await upkeep.teams()
        except StoreError as error:
            _log.warning("whose the database is cannot be checked yet", detail=error.detail)
            await clock.sleep(PAUSE_SECONDS)
            continue
        for team_id in teams:
            found = await gateways.for_team(team_id)
            if isinstance(found, NotInstalled):
                _log.error(
                    "the database is a workspace's that the bot cannot reach: set that workspace's "
                    "SLACK_BOT_TOKEN, or move what it has there with `python -m bot adopt`",
                    team_id=team_id,
                    reason=found.reason,
                )
        return

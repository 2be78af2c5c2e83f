"""Says in the log where the database is another workspace's than the token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from bot.domain.errors import StoreError
from bot.domain.ports import Clock, Gateways, NotInstalled, Upkeep

PAUSE_SECONDS: Final = 30.0
"""Before another try, where the database does not answer."""
_UNREACHED: Final = "the database is a workspace's that the bot cannot reach"
_MOVE: Final = "or move what it has there with `python -m bot adopt`"
_BY_TOKEN: Final = f"{_UNREACHED}: set that workspace's SLACK_BOT_TOKEN, {_MOVE}"
_BY_CLICK: Final = f"{_UNREACHED}: install the app there, {_MOVE}"

_log = structlog.stdlib.get_logger(__name__)


async def warn_of_other_workspaces(
    upkeep: Upkeep,
    logged_in: Callable[[], Awaitable[object]],
    gateways: Gateways,
    clock: Clock,
    *,
    installs_by_click: bool = False,
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
                    _BY_CLICK if installs_by_click else _BY_TOKEN,
                    team_id=team_id,
                    reason=found.reason,
                )
        return

"""Who the bot is in Slack: asked once, in the background, so that no person's question waits for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from slack_bolt.authorization import AuthorizeResult

from bot.domain.errors import SlackError
from bot.domain.ports import Clock
from bot.slack.gateway import SlackWebGateway

RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
"""The pauses between tries; the last one for ever."""

_log = structlog.stdlib.get_logger(__name__)


class Login:
    """Asks ``auth.test`` until Slack answers it."""

    def __init__(self, gateway: SlackWebGateway, clock: Clock, token: str) -> None:
        self._gateway = gateway
        self._clock = clock
        self._result = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)
        self.problem: str | None = "auth.test has not answered yet"
        """Why Slack does not know us, fit for strangers' eyes; None once it does."""
        self.bot_name = ""
        """The bot's name in Slack; empty until it is known."""

    def authorizer(self) -> Callable[..., Awaitable[AuthorizeResult]]:
        """What Bolt asks before each delivery; it never waits."""

        # Bolt reads the names of the arguments and would count a bound method's self among them.
        async def authorize() -> AuthorizeResult:
            return self._result

        return authorize

    async def run(self) -> None:
        """Ask until Slack answers."""
        attempt = 0
        while self.problem is not None:
            try:
                identity = await self._gateway.identity()
                self._result = AuthorizeResult(
                    enterprise_id=None,
                    team_id=identity.team_id,
                    bot_token=self._result.bot_token,
                    bot_id=identity.bot_id,
                    bot_user_id=identity.user_id,
                )
                self.bot_name = identity.name
                self.problem = None
            except SlackError as error:
                self.problem = f"auth.test failed: {error.slack_code}"
                _log.error("cannot log in to Slack", detail=error.detail)
                await self._clock.sleep(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
                attempt += 1

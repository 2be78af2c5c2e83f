"""Who the bot is in Slack: asked once, in the background, so that no person's question waits for it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime

import structlog
from slack_bolt.authorization import AuthorizeResult

from bot.domain.errors import SlackError, SlackRevokedError
from bot.domain.messages.installation import Installation
from bot.domain.ports import Clock
from bot.slack.gateway import SlackWebGateway

RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
"""The pauses between tries; the last one for ever."""
_EXPIRING = "xoxe."
"""How a bot token begins that is exchanged for another one every few hours."""
PATIENCE_SECONDS = 1.5
"""How long a delivery waits for the first answer: Slack waits 3 s for the ack."""

_log = structlog.stdlib.get_logger(__name__)


class Login:
    """Asks ``auth.test`` until Slack answers it, and again once the token is known to be refused.

    With ``known`` Slack has said before whose the token is, at ``since``: nothing waits for the answer.
    """

    def __init__(
        self,
        gateway: SlackWebGateway,
        clock: Clock,
        token: str,
        known: Installation | None = None,
        since: datetime | None = None,
    ) -> None:
        self.gateway = gateway
        self._clock = clock
        self.authorized = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)
        """The same for Bolt."""
        self.problem: str | None = "auth.test has not answered yet"
        """Why Slack does not know us, fit for strangers' eyes; None once it does."""
        self.bot_name = ""
        """The bot's name in Slack; empty until it is known."""
        self.installation = Installation()
        """Where the bot is at home; nowhere until that is known."""
        self._tried, self._logged_in = asyncio.Event(), asyncio.Event()
        self._refused = asyncio.Event()
        self._is_over = False
        """Slack has said that the token is no good any more, and has not taken it since."""
        self._since = since
        """When Slack first took this token here, or took it again after it was uninstalled."""
        self._is_named = False
        """Whether Slack has said what the bot is called."""
        self._preset = known
        if known is not None:
            self._at_home(known)

    async def soon(self) -> Installation:
        """Where the bot is at home; waits for the first try to log in, but no longer than an ack can wait."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._tried.wait()
        return self.installation

    async def known(self) -> Installation:
        """Where the bot is at home, once Slack has told it."""
        await self._logged_in.wait()
        return self.installation

    def refused(self, reason: str) -> datetime | None:
        """Slack refuses the token, by this error code. Returns since when it was taken, if that is known."""
        self._is_over = True
        self.problem = f"the app was uninstalled, or its token revoked ({reason})"
        _log.error("Slack lets the bot in no more: install the app again", reason=reason)
        self._refused.set()
        return self._since

    async def outlives(self, at: datetime) -> bool:
        """Whether what ended then was an earlier installation: this token came later, and works.

        Slack repeats events, sometimes late. Only of what is older than the first login it is asked; where
        tokens expire, always, since an earlier one may be what was revoked.

        Raises:
            SlackError: Slack does not say.
        """
        is_older = self._since is not None and at < self._since
        if not is_older and not (self.authorized.bot_token or "").startswith(_EXPIRING):
            return False
        return not await self.is_refused()

    async def is_refused(self) -> bool:
        """Whether Slack takes the token no more; it is asked now.

        Raises:
            SlackError: Slack does not say.
        """
        try:
            await self.gateway.identity(patience_seconds=0)
        except SlackRevokedError:
            return True
        return False

    async def run(self) -> None:
        """Ask until Slack answers; where it refuses the token later on, ask now and then whether it does."""
        while True:
            await self._log_in()
            await self._refused.wait()
            self._refused.clear()
            await self._clock.sleep(RETRY_SECONDS[-1])

    async def _log_in(self) -> None:
        attempt = 0
        while self.problem is not None or not self._is_named:
            try:
                identity = await self.gateway.identity()
                self._since = self._clock.now() if self._is_over else self._since or self._clock.now()
                self.bot_name, self._is_named = identity.name, True
                found = Installation(identity.team_id, identity.enterprise_id, identity.user_id)
                # Of an app that is installed for many workspaces auth.test names one, or none.
                self._at_home(self._preset or found, identity.bot_id)
            except SlackError as error:
                # Where it was known before, only a refusal says otherwise.
                if self._preset is None or isinstance(error, SlackRevokedError):
                    self.problem = f"auth.test failed: {error.slack_code}"
                self._tried.set()
                _log.error("cannot log in to Slack", detail=error.detail)
                await self._clock.sleep(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
                attempt += 1

    def _at_home(self, installation: Installation, bot_id: str | None = None) -> None:
        self.installation = installation
        self.authorized = AuthorizeResult(
            enterprise_id=installation.enterprise_id or None,
            team_id=installation.team_id,
            bot_token=self.authorized.bot_token,
            bot_id=bot_id,
            bot_user_id=installation.bot_user_id,
        )
        self.problem, self._is_over = None, False
        self._tried.set()
        self._logged_in.set()

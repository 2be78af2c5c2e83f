"""The workspaces whose tokens this process has, and the way into each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from slack_bolt.authorization import AuthorizeResult

from bot.domain.ports import NotInstalled, SlackGateway
from bot.slack.login import Login

NOT_YET_SECONDS: Final = 5.0
"""Until it is asked again whether Slack has said whose a token is."""
ELSEWHERE_SECONDS: Final = 60.0
"""The same for a workspace that no token belongs to."""


class Workspaces:
    """Implements `bot.domain.ports.Gateways` over the tokens that are logged in."""

    def __init__(self, logins: Sequence[Login]) -> None:
        self._logins = logins

    async def known(self) -> None:
        """Return once Slack has said whose each token is."""
        for login in self._logins:
            await login.known()

    def authorizer(self) -> Callable[..., Awaitable[AuthorizeResult]]:
        """What Bolt asks before each delivery, to tell the bot's own messages; it never waits."""
        first, *others = self._logins

        # Bolt reads the names of the arguments and would count a bound method's self among them.
        async def authorize(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult:
            named = (each for each in others if each.installation.home_id in {team_id, enterprise_id})
            return next(named, first).authorized

        return authorize

    async def for_team(self, team_id: str) -> SlackGateway | NotInstalled:
        """See the port. Right after the start the first answer of ``auth.test`` is waited for a moment."""
        for login in self._logins:
            if (await login.soon()).home_id == team_id and login.problem is None:
                return login.gateway
        if problem := next((login.problem for login in self._logins if login.problem), None):
            return NotInstalled(problem, NOT_YET_SECONDS)
        homes = ", ".join(login.installation.home_id for login in self._logins)
        return NotInstalled(f"SLACK_BOT_TOKEN belongs to another workspace ({homes})", ELSEWHERE_SECONDS)

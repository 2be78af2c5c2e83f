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
"""The same for a workspace that no token belongs to, or whose token Slack refuses."""


class Workspaces:
    """Implements `bot.domain.ports.Gateways` over the tokens that are logged in.

    ``logins`` are those of which only ``auth.test`` says whose they are. ``installed`` finds any other by its
    workspace, or organization of workspaces.
    """

    def __init__(
        self,
        logins: Sequence[Login],
        installed: Callable[[str], Login | None] | None = None,
        may_tell: Callable[[str, str], bool] = lambda _team_id, _org_id: True,
    ) -> None:
        self._logins = logins
        self._installed = installed
        self._may_tell = may_tell

    def may_tell(self, team_id: str, org_id: str) -> bool:
        """See the port. With a token of the settings, the settings have the key too."""
        return self._may_tell(team_id, org_id)

    async def known(self) -> None:
        """Return once Slack has said whose each token is."""
        for login in self._logins:
            await login.known()

    def authorizer(self) -> Callable[..., Awaitable[AuthorizeResult]]:
        """What Bolt asks before each delivery, to tell the bot's own messages; it never waits."""

        # Bolt reads the names of the arguments and would count a bound method's self among them.
        async def authorize(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult:
            return self._authorized(team_id, enterprise_id)

        return authorize

    def _authorized(self, *homes: str | None) -> AuthorizeResult:
        for home in filter(None, homes):
            if self._installed and (login := self._installed(home)) is not None:
                return login.authorized
        if self._logins:
            first, *others = self._logins
            return next((each for each in others if each.installation.home_id in homes), first).authorized
        # Of a workspace that is none of ours; the gate refuses it.
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token="")

    async def for_team(self, team_id: str) -> SlackGateway | NotInstalled:
        """See the port. Right after the start the first answer of ``auth.test`` is waited for a moment."""
        if self._installed and (found := self._installed(team_id)) is not None:
            return NotInstalled(found.problem, ELSEWHERE_SECONDS) if found.problem else found.gateway
        for login in self._logins:
            if (await login.soon()).home_id == team_id and login.problem is None:
                return login.gateway
        if problem := next((login.problem for login in self._logins if login.problem), None):
            return NotInstalled(problem, NOT_YET_SECONDS)
        if not self._logins:
            return NotInstalled("the app is not installed in this workspace", ELSEWHERE_SECONDS)
        homes = ", ".join(login.installation.home_id for login in self._logins)
        return NotInstalled(f"SLACK_BOT_TOKEN belongs to another workspace ({homes})", ELSEWHERE_SECONDS)

"""Who asks from where: the tenant to whom a workspace, and a channel in it, belongs."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.messages.installation import Body, channel_of, delivered_to
from bot.handlers.kit.context import Context


class Tenants:
    """The tenants of this process. A workspace's channels all belong to one."""

    def __init__(self, contexts: Sequence[Context]) -> None:
        self._contexts = contexts

    @property
    def are_known(self) -> bool:
        """Whether Slack has said of any where it is at home: until then none can be answered later."""
        return any(context.login.installation.is_known for context in self._contexts)

    async def of(self, team_id: str, channel_id: str) -> Context | None:  # noqa: ARG002  (for channels that differ)
        """What this workspace, or organization of workspaces, is answered with; None: it is nobody's here.

        Where no team is named it is the only tenant there is, and so before Slack has said where that is.
        """
        if len(self._contexts) == 1 and not (team_id and self.are_known):
            return self._contexts[0]
        for context in self._contexts:
            known = context.login.installation
            home = known if known.is_known else await context.login.soon()
            if team_id and team_id in {home.team_id, home.enterprise_id}:
                return context
        return None

    async def of_delivery(self, body: Body) -> Context | None:
        """The tenant that Slack delivered this for, whoever did it; None where that is none of ours."""
        if len(self._contexts) == 1:  # as would come of it: every delivery waits for this
            return self._contexts[0]
        channel_id = channel_of(body)
        for team_id in (*delivered_to(body), ""):
            if (found := await self.of(team_id, channel_id)) is not None:
                return found
        return None

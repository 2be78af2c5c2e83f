"""Who asks from where: the tenant to whom a workspace, and a channel in it, belongs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.domain.messages.installation import Body, channel_of, delivered_to
from bot.domain.messages.workspaces import workspace_of
from bot.handlers.kit.context import Context

Installed = Callable[[str, str], Context | None]
"""By workspace, or organization of workspaces, and channel; None: it is nobody's, as far as is known."""


class Tenants:
    """The tenants of this process.

    ``contexts`` are those of which only Slack says where they are at home: each is a whole workspace's. Where
    ``installed`` is given, it finds all others, which come and go, and differ by channel.
    """

    def __init__(self, contexts: Sequence[Context], installed: Installed | None = None) -> None:
        self._contexts = contexts
        self._installed = installed

    @property
    def are_known(self) -> bool:
        """Whether Slack has said of any where it is at home: until then none can be answered later."""
        if self._installed is not None:
            return True
        return any(context.login.installation.is_known for context in self._contexts)

    async def of(self, team_id: str, channel_id: str) -> Context | None:
        """What this workspace, or organization of workspaces, is answered with; None: it is nobody's here.

        Where no team is named it is the only tenant there is, and so before Slack has said where that is.
        """
        if self._installed is not None:
            return self._installed(team_id, channel_id)
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
        if self._installed is not None:
            found = _delivered(self._installed, body, channel_id)
            return None if found is None else in_workspace(found, body)
        for team_id in (*delivered_to(body), ""):
            if (found := await self.of(team_id, channel_id)) is not None:
                return found
        return None


def in_workspace(context: Context, body: Body) -> Context:
    """The same in the workspace that a payload names, where the app is installed for all of them."""
    if not context.is_org_wide:
        return context
    return replace(context, workspace_id=workspace_of(body, context.login.installation))


def _delivered(installed: Installed, body: Body, channel_id: str) -> Context | None:
    """The first that is found; of an organization of workspaces rather the one of them that is named."""
    whole: Context | None = None
    for team_id in delivered_to(body):
        if (found := installed(team_id, channel_id)) is None:
            continue
        home = found.login.installation
        if whole is not None and home.enterprise_id != whole.login.installation.enterprise_id:
            continue
        if home.team_id:
            return found
        whole = whole or found
    return whole

"""One installation of the Slack app: its token, and the organizations its people ask about."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

import aiohttp

from bot.domain.messages.installation import Installation
from bot.domain.ports import Clock, TrainingApi
from bot.domain.ports.monitoring import Measures
from bot.domain.ports.tenants import OrganizationAccess, WorkspaceAccess
from bot.slack.gateway import SlackWebGateway
from bot.slack.login import Login
from bot.slack.web_api.waits import SlackWaits
from bot.tasks import Errands, tenant_at_work, working_for


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organization and the workspace its people ask in, reached."""

    workspace: WorkspaceAccess
    access: OrganizationAccess
    training_api: TrainingApi
    login: Login


class Installed:
    """Opened with its first use: most of a thousand workspaces are quiet."""

    def __init__(  # noqa: PLR0913, PLR0917  (how to reach Slack, and what all installations share)
        self,
        access: WorkspaceAccess,
        session: aiohttp.ClientSession,
        clock: Clock,
        logging_in: Errands,
        measures: Measures,
        waits: SlackWaits,
    ) -> None:
        self.access = access
        self._session = session
        self._clock = clock
        self._logging_in = logging_in
        self._measures = measures
        self._waits = waits
        self._logins: dict[str, Login] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._tenants: dict[tuple[str, OrganizationAccess], Tenant] = {}
        self._by_place: dict[tuple[str, str], OrganizationAccess | None] = {
            **dict.fromkeys(access.without_key),
            **{(each.team_id, each.channel_id): each for each in access.organizations},
        }

    @property
    def home_ids(self) -> frozenset[str]:
        """The workspaces, or the organization of workspaces, that it is at home in."""
        return frozenset({self.access.home_id, *(team_id for team_id, _ in self._by_place)} - {""})

    @property
    def problem(self) -> str | None:
        """Why Slack lets it in no more; None too where that has not been tried."""
        return next((each.problem for each in self._logins.values() if each.problem), None)

    def login(self, home_id: str) -> Login:
        """Who the bot is there. Slack is asked for what is not known yet beside whatever goes on."""
        if (login := self._logins.get(home_id)) is None:
            login = self._logins[home_id] = self._opened(home_id)
            with working_for(home_id):
                self._tasks.append(self._logging_in.start(login.run()))
        return login

    def unknown(self) -> Login:
        """The login of a token of which only ``auth.test`` says whose it is; its task is the caller's."""
        if not self._logins:
            self._logins[""] = Login(self._gateway(""), self._clock, self._token)
        return self._logins[""]

    def organization(self, team_id: str, channel_id: str) -> OrganizationAccess | None:
        """Whose jobs people ask about there: the channel's own comes first, then the workspace's.

        None where nobody's are: of that place none was set, or its key is gone.
        """
        places = ((team_id, channel_id), ("", channel_id), (team_id, ""), ("", ""))
        return next((self._by_place[each] for each in places if each in self._by_place), None)

    def tenant(self, login: Login, access: OrganizationAccess, training_api: TrainingApi) -> Tenant:
        """The same one as long as all of it is the same."""
        key = (login.installation.home_id, access)
        tenant = self._tenants.get(key)
        if tenant is None or tenant.training_api is not training_api or tenant.login is not login:
            tenant = self._tenants[key] = Tenant(self.access, access, training_api, login)
        return tenant

    def close(self) -> None:
        """Ask nothing more of Slack; what is under way goes on with what it has."""
        for task in self._tasks:
            task.cancel()

    @property
    def _token(self) -> str:
        return self.access.slack_bot_token.get_secret_value()

    def _gateway(self, home_id: str) -> SlackWebGateway:
        return SlackWebGateway(
            self._session,
            self.access.slack_api_url,
            self._token,
            self._clock,
            on_limited=partial(self._limited, home_id),
            measures=self._measures,
            waits=self._waits.of(home_id),
        )

    def _limited(self, home_id: str, method: str) -> None:
        """Slack asked for a wait: it is counted for the organization whose work was going on."""
        at_work, own = tenant_at_work(), self.organization(self.access.home_id, "")
        org_id = at_work.org_id or ("" if own is None else own.org_id)
        self._measures.slack_limited(home_id or at_work.team_id, org_id, method)

    def _opened(self, home_id: str) -> Login:
        access = self.access
        is_whole = access.is_org_wide and home_id == access.enterprise_id
        known = Installation("" if is_whole else home_id, access.enterprise_id, access.bot_user_id)
        return Login(self._gateway(home_id), self._clock, self._token, known, access.installed_at)

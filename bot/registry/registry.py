"""Who is at home where, as the source says: tenants come, change and go while the process runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import aiohttp
import structlog
from pydantic import SecretStr

from bot.domain.errors import StoreError
from bot.domain.key_expiry import expires_at, is_near
from bot.domain.ports import Clock
from bot.domain.ports.monitoring import NOT_MEASURED, Measures
from bot.domain.ports.tenants import OrganizationAccess, TenantSource, WorkspaceAccess
from bot.registry.installed import Installed, Tenant
from bot.registry.organizations import Organizations, account_of
from bot.slack.gateway import SlackWebGateway
from bot.slack.login import Login
from bot.slack.web_api.waits import SlackWaits
from bot.slack.workspaces import Workspaces
from bot.tasks import Errands, OnRound
from bot.training_api.not_connected import NotConnected

REFRESH_SECONDS: Final = 3.0
"""How often it is asked whether another process changed a tenant."""
_LONGEST_PAUSE_SECONDS: Final = 60.0
NO_ORGANIZATION: Final = OrganizationAccess("", "", SecretStr(""))
"""Of a workspace to which none is connected yet."""
_NOWHERE: Final = WorkspaceAccess("", SecretStr(""))
_NOT_CONNECTED: Final = NotConnected()

_log = structlog.stdlib.get_logger(__name__)


class Registry:
    """The tenants of this process. ``is_fixed``: they are the settings', and never change.

    ``waits`` are those that Slack asked any process for, where these can be known.
    """

    def __init__(  # noqa: PLR0913  (where tenants come from, and what they are opened with)
        self,
        source: TenantSource,
        session: aiohttp.ClientSession,
        clock: Clock,
        measures: Measures = NOT_MEASURED,
        *,
        is_fixed: bool,
        waits: SlackWaits | None = None,
    ) -> None:
        self._source = source
        self._session = session
        self._clock = clock
        self._measures = measures
        self._waits = SlackWaits(clock) if waits is None else waits
        self.is_fixed = is_fixed
        self.organizations = Organizations(clock, measures, is_fixed=is_fixed)
        self._unknown: list[Login] = []
        """Of which only ``auth.test`` says whose they are."""
        self.workspaces = Workspaces(self._unknown, None if is_fixed else self.login, self.may_tell)
        self._logging_in = Errands("logging in to Slack")
        self._installed: dict[str, Installed] = {}
        """By what stays the same when their tokens change."""
        self._homes: dict[str, Installed] = {}
        """By workspace, or organization of workspaces."""
        self._revision: str | None = None
        self.key_expiries: Sequence[datetime | None] = ()
        """When each organization's key expires; None for one that does not say."""
        self._changed: list[Callable[[], None]] = []

    def on_change(self, changed: Callable[[], None]) -> None:
        """Call this whenever tenants came, changed or went."""
        self._changed.append(changed)

    @property
    def problem(self) -> str | None:
        """Why nobody can be found; None once the source has been read."""
        return "the tenants have not been read yet" if self._revision is None else None

    def expiring_keys(self, now: datetime) -> int:
        """How many API keys have expired, or will soon."""
        return sum(each is not None and is_near(each, now) for each in self.key_expiries)

    @property
    def installed(self) -> Sequence[Installed]:
        """Every installation."""
        return tuple(self._installed.values())

    def tenants(self) -> Sequence[Tenant]:
        """Those whose workspace only ``auth.test`` says, opened.

        Raises:
            SettingsError: an address or a key can never work.
        """
        return [
            each.tenant(each.unknown(), access, self.organizations.open(account_of(access)))
            for each in self._installed.values()
            if not each.access.home_id
            for access in each.access.organizations
        ]

    def tenant(self, team_id: str, channel_id: str) -> Tenant | None:
        """Whoever is asked there; None: the app is not installed there, as far as the source says."""
        if (installed := self._homes.get(team_id)) is None:
            return None
        access = installed.organization(team_id, channel_id)
        api = None if access is None else self.organizations.api(account_of(access))
        if access is None or api is None:
            return installed.tenant(installed.login(team_id), NO_ORGANIZATION, _NOT_CONNECTED)
        return installed.tenant(installed.login(team_id), access, api)

    def enterprise_of(self, team_id: str) -> str:
        """The Enterprise Grid organization that the app is installed for; empty: for the workspace alone."""
        installed = self._homes.get(team_id)
        return "" if installed is None or not installed.access.is_org_wide else installed.access.enterprise_id

    def own_channels(self, team_id: str, org_id: str) -> Sequence[tuple[str, str]]:
        """Workspace and channel of those that have this organization; none where the workspace has it."""
        installed = self._homes.get(team_id)
        whole = None if installed is None else installed.organization(team_id, "")
        if installed is None or (whole is not None and whole.org_id == org_id):
            return ()
        access = installed.access
        theirs = [each for each in access.organizations if each.channel_id and each.org_id == org_id]
        return [(each.team_id or access.home_id, each.channel_id) for each in theirs]

    def nobody(self) -> Tenant:
        """In place of a tenant where it is not known whose something is."""
        gateway = SlackWebGateway(self._session, "", "", self._clock)
        login = Login(gateway, self._clock, "")
        return Tenant(_NOWHERE, NO_ORGANIZATION, _NOT_CONNECTED, login)

    async def refresh(self) -> bool:
        """Take over what the source says now; whether that is something new.

        Raises:
            StoreError: the database does not answer; everything stays as it was.
        """
        revision = await self._source.revision()
        if revision == self._revision:
            return False
        self._take(await self._source.current())
        self._revision = revision
        return True

    async def run(self, on_round: OnRound) -> None:
        """Refresh again and again, until cancelled."""
        failures = 0
        while True:
            try:
                await self.refresh()
                await self.organizations.close_idle()
            except StoreError as error:
                failures += 1
                on_round(error)
                if failures == 1:
                    _log.warning("tenants stay as they are", error=error.code, detail=error.detail)
            else:
                failures = 0
                on_round(None)
            pause = REFRESH_SECONDS * 2 ** min(failures, 10)
            await self._clock.sleep(min(_LONGEST_PAUSE_SECONDS, pause))

    async def aclose(self) -> None:
        """Close everything."""
        await self._logging_in.aclose()
        await self.organizations.aclose()

    def _take(self, accesses: Sequence[WorkspaceAccess]) -> None:
        """Only what differs is replaced: what is under way with an earlier token or key ends by itself."""
        before, self._installed = self._installed, {}
        for access in accesses:
            key = access.home_id or access.slack_bot_token.get_secret_value()
            known = before.get(key)
            is_same = known is not None and known.access == access
            self._installed[key] = known if known is not None and is_same else self._made(access)
        for key, each in before.items():
            if self._installed.get(key) is not each:
                each.close()
        self._homes = {}
        # A workspace's own installation comes before that of its organization.
        for each in sorted(self._installed.values(), key=lambda one: not one.access.is_org_wide):
            self._homes.update(dict.fromkeys(each.home_ids, each))
        organizations = [one for each in accesses for one in each.organizations]
        self.organizations.keep(organizations)
        keys = {one.training_api_token.get_secret_value() for one in organizations}
        self.key_expiries = [expires_at(each) for each in keys]
        self._unknown[:] = [each.unknown() for each in self._installed.values() if not each.access.home_id]
        for changed in self._changed:
            changed()

    def _made(self, access: WorkspaceAccess) -> Installed:
        return Installed(access, self._session, self._clock, self._logging_in, self._measures, self._waits)

    def login(self, team_id: str) -> Login | None:
        """Who the bot is there; None where it is not installed, as far as the source says."""
        installed = self._homes.get(team_id)
        return None if installed is None else installed.login(team_id)

    def may_tell(self, team_id: str, org_id: str) -> bool:
        """Whether the workspace has a key to this organization; also where only ``auth.test`` says whose."""
        installed = self._homes.get(team_id)
        return installed is None or org_id in {each.org_id for each in installed.access.organizations}

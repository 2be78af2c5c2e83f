"""The tenants that are in the database: installations, and the organizations they are connected to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from pydantic import SecretStr

from bot.domain.ports import (
    Clock,
    Connection,
    ConnectionStore,
    InstallationStore,
    OrganizationAccess,
    SecretKind,
    StoredInstallation,
    WorkspaceAccess,
)
from bot.tasks import working_for
from bot.tenants.sealing import Sealer, UnreadableSecretError

_Sealed = tuple[SecretKind, str, str]

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where Slack and Simplismart are, for every tenant."""

    slack_api_url: str
    training_api_url: str


class StoredTenants:
    """Implements `bot.domain.ports.TenantSource`.

    ``default`` is the settings' organization, for every workspace that was never connected to one of its own.
    """

    def __init__(  # noqa: PLR0913, PLR0917  (both tables, and what it takes to read them)
        self,
        installations: InstallationStore,
        connections: ConnectionStore,
        sealer: Sealer,
        clock: Clock,
        addresses: Addresses,
        default: OrganizationAccess | None = None,
        admin_user_id: str | None = None,
    ) -> None:
        self._installations = installations
        self._connections = connections
        self._sealer = sealer
        self._clock = clock
        self._addresses = addresses
        self._default = default
        self._admin_user_id = admin_user_id
        """Where it isn't known who installed the app."""
        self._expiries: Sequence[datetime] = ()
        """When the tokens that were read last expire."""
        self._known: dict[_Sealed, SecretStr] = {}
        """What was opened the last time: of a thousand workspaces mostly one has changed."""
        self._used: dict[_Sealed, SecretStr] = {}

    async def revision(self) -> str:
        """See the port. A token that expires is a change too."""
        number = await self._installations.revision()
        now = self._clock.now()
        return f"{number}.{sum(expires_at <= now for expires_at in self._expiries)}"

    async def current(self) -> Sequence[WorkspaceAccess]:
        """See the port."""
        installations = await self._installations.installations()
        connections = await self._connections.connections()
        times = (each.tokens.expires_at for each in installations)
        self._expiries = tuple(time for time in times if time is not None)
        self._known, self._used = self._used, {}
        homes = {each.team_id for each in installations if self._is_good(each)}
        theirs: Mapping[str, list[Connection]] = defaultdict(list)
        for each in connections:
            theirs[each.team_id if each.team_id in homes else each.enterprise_id].append(each)
        opened = list[WorkspaceAccess]()
        for installation in filter(self._is_good, installations):
            with working_for(installation.team_id):
                access = self._opened(installation, theirs[installation.team_id])
            opened += [] if access is None else [access]
        return opened

    def _is_good(self, installation: StoredInstallation) -> bool:
        """Whether it has a token that has not expired."""
        expires_at = installation.tokens.expires_at
        has_expired = expires_at is not None and expires_at <= self._clock.now()
        return installation.tokens.bot_token is not None and not has_expired

    def _opened(
        self, installation: StoredInstallation, connections: Sequence[Connection]
    ) -> WorkspaceAccess | None:
        home_id, sealed = installation.team_id, installation.tokens.bot_token or ""
        token = self._secret(SecretKind.BOT_TOKEN, home_id, sealed)
        if token is None:
            return None
        found, without_key = list[OrganizationAccess](), set[tuple[str, str]]()
        for each in connections:
            place = "" if each.team_id == home_id else each.team_id, each.channel_id
            if (key := self._key(each, home_id)) is None:
                without_key.add(place)
            else:
                url = self._addresses.training_api_url
                found.append(OrganizationAccess(each.org_id, url, key, *place, is_entered=True))
        has_own = any((each.team_id, each.channel_id) == (home_id, "") for each in connections)
        if self._default is not None and not has_own:
            found.append(self._default)
        return WorkspaceAccess(
            slack_api_url=self._addresses.slack_api_url,
            slack_bot_token=token,
            organizations=tuple(found),
            admin_user_id=installation.installer_user_id or self._admin_user_id,
            team_id="" if installation.is_org_wide else home_id,
            enterprise_id=installation.enterprise_id,
            bot_user_id=installation.bot_user_id,
            installed_at=installation.installed_at,
            is_org_wide=installation.is_org_wide,
            without_key=frozenset(without_key),
        )

    def _key(self, connection: Connection, home_id: str) -> SecretStr | None:
        if connection.api_key is None:
            return None
        with working_for(home_id, connection.org_id):
            return self._secret(SecretKind.API_KEY, connection.org_id, connection.api_key)

    def _secret(self, kind: SecretKind, owner: str, sealed: str) -> SecretStr | None:
        key = kind, owner, sealed
        try:
            opened = self._known.get(key) or self._sealer.open(*key)
        except UnreadableSecretError as error:
            _log.error("a tenant is left out: its secret cannot be read", detail=error.detail)
            return None
        self._used[key] = opened
        return opened

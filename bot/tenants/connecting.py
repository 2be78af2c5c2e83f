"""Organizations as people connect them: the key is tried, sealed and kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from pydantic import SecretStr

from bot.domain.errors import StoreError
from bot.domain.ports import Clock, Connection, ConnectionStore, SecretKind
from bot.domain.ports.tenants import ConnectionFacts, ConnectionPlace
from bot.tenants.sealing import Sealer

TryKey = Callable[[str, SecretStr], Awaitable[object]]
"""Asks Simplismart once with an organization and its key; raises `TrainingApiError` where it refuses."""

_log = structlog.stdlib.get_logger(__name__)


class Connecting:
    """Implements `bot.domain.ports.tenants.ConnectionSetup` over our store."""

    can_connect = True

    def __init__(
        self,
        connections: ConnectionStore,
        sealer: Sealer,
        clock: Clock,
        try_key: TryKey,
        changed: Callable[[], Awaitable[object]],
    ) -> None:
        self._connections = connections
        self._sealer = sealer
        self._clock = clock
        self._try_key = try_key
        self._changed = changed

    async def facts(self, place: ConnectionPlace) -> ConnectionFacts | None:
        """See the port."""
        for each in await self._connections.connections():
            if (each.team_id, each.channel_id) == (place.team_id, place.channel_id):
                return ConnectionFacts(each.org_id, each.api_key is not None, each.set_by, each.set_at)
        return None

    async def connect(self, place: ConnectionPlace, org_id: str, api_key: SecretStr, set_by: str) -> None:
        """See the port."""
        await self._try_key(org_id, api_key)
        sealed = self._sealer.seal(SecretKind.API_KEY, org_id, api_key)
        now = self._clock.now()
        made = Connection(place.team_id, place.channel_id, place.enterprise_id, org_id, sealed, set_by, now)
        await self._connections.connect(made)
        await self._tell()

    async def disconnect(self, place: ConnectionPlace) -> None:
        """See the port."""
        await self._connections.disconnect(place.team_id, place.channel_id, self._clock.now())
        await self._tell()

    async def _tell(self) -> None:
        """This process at once; the others find it by the revision."""
        try:
            await self._changed()
        except StoreError as error:
            _log.warning("what setup changed counts a little later", detail=error.detail)


class NothingToConnect:
    """The same where the settings say it all."""

    can_connect = False

    async def facts(self, place: ConnectionPlace) -> None:
        """None."""

    async def connect(self, place: ConnectionPlace, org_id: str, api_key: SecretStr, set_by: str) -> None:  # noqa: ARG002  (the port's)
        """Never asked for.

        Raises:
            StoreError: always.
        """
        msg = "the settings name the organization"
        raise StoreError(msg)

    async def disconnect(self, place: ConnectionPlace) -> None:
        """Nothing is there to be removed."""

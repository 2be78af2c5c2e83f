"""What workspaces and channels set, in memory."""

from __future__ import annotations

from bot.domain.errors import StoreError
from bot.domain.permissions.policies import InForce
from bot.domain.ports.tenants import StoredSettings


class Settings:
    """The same everywhere; None: the database has not been read, and does not answer."""

    def __init__(self) -> None:
        self.in_force: InForce | None = InForce()
        self.saved: list[StoredSettings] = []

    def known(self, team_id: str, channel_id: str, enterprise_id: str = "") -> InForce | None:  # noqa: ARG002  (the port's)
        """As the port says."""
        return self.in_force

    async def read(self, team_id: str, channel_id: str, enterprise_id: str = "") -> InForce:
        """As the port says."""
        if (found := self.known(team_id, channel_id, enterprise_id)) is None:
            raise StoreError
        return found

    async def own(self, team_id: str, channel_id: str, enterprise_id: str = "") -> StoredSettings | None:
        """As the port says."""
        named = [(each, channel_id) for each in (team_id, enterprise_id) if each]
        mine = (each for one in named for each in self.saved if (each.team_id, each.channel_id) == one)
        return next(mine, None)

    async def save(self, stored: StoredSettings) -> None:
        """As the port says."""
        self.saved.append(stored)

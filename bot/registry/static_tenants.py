"""The tenants of the settings: the same for as long as the process runs."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.ports.tenants import WorkspaceAccess


class StaticTenants:
    """Implements `bot.domain.ports.tenants.TenantSource`."""

    def __init__(self, accesses: Sequence[WorkspaceAccess]) -> None:
        self._accesses = tuple(accesses)

    async def revision(self) -> str:
        """See the port."""
        return ""

    async def current(self) -> Sequence[WorkspaceAccess]:
        """See the port."""
        return self._accesses

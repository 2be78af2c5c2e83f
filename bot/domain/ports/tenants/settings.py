"""What is set for workspaces and channels: who may do what, and what counts where nobody says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.permissions.policies import InForce, PlaceSettings


@dataclass(frozen=True, slots=True)
class StoredSettings:
    """What somebody set for a place."""

    team_id: str
    channel_id: str
    """Empty: for the workspace."""
    settings: PlaceSettings
    set_by: str
    set_at: datetime
    enterprise_id: str = ""
    """The Enterprise Grid organization that the workspace belongs to; empty where it belongs to none."""


class PlaceSettingsStore(Protocol):
    """What setup writes, and every process reads."""

    async def all_settings(self) -> Sequence[StoredSettings]:
        """Of every place that has any, by workspace and channel."""
        ...

    async def set_settings(self, stored: StoredSettings) -> None:
        """Put them in the place of earlier ones. Processes learn of it by `InstallationStore.revision`."""
        ...


class SettingsInForce(Protocol):
    """The same at hand: read again as soon as something changed."""

    def known(self, team_id: str, channel_id: str, enterprise_id: str = "") -> InForce | None:
        """What counts there, without any I/O; None where the database hasn't been read yet."""
        ...

    async def read(self, team_id: str, channel_id: str, enterprise_id: str = "") -> InForce:
        """What counts there.

        Args:
            team_id: the workspace. Where that is an Enterprise Grid organization, it isn't known which of its
                workspaces: then only what each of them allows.
            channel_id: the channel, whose settings count for people of each workspace of an organization.
            enterprise_id: the organization for which the app is installed; empty where it's for a workspace.

        Raises:
            StoreError: the database has not been read yet, and does not answer.
        """
        ...

    async def own(self, team_id: str, channel_id: str, enterprise_id: str = "") -> StoredSettings | None:
        """What was set for just this place, as it is now; None for nothing.

        With an ``enterprise_id``, as `read` has it, also what an earlier version kept for the organization.

        Raises:
            StoreError: the database does not answer.
        """
        ...

    async def save(self, stored: StoredSettings) -> None:
        """Keep them: they count at once here, and in the other processes once they look.

        Raises:
            StoreError: the database did not take it.
        """
        ...

"""Which workspaces and organizations the bot works for, and with which tokens and keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class OrganizationAccess:
    """An organization whose jobs people in a workspace, or in one channel of it, ask about."""

    org_id: str
    training_api_url: str
    training_api_token: SecretStr
    team_id: str = ""
    """With an org-wide installation, the workspace it counts in; empty: in each."""
    channel_id: str = ""
    """The channel it counts in; empty: in every channel that has none of its own."""
    is_entered: bool = False
    """Its key was entered in Slack, and is none of the settings'."""


@dataclass(frozen=True, slots=True)
class WorkspaceAccess:
    """An installation of the Slack app: one bot token, and the organizations it works for.

    Equal values mean that nothing changed. Secrets are in no ``repr``.
    """

    slack_api_url: str
    slack_bot_token: SecretStr
    organizations: Sequence[OrganizationAccess] = ()
    """Empty while nobody has connected one. A tuple, so that values compare."""
    admin_user_id: str | None = None
    team_id: str = ""
    """Empty where only ``auth.test`` will say it, or the installation is org-wide."""
    enterprise_id: str = ""
    """The Enterprise Grid organization that the workspace belongs to; empty where none is known."""
    bot_user_id: str = ""
    """The bot's user there; empty where only ``auth.test`` will say it."""
    installed_at: datetime | None = None
    is_org_wide: bool = False
    """Installed for the whole Enterprise Grid organization: one token for every ``team_id`` in it."""
    without_key: frozenset[tuple[str, str]] = frozenset()
    """Workspace and channel, as `OrganizationAccess` has them, whose organization's key is gone: until it is
    set again nobody asks there, as another organization's jobs are none of theirs."""

    @property
    def home_id(self) -> str:
        """Which installation this is, whatever its token; empty where only ``auth.test`` will say it."""
        return self.enterprise_id if self.is_org_wide else self.team_id


class TenantSource(Protocol):
    """Where the tenants are written down: the settings, or the database."""

    async def revision(self) -> str:
        """Changes whenever `current` would, also by another process. Asked every few seconds, so it is cheap.

        Raises:
            StoreError: the database does not answer.
        """
        ...

    async def current(self) -> Sequence[WorkspaceAccess]:
        """Every installation as it is now. One that cannot be read is left out, with a line in the log.

        Raises:
            StoreError: the database does not answer.
        """
        ...

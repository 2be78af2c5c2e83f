"""Where the app is installed, with tokens that only whoever has the operator's keys can read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.audit import AuditEntry


@dataclass(frozen=True, slots=True)
class SealedTokens:
    """A bot token as it is stored, and what it takes to get the next one."""

    bot_token: str | None = field(default=None, repr=False)
    """None where there is none anymore: the app was uninstalled, or the key to it was lost."""
    refresh_token: str | None = field(default=None, repr=False)
    """None where tokens don't expire, or no further one can be had."""
    expires_at: datetime | None = None
    refresh_at: datetime | None = None
    """When the next pair is asked for; None where it never is."""


@dataclass(frozen=True, slots=True)
class StoredInstallation:
    """An installation of the Slack app in one workspace, or in a whole Enterprise Grid organization."""

    team_id: str
    """Which installation this is: the workspace, or the organization where it is org-wide."""
    enterprise_id: str
    """The organization that the workspace belongs to; empty where it belongs to none."""
    is_org_wide: bool
    app_id: str
    bot_user_id: str
    scopes: frozenset[str]
    """Those that were granted: whoever installs the app can decline the optional ones."""
    installer_user_id: str
    installed_at: datetime
    tokens: SealedTokens
    problem: str = ""
    """Why there is no next token, as Slack's error code; empty where nothing is wrong."""


@dataclass(frozen=True, slots=True)
class ClaimedRefresh:
    """An installation whose next token this process is to ask for, until the lease runs out."""

    installation: StoredInstallation
    generation: int


class InstallationStore(Protocol):
    """What the installation flow, the refresh of tokens and Slack's events about both ask."""

    async def revision(self) -> int:
        """Another number after every change of an installation or of a connected organization."""
        ...

    async def installations(self) -> Sequence[StoredInstallation]:
        """All of them, by `StoredInstallation.team_id`; those without a token too."""
        ...

    async def install(self, installation: StoredInstallation, *, is_first_only: bool) -> bool:
        """Put it in the place of an earlier one. False, and nothing done, where another one was first.

        Args:
            installation: with its tokens. Whoever is refreshing those of an earlier one holds a stale lease.
            is_first_only: whether it may only be the first in this database, or the same again. A database in
                which anything is stored for another workspace is that one's, which had it with one token.
        """
        ...

    async def uninstall(self, team_id: str, at: datetime, entry: AuditEntry | None = None) -> bool:
        """Remove its tokens and the API keys of its organizations; the rest stays, for the next time.

        Of a workspace that an org-wide installation was taken out of, these are its own organizations' keys.
        Where there was anything, ``entry`` is added to the audit trail with it, or neither is done.

        Returns:
            False where there was nothing to remove, or the installation is newer than ``at``.
        """
        ...

    async def next_refresh_at(self) -> datetime | None:
        """When the first token is due; None where none is."""
        ...

    async def claim_refresh(self, now: datetime, lease_seconds: float) -> ClaimedRefresh | None:
        """The installation that is most overdue; None where none is due."""
        ...

    async def finish_refresh(self, claim: ClaimedRefresh, tokens: SealedTokens) -> bool:
        """Keep the next tokens. False, and nothing done, for a stale lease."""
        ...

    async def fail_refresh(self, claim: ClaimedRefresh, again_at: datetime | None, problem: str) -> bool:
        """Try again then; None: never. The tokens stay as they are. False for a stale lease."""
        ...

    async def refresh_problems(self) -> int:
        """How many have a `StoredInstallation.problem`."""
        ...

    async def spend_state(self, state: str, expires_at: datetime, now: datetime) -> bool:
        """Remember that a state of the installation flow was used. True the first time, for one process only.

        Only a hash of it is kept, and until it would have expired.
        """
        ...

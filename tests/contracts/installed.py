"""Installations and connections for the contract."""

from __future__ import annotations

from datetime import datetime

from bot.domain.ports import Connection, SealedTokens, StoredInstallation
from tests.contracts.facts import ADA, ORG, T0, TEAM, at

HOURS = 3600


def tokens(team_id: str = TEAM, *, expires_at: datetime | None = None, number: int = 1) -> SealedTokens:
    """Tokens as they are stored; those that expire are refreshed in the middle of the time."""
    again = "" if number == 1 else f" {number}"
    if expires_at is None:
        return SealedTokens(f"sealed bot of {team_id}{again}")
    return SealedTokens(
        f"sealed bot of {team_id}{again}",
        f"sealed refresh of {team_id}{again}",
        expires_at,
        expires_at - (at(6 * HOURS) - T0),
    )


def installed(  # noqa: PLR0913  (what tests want otherwise, by its name)
    team_id: str = TEAM,
    *,
    enterprise_id: str = "",
    is_org_wide: bool = False,
    at: datetime = T0,
    expires_at: datetime | None = None,
    number: int = 1,
) -> StoredInstallation:
    """An installation in this workspace."""
    return StoredInstallation(
        team_id=team_id,
        enterprise_id=enterprise_id,
        is_org_wide=is_org_wide,
        app_id="A1",
        bot_user_id="U-bot",
        scopes=frozenset({"commands", "chat:write"}),
        installer_user_id=ADA,
        installed_at=at,
        tokens=tokens(team_id, expires_at=expires_at, number=number),
    )


def connected(
    team_id: str = TEAM, org_id: str = ORG, *, channel_id: str = "", enterprise_id: str = ""
) -> Connection:
    """An organization that a workspace is connected to."""
    return Connection(team_id, channel_id, enterprise_id, org_id, f"sealed key of {org_id}", ADA, T0)

"""Who the bot works for: tenants that come, change and go while it runs."""

from bot.domain.ports.tenants.connections import (
    Connection,
    ConnectionStore,
    SecretKind,
    SecretStore,
    StoredSecret,
)
from bot.domain.ports.tenants.installations import (
    ClaimedRefresh,
    InstallationStore,
    SealedTokens,
    StoredInstallation,
)
from bot.domain.ports.tenants.sources import OrganizationAccess, TenantSource, WorkspaceAccess

__all__ = [
    "ClaimedRefresh",
    "Connection",
    "ConnectionStore",
    "InstallationStore",
    "OrganizationAccess",
    "SealedTokens",
    "SecretKind",
    "SecretStore",
    "StoredInstallation",
    "StoredSecret",
    "TenantSource",
    "WorkspaceAccess",
]

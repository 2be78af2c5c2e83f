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
from bot.domain.ports.tenants.oauth import Grant, SlackOAuth
from bot.domain.ports.tenants.processes import ProcessStore
from bot.domain.ports.tenants.settings import PlaceSettingsStore, SettingsInForce, StoredSettings
from bot.domain.ports.tenants.setup import (
    ConnectionFacts,
    ConnectionPlace,
    ConnectionSetup,
)
from bot.domain.ports.tenants.sources import OrganizationAccess, TenantSource, WorkspaceAccess

__all__ = [
    "ClaimedRefresh",
    "Connection",
    "ConnectionFacts",
    "ConnectionPlace",
    "ConnectionSetup",
    "ConnectionStore",
    "Grant",
    "InstallationStore",
    "OrganizationAccess",
    "PlaceSettingsStore",
    "ProcessStore",
    "SealedTokens",
    "SecretKind",
    "SecretStore",
    "SettingsInForce",
    "SlackOAuth",
    "StoredInstallation",
    "StoredSecret",
    "StoredSettings",
    "TenantSource",
    "WorkspaceAccess",
]

"""Who the bot works for: tenants that come, change and go while it runs."""

from bot.domain.ports.tenants.sources import OrganizationAccess, TenantSource, WorkspaceAccess

__all__ = ["OrganizationAccess", "TenantSource", "WorkspaceAccess"]

"""What serving, working and checking need, opened in one place and closed in the opposite order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import structlog

from bot.cards.kit.card_settings import CardSettings
from bot.domain.errors import SchemaError, StoreError
from bot.domain.ports import Clock
from bot.domain.ports.monitoring import NOT_MEASURED, Measures
from bot.domain.ports.tenants import OrganizationAccess, TenantSource, WorkspaceAccess
from bot.observability.monitoring import Watched
from bot.registry.installed import Tenant
from bot.registry.registry import Registry
from bot.registry.static_tenants import StaticTenants
from bot.settings import Settings
from bot.slack.gateway import open_session
from bot.slack.socket_mode import SocketMode
from bot.slack.workspaces import Workspaces
from bot.store.store import DatabaseStore, open_store

MakeSource = Callable[[DatabaseStore], TenantSource]
"""Makes what says which tenants there are, from the database."""

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """Everything outside the process, by its port."""

    clock: Clock
    store: DatabaseStore
    session: aiohttp.ClientSession
    """To Slack."""
    registry: Registry
    """The tenants."""
    tenants: Sequence[Tenant]
    """Those of the settings; none where tenants come and go."""
    measures: Measures = NOT_MEASURED

    @property
    def workspaces(self) -> Workspaces:
        """The way into each workspace."""
        return self.registry.workspaces


def access_of(settings: Settings) -> WorkspaceAccess:
    """The one tenant of the settings."""
    organization = OrganizationAccess(
        settings.simplismart_org_id, settings.simplismart_api_url, settings.simplismart_api_token
    )
    return WorkspaceAccess(
        settings.slack_api_url, settings.slack_bot_token, (organization,), settings.admin_user_id
    )


@asynccontextmanager
async def open_services(
    settings: Settings,
    clock: Clock,
    accesses: Sequence[WorkspaceAccess] = (),
    tenant_source: MakeSource | None = None,
    measures: Measures = NOT_MEASURED,
) -> AsyncIterator[Services]:
    """Open them while the block runs. Nothing is sent, and the database is opened with its first query.

    Without ``accesses`` and a ``tenant_source`` the settings' tenant is the only one.

    Raises:
        SettingsError: an address or a key can never work.
    """
    async with AsyncExitStack() as opening:
        store = open_store(
            settings.database_url, audit_kept_for=timedelta(days=settings.audit_retention_days)
        )
        opening.push_async_callback(store.database.close)
        session = await opening.enter_async_context(open_session())
        source = tenant_source(store) if tenant_source else StaticTenants(accesses or (access_of(settings),))
        registry = Registry(source, session, clock, measures, is_fixed=tenant_source is None)
        opening.push_async_callback(registry.aclose)
        if registry.is_fixed:
            await registry.refresh()
        yield Services(clock, store, session, registry, registry.tenants(), measures)


def watched(services: Services, socket: SocketMode | None = None) -> Watched:
    """What the metrics are read from."""
    return Watched(
        services.store.backlog,
        lambda: services.registry.key_expiries,
        lambda: len(services.registry.installed),
        lambda: None if socket is None else socket.is_connected,
    )


async def refuse_other_schema(store: DatabaseStore) -> None:
    """Check the tables at the start; a database that does not answer yet is no reason not to start.

    Raises:
        SchemaError: they are older or newer than the code.
    """
    try:
        await store.database.check_schema()
    except SchemaError:
        raise
    except StoreError as error:
        _log.warning("starting without the database", detail=error.detail)


def card_settings(settings: Settings) -> CardSettings:
    """What of the settings cards show, the same for answers and for updates."""
    return CardSettings(settings.job_page_url or "", settings.gpu_hour_price)

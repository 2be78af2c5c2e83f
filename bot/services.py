"""What serving, working and checking need, opened in one place and closed in the opposite order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import structlog

from bot.by_click import ByClick
from bot.cards.kit.card_settings import CardSettings
from bot.domain.errors import SchemaError, StoreError
from bot.domain.key_expiry import expires_at, is_near
from bot.domain.ports import Clock, ConnectionSetup
from bot.domain.ports.monitoring import NOT_MEASURED, Measures
from bot.domain.ports.tenants import OrganizationAccess, TenantSource, WorkspaceAccess
from bot.observability.incidents import Admin
from bot.observability.monitoring import Watched
from bot.registry.installed import Tenant
from bot.registry.registry import Registry
from bot.registry.static_tenants import StaticTenants
from bot.settings import Settings
from bot.slack.gateway import open_session
from bot.slack.socket_mode import SocketMode
from bot.slack.web_api.waits import SlackWaits
from bot.slack.workspaces import Workspaces
from bot.store.store import DatabaseStore, open_store
from bot.tenants.connecting import NothingToConnect
from bot.tenants.settings_in_force import KeptSettings
from bot.watcher.key_watch import WatchedKey

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
    in_force: KeptSettings
    """What workspaces and channels set."""
    connecting: ConnectionSetup
    """How people connect organizations."""
    by_click: ByClick | None = None
    """With it, workspaces install the app themselves."""
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

    Without ``accesses`` and a ``tenant_source`` the tenants are those that have installed the app by a click;
    where nobody can, the settings' tenant is the only one.

    Raises:
        SettingsError: an address or a key can never work.
    """
    async with AsyncExitStack() as opening:
        store = open_store(
            settings.database_url, audit_kept_for=timedelta(days=settings.audit_retention_days)
        )
        opening.push_async_callback(store.database.close)
        session = await opening.enter_async_context(open_session())
        waits = SlackWaits(clock, store.slack_waits)
        opening.push_async_callback(waits.aclose)
        by_click = ByClick(settings, clock, store, session, waits) if settings.installs_by_click else None
        source: TenantSource = StaticTenants(accesses or (access_of(settings),))
        if tenant_source is not None:
            source = tenant_source(store)
        elif by_click is not None:
            source = by_click.tenants()
        is_fixed = isinstance(source, StaticTenants)
        registry = Registry(source, session, clock, measures, is_fixed=is_fixed, waits=waits)
        opening.push_async_callback(registry.aclose)
        if registry.is_fixed:
            await registry.refresh()
        connecting: ConnectionSetup = NothingToConnect()
        if by_click is not None:
            connecting = by_click.connecting(registry.refresh)
        tenants = registry.tenants()
        in_force = KeptSettings(store.settings, store.installations, clock)
        yield Services(clock, store, session, registry, tenants, in_force, connecting, by_click, measures)


def watched(services: Services, socket: SocketMode | None = None) -> Watched:
    """What the metrics are read from."""
    return Watched(
        services.store.backlog,
        lambda: services.registry.key_expiries,
        lambda: len(services.registry.installed),
        lambda: None if socket is None else socket.is_connected,
    )


def admins(services: Services) -> Sequence[Admin]:
    """Who gets the weekly line of each workspace and organization."""
    registry, found = services.registry, list(services.tenants)
    for access in (each.access for each in registry.installed if each.access.admin_user_id):
        places = {(one.team_id or access.home_id, one.channel_id) for one in access.organizations}
        found += [tenant for place in sorted(places) if place[0] and (tenant := registry.tenant(*place))]
    return [
        Admin(
            tenant.access.org_id,
            user_id,
            tenant.login.gateway,
            tenant.login.installation.home_id,
            is_alone=not tenant.workspace.home_id,
        )
        for tenant in found
        if (user_id := tenant.workspace.admin_user_id) and tenant.access.org_id
    ]


def watched_keys(services: Services, settings: Settings) -> Iterator[WatchedKey]:
    """The keys to watch over, with who is told: of tenants that come and go, those that expire soon.

    Nothing of the other workspaces is opened. The settings' key is the operator's, wherever it is used.
    """
    for tenant in services.tenants:
        access, login = tenant.access, tenant.login
        if (expiry := expires_at(access.training_api_token.get_secret_value())) is not None:
            yield WatchedKey(access.org_id, expiry, login.gateway, tenant.workspace.admin_user_id)
    now = services.clock.now()
    for installed in services.registry.installed if not services.registry.is_fixed else ():
        for access in installed.access.organizations:
            expiry = expires_at(access.training_api_token.get_secret_value())
            home_id = access.team_id or installed.access.home_id
            if expiry is None or not is_near(expiry, now) or not home_id:
                continue
            is_set_up = access.training_api_token != settings.simplismart_api_token
            admin_user_id = installed.access.admin_user_id if is_set_up else settings.admin_user_id
            gateway = installed.login(home_id).gateway
            yield WatchedKey(
                access.org_id, expiry, gateway, admin_user_id, home_id=home_id, is_set_up=is_set_up
            )


async def refuse_other_database(services: Services) -> None:
    """Check the tables, and the keys to what is sealed in them, at the start.

    A database that does not answer yet is no reason not to start.

    Raises:
        SchemaError: the tables are older or newer than the code.
        SettingsError: some of what is sealed can't be read.
    """
    try:
        await services.store.database.check_schema()
    except SchemaError:
        raise
    except StoreError as error:
        _log.warning("starting without the database", detail=error.detail)
        return
    if services.by_click is not None:
        await services.by_click.refuse_unreadable_secrets()


def card_settings(settings: Settings, services: Services) -> CardSettings:
    """What of the settings cards show, the same for answers and for updates."""

    def shows_cost(team_id: str, channel_id: str, org_id: str) -> bool:
        """In direct messages as all the channels have it whose own organization the jobs are of."""
        enterprise_id, known = services.registry.enterprise_of(team_id), services.in_force
        own = services.registry.own_channels(team_id, org_id) if channel_id.startswith("D") else ()
        if not own:
            return known.shows_cost(team_id, channel_id, enterprise_id)
        return all(known.shows_cost(*each, enterprise_id, is_read_elsewhere=True) for each in own)

    return CardSettings(settings.job_page_url or "", settings.gpu_hour_price, shows_cost)

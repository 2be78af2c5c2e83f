"""What serving, working and checking need, opened in one place and closed in the opposite order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import aiohttp
import structlog
from pydantic import SecretStr

from bot.cards.kit.card_settings import CardSettings
from bot.domain.errors import SchemaError, StoreError
from bot.domain.key_expiry import expires_at
from bot.domain.ports import Clock
from bot.domain.ports.monitoring import NOT_MEASURED, Measures
from bot.observability.monitoring import Watched
from bot.settings import Settings
from bot.slack.gateway import SlackWebGateway, open_session
from bot.slack.login import Login
from bot.slack.socket_mode import SocketMode
from bot.slack.workspaces import Workspaces
from bot.store.store import DatabaseStore, open_store
from bot.training_api.build import build_training_api
from bot.training_api.cache import CachedTrainingApi

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Access:
    """What it takes to reach a tenant: an organization's jobs, and the workspace its people ask in."""

    org_id: str
    training_api_url: str
    training_api_token: SecretStr
    slack_api_url: str
    slack_bot_token: SecretStr
    admin_user_id: str | None = None


@dataclass(frozen=True, slots=True)
class Tenant:
    """One of those, reached."""

    access: Access
    training_api: CachedTrainingApi
    login: Login


@dataclass(frozen=True, slots=True)
class Services:
    """Everything outside the process, by its port."""

    clock: Clock
    store: DatabaseStore
    session: aiohttp.ClientSession
    """To Slack."""
    tenants: Sequence[Tenant]
    workspaces: Workspaces
    """Those of the tenants."""
    measures: Measures = NOT_MEASURED


def access_of(settings: Settings) -> Access:
    """The one tenant of the settings."""
    return Access(
        settings.simplismart_org_id,
        settings.simplismart_api_url,
        settings.simplismart_api_token,
        settings.slack_api_url,
        settings.slack_bot_token,
        settings.admin_user_id,
    )


@asynccontextmanager
async def open_services(
    settings: Settings,
    clock: Clock,
    accesses: Sequence[Access] = (),
    measures: Measures = NOT_MEASURED,
) -> AsyncIterator[Services]:
    """Open them while the block runs. Nothing is sent, and the database is opened with its first query.

    Without ``accesses`` the settings' tenant is the only one.

    Raises:
        SettingsError: an address or a key can never work.
    """
    async with AsyncExitStack() as opening:
        store = open_store(
            settings.database_url, audit_kept_for=timedelta(days=settings.audit_retention_days)
        )
        opening.push_async_callback(store.database.close)
        session = await opening.enter_async_context(open_session())
        tenants = []
        for access in accesses or (access_of(settings),):
            tenants.append(_tenant(access, session, clock, measures))
            opening.push_async_callback(tenants[-1].training_api.aclose)
        workspaces = Workspaces([each.login for each in tenants])
        yield Services(clock, store, session, tenants, workspaces, measures)


def _tenant(access: Access, session: aiohttp.ClientSession, clock: Clock, measures: Measures) -> Tenant:
    training_api = build_training_api(
        base_url=access.training_api_url,
        org_id=access.org_id,
        token=access.training_api_token.get_secret_value(),
        clock=clock,
        measures=measures,
    )
    bot_token = access.slack_bot_token.get_secret_value()
    limited = partial(measures.slack_limited, access.org_id)
    gateway = SlackWebGateway(session, access.slack_api_url, bot_token, clock, on_limited=limited)
    return Tenant(access, training_api, Login(gateway, clock, bot_token))


def watched(services: Services, socket: SocketMode | None = None) -> Watched:
    """What the metrics are read from."""
    keys = [each.access.training_api_token for each in services.tenants]
    return Watched(
        services.store.backlog,
        lambda: (expires_at(key.get_secret_value()) for key in keys),
        lambda: len(services.tenants),
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

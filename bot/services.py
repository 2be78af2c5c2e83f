"""What serving, working and checking need, opened in one place and closed in the opposite order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp
import structlog

from bot.cards.kit.card_settings import CardSettings
from bot.domain.errors import SchemaError, StoreError
from bot.domain.ports import Clock, Gateways
from bot.settings import Settings
from bot.slack.gateway import SlackWebGateway, open_session
from bot.slack.login import Login
from bot.slack.workspaces import Workspaces
from bot.store.store import DatabaseStore, open_store
from bot.training_api.build import build_training_api
from bot.training_api.cache import CachedTrainingApi

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """Everything outside the process, by its port."""

    clock: Clock
    store: DatabaseStore
    session: aiohttp.ClientSession
    """To Slack."""
    login: Login
    gateways: Gateways
    training_api: CachedTrainingApi


@asynccontextmanager
async def open_services(settings: Settings, clock: Clock) -> AsyncIterator[Services]:
    """Open them while the block runs. Nothing is sent, and the database is opened with its first query.

    Raises:
        SettingsError: an address or a key can never work.
    """
    async with AsyncExitStack() as opening:
        store = open_store(settings.database_url)
        opening.push_async_callback(store.database.close)
        session = await opening.enter_async_context(open_session())
        token = settings.slack_bot_token.get_secret_value()
        training_api = build_training_api(
            base_url=settings.simplismart_api_url,
            org_id=settings.simplismart_org_id,
            token=settings.simplismart_api_token.get_secret_value(),
            clock=clock,
        )
        opening.push_async_callback(training_api.aclose)
        login = Login(SlackWebGateway(session, settings.slack_api_url, token, clock), clock, token)
        yield Services(clock, store, session, login, Workspaces([login]), training_api)


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

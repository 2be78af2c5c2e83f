"""``python -m bot check``: every setting, Slack and Simplismart, one line each with what to do."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

from bot.cli.card_check import check_cards
from bot.cli.finding import Finding
from bot.cli.installation_check import check_installations
from bot.clock import SystemClock
from bot.domain.errors import (
    KeyRejectedError,
    SchemaError,
    SettingsError,
    SlackError,
    SlackLimitedError,
    SlackPassingError,
    StoreError,
    TrainingApiError,
)
from bot.domain.key_expiry import expires_at, expiry_warning
from bot.logs import configure_logging
from bot.manifest import optional_scopes, required_scopes
from bot.services import Services, open_services
from bot.settings import Settings, load_settings, wrapped_settings
from bot.slack.gateway import Identity, SlackWebGateway
from bot.slack.web_api.errors import REVOKED
from bot.slack.web_api.validation import CardValidator
from bot.store.store import DatabaseStore
from bot.tenants.sealing import Sealer
from bot.training_api.cache import CachedTrainingApi
from bot.web.probe import ask_running_bot
from bot.web.refusals import clock_offset

CLOCK_TOLERANCE_SECONDS = 60.0
"""A clock this far off is told, long before it matters."""

_NOT_AN_APP_TOKEN = REVOKED | {"not_allowed_token_type", "missing_scope"}


def run(_arguments: argparse.Namespace) -> int:
    """Print what was found, one line each; 1 where anything fails."""
    configure_logging("error")
    return 0 if asyncio.run(_report()) else 1


async def _report() -> bool:
    is_well = True
    async for finding in _findings():
        print(finding, flush=True)
        is_well = is_well and not finding.problem
    return is_well


async def _findings() -> AsyncIterator[Finding]:
    """Every check in turn, each tried once; without sound settings there is nothing further to ask."""
    try:
        settings = load_settings()
    except SettingsError as error:
        *problems, last = error.problems
        for problem in problems:
            yield Finding("settings", problem)
        yield Finding("settings", f"{last}. Set it in the environment or in .env (see .env.example)")
        return
    for name in wrapped_settings(Settings.model_fields):
        yield Finding(f"setting {name}", note="ignored quotes or a line end around the value")
    over_http = "HTTP. Only a request from Slack can show whether SLACK_SIGNING_SECRET is right"
    yield Finding("settings", note="Socket Mode" if settings.uses_socket_mode else over_http)
    async with open_services(settings, SystemClock()) as services:
        if services.by_click is None:
            async for finding in _ask_about_the_one_workspace(settings, services):
                yield finding
        else:
            for finding in await check_installations(services.store, Sealer(settings.secrets_key_list)):
                yield finding
        yield await _ask_store(services.store)
    for finding in await _ask_running_bot(settings):
        yield finding


async def _ask_about_the_one_workspace(settings: Settings, services: Services) -> AsyncIterator[Finding]:
    async for finding in _ask_slack(settings, services):
        yield finding
    yield await _ask_training_suite(services.registry.organizations[settings.simplismart_org_id])
    yield _key_expiry(settings.simplismart_api_token.get_secret_value(), services.clock.now())


async def _ask_slack(settings: Settings, services: Services) -> AsyncIterator[Finding]:
    gateway = services.tenants[0].login.gateway
    try:
        identity = await gateway.identity(patience_seconds=0)
        yield Finding("slack auth.test", note=f"team {identity.team_id}, bot user {identity.user_id}")
        yield _scopes(identity)
        yield _clock(identity)
        token = settings.slack_bot_token.get_secret_value()
        validator = CardValidator(services.session, settings.slack_api_url, token, services.clock)
        yield await check_cards(validator)
    except SlackError as error:
        yield Finding("slack auth.test", _slack_advice(error))
        if error.can_retry:
            return  # asking again what did not answer would only double the wait
    if settings.slack_app_token is not None:
        yield await _open_socket(gateway, settings.slack_app_token.get_secret_value())


def _clock(identity: Identity) -> Finding:
    ahead_seconds = identity.clock_ahead_seconds or 0.0
    if abs(ahead_seconds) < CLOCK_TOLERANCE_SECONDS:
        return Finding("clock")
    off = clock_offset(ahead_seconds)
    return Finding(
        "clock",
        f"this machine's clock is {off} Slack's, and at 5 min Slack's requests are refused. "
        "Set it, or let NTP do it",
    )


async def _open_socket(gateway: SlackWebGateway, app_token: str) -> Finding:
    try:
        await gateway.open_connection(app_token, patience_seconds=0)
    except SlackError as error:
        return Finding("slack socket mode", _socket_advice(error))
    return Finding("slack socket mode")


def _slack_advice(error: SlackError) -> str:
    if error.slack_code in REVOKED:
        return (
            f"Slack refused SLACK_BOT_TOKEN ({error.slack_code}). "
            "Install the app to the workspace again and copy its bot token"
        )
    if error.slack_code == "not_allowed_token_type":
        return f"SLACK_BOT_TOKEN is not a bot token ({error.slack_code}). Copy the one that starts with xoxb-"
    return _passing_advice(error) or (
        f"unexpected answer ({error.slack_code}). Check that SLACK_API_URL is Slack's Web API"
    )


def _socket_advice(error: SlackError) -> str:
    if error.slack_code in _NOT_AN_APP_TOKEN:
        return (
            f"Slack refused SLACK_APP_TOKEN ({error.slack_code}). Make an app-level token with "
            "connections:write under Basic Information"
        )
    return _passing_advice(error) or (
        f"Slack answered {error.slack_code}. Turn on Socket Mode in the app's settings"
    )


def _passing_advice(error: SlackError) -> str:
    """What to do where it may pass by itself; empty where it cannot."""
    if isinstance(error, SlackLimitedError):
        return f"Slack is limiting requests. Try again in {error.retry_after_seconds:.0f} seconds"
    if isinstance(error, SlackPassingError):
        return (
            f"Slack did not answer ({error.slack_code}). Check SLACK_API_URL and the network, then try again"
        )
    return ""


def _scopes(identity: Identity) -> Finding:
    name = "slack scopes"
    if not identity.scopes:
        return Finding(name, note="Slack did not say which scopes the token has")
    missing = sorted(required_scopes() - identity.scopes)
    if missing:
        return Finding(
            name,
            f"the token lacks {', '.join(missing)}. Update the app from `python -m bot manifest`, "
            "then install it again",
        )
    declined = sorted(optional_scopes() - identity.scopes)
    spare = sorted(identity.scopes - required_scopes() - optional_scopes())
    notes = [f"without the optional {', '.join(declined)}"] if declined else []
    return Finding(name, note="; ".join(notes + ([f"not needed: {', '.join(spare)}"] if spare else [])))


async def _ask_training_suite(api: CachedTrainingApi) -> Finding:
    name = "simplismart"
    try:
        count = await api.client.probe()
    except KeyRejectedError as error:
        return Finding(
            name,
            f"it rejected the key (HTTP {error.status}). Issue a new one for this organization and set "
            "SIMPLISMART_API_TOKEN; check SIMPLISMART_ORG_ID",
        )
    except TrainingApiError as error:
        return Finding(
            name,
            f"no usable answer ({error.code}). Check SIMPLISMART_API_URL and the network, then try again",
        )
    return Finding(name, note=f"{count} jobs in the organization")


def _key_expiry(key: str, now: datetime) -> Finding:
    """Until when the API key is good, as far as it says so itself."""
    name, expires = "api key", expires_at(key)
    if expires is None:
        return Finding(name, note="it does not say when it expires")
    warning = expiry_warning(expires, now) or ""
    if expires <= now:
        return Finding(name, warning)
    return Finding(name, note=f"good until {expires:%Y-%m-%d %H:%M} UTC", warning=warning)


async def _ask_store(store: DatabaseStore) -> Finding:
    try:
        await store.database.check_schema()
        note = await store.database.note()
    except SchemaError as error:
        return Finding("database", error.detail)
    except StoreError as error:
        return Finding("database", f"{error.detail}. Check DATABASE_URL and that the bot can write there")
    return Finding("database", note=note)


async def _ask_running_bot(settings: Settings) -> list[Finding]:
    """What only a bot that runs can know; one that is not running yet is no failure."""
    name = "running bot"
    checks = await ask_running_bot(settings.host, settings.port)
    if checks is None:
        return [Finding(name, note=f"none answers on port {settings.port}")]
    wrong = {check: state for check, state in checks.items() if state != "ok"}
    advice = "Look at the bot's log for more"
    return [
        Finding(f"{name} {check}", f"{state.rstrip('.')}. {advice}") for check, state in wrong.items()
    ] or [Finding(name)]

"""The app is uninstalled, or its token revoked: what it told and would tell is over, with the reason kept.

It is done before it is acknowledged, so that Slack repeats what could not be done; twice does no harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import structlog
from slack_bolt.response import BoltResponse

from bot.domain.audit import Action, AuditEntry
from bot.domain.errors import JobBotError
from bot.domain.messages.installation import Body, Installation, kind_of
from bot.domain.messages.uninstalling import APP_UNINSTALLED, about, end_of, told_at
from bot.handlers.audit import add_once, tell_log, telling_log_anyway
from bot.handlers.entry.acks import ack
from bot.handlers.kit.context import Context

PATIENCE_SECONDS: Final = 2.0
"""How long it may take; Slack waits 3 s for the ack."""
JUST_INSTALLED: Final = timedelta(seconds=30)
"""An installation this new may be a later one, which this process has not read yet."""
SAME_UNINSTALL: Final = timedelta(minutes=1)
"""Apart at most are Slack's two events, and clocks."""

_log = structlog.stdlib.get_logger(__name__)


async def on_event(
    context: Context, body: dict[str, Any], *, patience_seconds: float = PATIENCE_SECONDS
) -> BoltResponse:
    """The ack of ``app_uninstalled`` and ``tokens_revoked``, once what they end has ended."""
    reason = end_of(body, context.login.installation)
    if reason is None and about(body) != context.login.installation.home_id:
        return await on_event_of_another(context, body, patience_seconds=patience_seconds)
    if reason is None:
        _log.info("tokens of others were revoked", kind=kind_of(body))
        return ack()
    return await _acked_when_ended(_end(context, body, reason), reason, patience_seconds)


async def on_event_of_another(
    shared: Context, body: Body, *, patience_seconds: float = PATIENCE_SECONDS
) -> BoltResponse:
    """The ack where the bot has no token of the workspace: what is stored of it goes all the same.

    The token has expired, or is from before: workspaces had installed the app, and the bot has one token now.
    """
    return await _acked_when_ended(_let_go(shared, body), kind_of(body), patience_seconds)


async def _acked_when_ended(
    ending: Coroutine[Any, Any, None], reason: str, patience_seconds: float
) -> BoltResponse:
    try:
        async with asyncio.timeout(patience_seconds):
            await ending
    except (JobBotError, TimeoutError) as error:
        detail = error.detail if isinstance(error, JobBotError) else "it took too long"
        _log.error("what an uninstalled app told has not ended yet", reason=reason, detail=detail)
        return BoltResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, body="")
    return ack()


async def _end(context: Context, body: dict[str, Any], reason: str) -> None:
    """Raises JobBotError: it could not be done, or Slack does not say whether it is so."""
    at = told_at(body)
    if at is not None and await context.login.outlives(at):
        _log.warning("a late event about an installation that is over, ours goes on", reason=reason)
        return
    taken_since = context.login.refused(reason)
    team_id = context.login.installation.home_id
    now = context.clock.now()
    entry = _entry(context, team_id, reason)
    since = _since(at or now, taken_since)
    with telling_log_anyway(entry):
        ended = await context.subscriptions.end_team(team_id, reason, now)
        _log.warning(
            "the app was uninstalled or its token revoked", reason=reason, team_id=team_id, ended=ended
        )
        # Last: without its token nobody would know whose this event is, if Slack had to repeat it.
        until = max(at or now - JUST_INSTALLED, now - JUST_INSTALLED)
        if is_over := await context.installations.uninstall(team_id, until, entry):
            tell_log(entry)
        # Slack sends two events, each to any process, and repeats them: which was first the database knows.
        if not is_over and (ended or not context.connecting.can_connect):
            await add_once(context.audit, entry, since)
    await _let_organization_go(context, until, entry, since)


def _entry(context: Context, team_id: str, reason: str) -> AuditEntry:
    return AuditEntry(context.clock.now(), team_id, "", "", Action.UNINSTALL, reason)


def _since(at: datetime, taken_since: datetime | None) -> datetime:
    """From when on an entry is about the same uninstall: the installation that ended was there before it."""
    earliest = at - SAME_UNINSTALL
    return earliest if taken_since is None or taken_since > at else max(earliest, taken_since)


async def _let_organization_go(context: Context, until: datetime, entry: AuditEntry, since: datetime) -> None:
    """The secrets of an org-wide installation, only once its token is dead too.

    Whether Slack names the organization or each of its workspaces in turn isn't documented.
    """
    home = context.login.installation
    if home.enterprise_id in {"", home.home_id}:
        return
    installed = {each.team_id: each for each in await context.installations.installations()}
    if home.home_id in installed or not await context.login.is_refused():
        return
    if (theirs := installed.get(home.enterprise_id)) is not None and theirs.tokens.bot_token is not None:
        with telling_log_anyway(entry):
            await add_once(context.audit, entry, since)
    await context.installations.uninstall(home.enterprise_id, until)


async def _let_go(shared: Context, body: Body) -> None:
    """Of an installation that is older than the event: nobody can be asked whether it is so."""
    team_id, at = about(body), told_at(body)
    if not team_id or at is None:
        return
    installed = {each.team_id: each for each in await shared.installations.installations()}
    stored = installed.get(team_id)
    reason = end_of(body, Installation(team_id, bot_user_id="" if stored is None else stored.bot_user_id))
    # Where tokens are refreshed, an earlier one may be what was revoked.
    if reason is None or (reason != APP_UNINSTALLED and shared.connecting.can_connect):
        return
    entry, ended = _entry(shared, team_id, reason), 0
    with telling_log_anyway(entry):
        if stored is not None and stored.installed_at <= at:
            # First: a repeated event finds nothing to remove, and would end nothing.
            ended = await shared.subscriptions.end_team(team_id, reason, entry.at)
        if not await shared.installations.uninstall(team_id, at, entry):
            return
        tell_log(entry)
    ended += await shared.subscriptions.end_team(team_id, reason, entry.at)
    _log.warning("the app was uninstalled where the bot has no token", team_id=team_id, ended=ended)

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

from bot.domain.audit import Action
from bot.domain.errors import JobBotError
from bot.domain.messages.installation import Body, kind_of
from bot.domain.messages.uninstalling import APP_UNINSTALLED, about, end_of, told_at
from bot.handlers.audit import record_once
from bot.handlers.entry.acks import ack
from bot.handlers.kit.command import Place
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
    if reason is None:
        _log.info("tokens of others were revoked", kind=kind_of(body))
        return ack()
    return await _acked_when_ended(_end(context, body, reason), reason, patience_seconds)


async def on_event_of_nobody(
    shared: Context, body: Body, *, patience_seconds: float = PATIENCE_SECONDS
) -> BoltResponse:
    """The ack of ``app_uninstalled`` where no token works anymore: what is stored of it goes all the same."""
    return await _acked_when_ended(_let_go(shared, body), APP_UNINSTALLED, patience_seconds)


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
    is_news = context.login.refused(reason)
    team_id = context.login.installation.home_id
    now = context.clock.now()
    ended = await context.subscriptions.end_team(team_id, reason, now)
    # Last: without its token nobody would know whose this event is, if Slack had to repeat it.
    is_over = await _forget_secrets(context, max(at or now - JUST_INSTALLED, now - JUST_INSTALLED))
    _log.warning("the app was uninstalled or its token revoked", reason=reason, team_id=team_id, ended=ended)
    # Slack sends two events, each to any process: which was first the database knows.
    if is_over or ended or (is_news and not context.connecting.can_connect):
        since = (at or now) - SAME_UNINSTALL
        await record_once(context, Place(team_id, "", ""), Action.UNINSTALL, reason, since)


async def _forget_secrets(context: Context, until: datetime) -> bool:
    """Those of the workspace; those of an org-wide installation only once its token is dead too.

    Whether Slack names the organization or each of its workspaces in turn isn't documented. Returns whether
    there were any.
    """
    home = context.login.installation
    is_over = await context.installations.uninstall(home.home_id, until)
    if home.enterprise_id in {"", home.home_id}:
        return is_over
    installed = {each.team_id for each in await context.installations.installations()}
    if home.home_id not in installed and await context.login.is_refused():
        is_over = await context.installations.uninstall(home.enterprise_id, until) or is_over
    return is_over


async def _let_go(shared: Context, body: Body) -> None:
    """Of an installation that is older than the event: nobody can be asked whether it is so."""
    team_id, at = about(body), told_at(body)
    if team_id and at is not None and await shared.installations.uninstall(team_id, at):
        ended = await shared.subscriptions.end_team(team_id, APP_UNINSTALLED, shared.clock.now())
        _log.warning("the app was uninstalled where its token had expired", team_id=team_id, ended=ended)
        where, since = Place(team_id, "", ""), at - SAME_UNINSTALL
        await record_once(shared, where, Action.UNINSTALL, APP_UNINSTALLED, since)

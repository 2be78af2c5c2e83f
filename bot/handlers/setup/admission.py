"""Who may set the bot up: asked anew with every action, of whoever acts."""

from __future__ import annotations

import structlog

from bot.domain.audit import Action, Result
from bot.domain.errors import SlackError
from bot.domain.permissions.administration import Admission, admission_of
from bot.handlers.audit import record
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context

_log = structlog.stdlib.get_logger(__name__)


async def admission(context: Context, place: Place) -> Admission:
    """Whether this person may; where they cannot, that they tried is recorded."""
    found = await looked_up(context, place)
    if found is not Admission.GRANTED:
        await record(context, place, Action.SETUP, result=Result.DENIED)
    return found


async def looked_up(context: Context, place: Place) -> Admission:
    """The same, of somebody who only may want to."""
    try:
        is_admin = await context.slack.people.is_admin(place.user_id, place.team_id)
    except SlackError as error:
        _log.warning("nobody can be let into setup", error=error.code, detail=error.detail)
        return Admission.UNKNOWN
    return admission_of(place.user_id, is_admin=is_admin, otherwise=context.admin_user_id)

"""Who may set the bot up: one decision, asked anew with every action and offer, of whoever acts or reads."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.domain.errors import SlackError
from bot.domain.permissions.administration import Admission, SetupOffer, admission_of
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context

_log = structlog.stdlib.get_logger(__name__)


async def may_set_up(context: Context, place: Place) -> SetupOffer:
    """Whether this person may in the workspace where they are, and whom to ask otherwise."""
    installer = context.admin_user_id or ""
    where = context.workspace_id or place.team_id, context.login.installation.enterprise_id
    if context.is_org_wide and place.user_id and place.user_id == installer:
        return SetupOffer(Admission.GRANTED)  # who installed it for all workspaces sets up each of them
    people = context.slack.people
    try:
        is_admin = await people.is_admin(place.user_id, *where)
        found = admission_of(place.user_id, is_admin=is_admin, otherwise=installer)
        if found is not Admission.ADMINS_ONLY or not installer:
            return SetupOffer(found, installer if found is Admission.ONE_PERSON_ONLY else "")
        return SetupOffer(found, installer if await people.is_admin(installer, *where) else "")
    except SlackError as error:
        _log.warning("nobody can be let into setup", error=error.code, detail=error.detail)
        return SetupOffer(Admission.UNKNOWN)


async def with_offer(context: Context, place: Place, *, for_all: bool) -> Context:
    """The context to answer this person with where nothing is set up yet: it knows whether to offer setup.

    What everybody reads offers it to nobody. A channel that had an organization of its own gets another.
    """
    offer = await may_set_up(context, place)
    channel_id = place.channel_id if context.channels.has(place.channel_id) else ""
    return replace(context, setup_offer=replace(offer, is_for_all=for_all, channel_id=channel_id))

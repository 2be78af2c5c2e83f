"""Whether somebody has a right where they act; asked anew each time, and answered No where nobody knows."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

import structlog

from bot.cards.home.health import not_the_admin_card
from bot.cards.kit.card import Card
from bot.cards.kit.card_settings import without_prices
from bot.cards.setup.answers import denied_card
from bot.cards.setup.denial import Doubt, no_right_card
from bot.domain.audit import Action, Result
from bot.domain.errors import SlackError, SlackGoneError, StoreError
from bot.domain.permissions.administration import AdminRight
from bot.domain.permissions.policies import Policy, Right, Who, permits_all
from bot.handlers.audit import record
from bot.handlers.kit.command import Needed, Place
from bot.handlers.kit.context import Context
from bot.handlers.rights.admission import may_set_up, with_offer

_log = structlog.stdlib.get_logger(__name__)


class _Found(Enum):
    YES = "yes"
    NO = "no"
    NO_SCOPE = "no scope"
    NO_ANSWER = "no answer"
    NO_GROUP = "no group"


_DOUBTS = {
    _Found.NO: None,
    _Found.NO_SCOPE: Doubt.NO_SCOPE,
    _Found.NO_ANSWER: Doubt.NO_ANSWER,
    _Found.NO_GROUP: Doubt.NO_GROUP,
}


async def denial(context: Context, place: Place, right: Needed | None, subject: str) -> Card | None:
    """Why this person can't do this there, which is recorded; None where they can.

    Args:
        context: the ports.
        place: who, and where.
        right: what it takes; None for nothing.
        subject: what they tried, for the audit trail.

    Raises:
        StoreError: nobody knows what was set.
    """
    if isinstance(right, AdminRight):
        return await _admins(context, place, right, subject)
    if right is None or (right is Right.SUBSCRIBE and _is_direct(place)):
        return None
    policy = (await context.settings_at(place.team_id, place.channel_id)).policy(right)
    found = await _has(context, place, policy)
    if found is _Found.YES:
        return None
    await record(context, place, Action.REQUEST, subject, Result.DENIED)
    return no_right_card(right, policy, _DOUBTS[found], slash_command=context.slash_command)


async def _admins(context: Context, place: Place, right: AdminRight, subject: str) -> Card | None:
    """The same of what is an admin's alone."""
    if right is AdminRight.SETUP:
        offer = await may_set_up(context, place)
        if offer.is_granted:
            return None
        await record(context, place, Action.SETUP, result=Result.DENIED)
        return denied_card(offer)
    if context.admin_user_id and place.user_id == context.admin_user_id:
        return None
    await record(context, place, Action.REQUEST, subject, Result.DENIED)
    return not_the_admin_card(is_admin_set=bool(context.admin_user_id))


async def as_seen(context: Context, place: Place, *, for_all: bool) -> Context:
    """The context to answer this person with: without prices, unless whoever reads it may see the cost.

    Where nothing is set up yet it knows whether they may do that. What a channel set for itself counts in
    direct messages too, where its own organization is asked.

    Args:
        context: the tenant's.
        place: who asks, and where.
        for_all: everybody in the conversation reads the answer.
    """
    if not context.org_id:
        context = await with_offer(context, place, for_all=for_all and not _is_direct(place))
    if not context.card_settings.gpu_hour_prices:
        return context
    if context.own_channel and _is_direct(place):
        place, for_all = replace(place, channel_id=context.own_channel, is_dm=False), False
    try:
        policy = (await context.settings_at(place.team_id, place.channel_id)).policy(Right.COST)
    except StoreError as error:
        _log.warning("cost is not shown: who may see it is not known", detail=error.detail)
        policy = Policy(Who.PEOPLE)
    if await _sees(context, place, policy, for_all=for_all):
        return context
    return replace(context, card_settings=without_prices(context.card_settings))


def may_be_instant(context: Context, place: Place) -> bool:
    """Whether an answer without any I/O shows nothing that is kept to some people."""
    if not context.card_settings.gpu_hour_prices:
        return True
    known = context.known_settings_at(place.team_id, place.channel_id)
    return known is not None and known.policy(Right.COST).who is Who.EVERYONE


async def _sees(context: Context, place: Place, policy: Policy, *, for_all: bool) -> bool:
    if policy.who is Who.EVERYONE:
        return True
    if _is_direct(place):
        return policy.who is not Who.MEMBERS and await _has(context, place, policy) is _Found.YES
    return permits_all(policy) if for_all else await _has(context, place, policy) is _Found.YES


async def _has(context: Context, place: Place, policy: Policy) -> _Found:
    if policy.who is Who.EVERYONE or (policy.who is Who.MEMBERS and _is_direct(place)):
        return _Found.YES
    if policy.who is Who.PEOPLE:
        return _Found.YES if place.user_id and place.user_id in policy.people else _Found.NO
    try:
        found = await _slack_says(context, place, policy)
    except SlackGoneError:
        return _Found.NO_GROUP
    except SlackError as error:
        _log.warning("a right is not given: Slack does not say who has it", detail=error.detail)
        return _Found.NO_ANSWER
    if found is None:
        return _Found.NO_SCOPE
    return _Found.YES if found else _Found.NO


async def _slack_says(context: Context, place: Place, policy: Policy) -> bool | None:
    """Whether they are in the channel, or in the group; None where the scope for it was not granted."""
    people = context.slack.people
    if policy.who is Who.MEMBERS:
        return await people.is_member(place.channel_id, place.user_id)
    if not policy.group_id:
        return False
    return await people.is_in_group(policy.group_id, place.user_id, place.team_id)


def _is_direct(place: Place) -> bool:
    """In direct messages with the bot, or in Home."""
    return place.is_dm or not place.channel_id or place.channel_id.startswith("D")

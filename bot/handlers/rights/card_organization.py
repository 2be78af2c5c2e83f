"""The organization that a card in direct messages is about, and whether its reader may ask it.

A channel may have an organization of its own, and whoever asks there may have updates come to their direct
messages, where everything else is about the workspace's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import structlog

from bot.cards.kit import actions
from bot.cards.kit.card import Card
from bot.cards.setup.denial import Doubt, no_member_card, not_connected_anymore_card
from bot.cards.subscriptions.finding import Unhelpful
from bot.cards.subscriptions.subscribe_dialog import SubscribeChoice
from bot.domain.audit import Action, Result
from bot.domain.errors import SlackError, SlackPermanentError
from bot.domain.subscriptions.subscription import ShownMessage, Subscription
from bot.handlers.audit import record
from bot.handlers.kit.button_press import ButtonPress
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context

_DIRECT: Final = "D"
_BY_VALUE: Final = actions.ABOUT_JOBS | actions.ABOUT_GROUPS

_log = structlog.stdlib.get_logger(__name__)


class Asked(NamedTuple):
    """What a press is answered with."""

    context: Context
    denied: Card | None = None
    """Why whoever presses isn't answered."""


async def organization_of(context: Context, pressed: ButtonPress) -> Asked:
    """The context of the organization that the pressed card is about.

    Another one than the workspace's is asked for members of a channel that has it, as Slack knows them now.

    Raises:
        StoreError: nobody knows what the card is about.
    """
    subject = _subject(pressed)
    if not (subject and _may_be_anothers(context, pressed.place)):
        return Asked(context)
    shown = ShownMessage(pressed.team_id, pressed.channel_id, subject, pressed.stands_in)
    found = await _belongs_to(context, pressed.place, shown, is_alone=pressed.is_private)
    return await _asked(context, pressed.place, found, pressed.action_id)


async def organization_of_thread(context: Context, place: Place) -> Asked:
    """The same of what is said in the thread of such a card.

    Raises:
        StoreError: nobody knows what the thread is about.
    """
    if place.thread_ts is None or not _may_be_anothers(context, place):
        return Asked(context)
    shown = ShownMessage(place.team_id, place.channel_id, "", (place.thread_ts,))
    return await _asked(context, place, await _belongs_to(context, place, shown, is_alone=False), "message")


def _may_be_anothers(context: Context, place: Place) -> bool:
    return place.channel_id.startswith(_DIRECT) and bool(context.channels.organizations)


async def _asked(context: Context, place: Place, found: Subscription | None, subject: str) -> Asked:
    if found is None or found.org_id == context.org_id:
        return Asked(context)
    channels = context.channels.organizations.items()
    theirs = [channel_id for channel_id, org_id in channels if org_id == found.org_id]
    own, doubt = await _let_in(context, place, theirs)
    if own is not None:
        return Asked(replace(own, workspace_id=context.workspace_id))
    await record(context, place, Action.REQUEST, subject, Result.DENIED)
    gone = not_connected_anymore_card(slash_command=context.slash_command)
    return Asked(replace(context, org_id=found.org_id), no_member_card(theirs, doubt) if theirs else gone)


async def _belongs_to(
    context: Context, place: Place, message: ShownMessage, *, is_alone: bool
) -> Subscription | None:
    """What a message belongs to; None for an answer about the workspace's jobs.

    Of one that only one person sees, outside of any thread, nothing is known but what it is about.
    """
    org_ids = {context.org_id, *context.channels.organizations.values()} - {""}
    found = await context.subscriptions.shown(message, org_ids, place.user_id)
    there = [each for each in found if not {each.card_ts, each.thread_ts}.isdisjoint(message.messages)]
    return next(iter(there or (found if is_alone else ())), None)


async def _let_in(
    context: Context, place: Place, channel_ids: Sequence[str]
) -> tuple[Context | None, Doubt | None]:
    """What they are answered with in the first of these channels that they are in; or why nobody knows."""
    doubt: Doubt | None = None
    for channel_id in channel_ids:
        try:
            is_member = await context.slack.people.is_member(channel_id, place.user_id)
        except SlackPermanentError as error:  # where the bot isn't let in, nobody is known to be
            _log.info("who is in a channel is not told", channel_id=channel_id, detail=error.detail)
            continue
        except SlackError as error:
            _log.warning("who is in a channel is not known", channel_id=channel_id, detail=error.detail)
            doubt = Doubt.NO_ANSWER
            continue
        if is_member is None:
            doubt = Doubt.NO_SCOPE
        elif is_member and (own := context.channels.context_in(channel_id)) is not None:
            return own, None
    return None, doubt


def _subject(pressed: ButtonPress) -> str:
    """The job or the group that the button is about, or its subscription; empty for anything else."""
    if pressed.action_id in _BY_VALUE:
        return pressed.value
    if pressed.action_id == actions.SUBSCRIBE_AS:
        choice = SubscribeChoice.read(pressed.value)
        return "" if choice is None else choice.request_id
    about = Unhelpful.read(pressed.value) if pressed.action_id == actions.NOT_HELPFUL else None
    return "" if about is None else about.request_id

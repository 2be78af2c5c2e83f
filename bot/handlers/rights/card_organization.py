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
    if not (subject and pressed.channel_id.startswith(_DIRECT) and context.channels.organizations):
        return Asked(context)
    found = await _shown(context, pressed, subject)
    if found is None or found.org_id == context.org_id:
        return Asked(context)
    channels = context.channels.organizations.items()
    theirs = [channel_id for channel_id, org_id in channels if org_id == found.org_id]
    own, doubt = await _let_in(context, pressed, theirs)
    if own is not None:
        return Asked(replace(own, workspace_id=context.workspace_id))
    await record(context, pressed.place, Action.REQUEST, pressed.action_id, Result.DENIED)
    gone = not_connected_anymore_card(slash_command=context.slash_command)
    return Asked(replace(context, org_id=found.org_id), no_member_card(theirs, doubt) if theirs else gone)


async def _shown(context: Context, pressed: ButtonPress, subject: str) -> Subscription | None:
    """What the card belongs to; None for an answer about the workspace's jobs.

    Of an answer that only one person sees, outside of any thread, only what it is about is known.
    """
    message = ShownMessage(pressed.team_id, pressed.channel_id, subject, pressed.stands_in)
    org_ids = {context.org_id, *context.channels.organizations.values()} - {""}
    found = await context.subscriptions.shown(message, org_ids, pressed.user_id)
    there = [each for each in found if not {each.card_ts, each.thread_ts}.isdisjoint(pressed.stands_in)]
    return next(iter(there or (found if pressed.is_private else ())), None)


async def _let_in(
    context: Context, pressed: ButtonPress, channel_ids: Sequence[str]
) -> tuple[Context | None, Doubt | None]:
    """What they are answered with in the first of these channels that they are in; or why nobody knows."""
    doubt: Doubt | None = None
    for channel_id in channel_ids:
        try:
            is_member = await context.slack.people.is_member(channel_id, pressed.user_id)
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

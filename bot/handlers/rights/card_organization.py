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
from bot.cards.setup.denial import (
    Doubt,
    no_member_card,
    not_connected_anymore_card,
    other_workspace_card,
)
from bot.cards.subscriptions.finding import Unhelpful
from bot.cards.subscriptions.subscribe_dialog import SubscribeChoice
from bot.domain.audit import Action, Result
from bot.domain.errors import (
    InvalidIdError,
    JobNotFoundError,
    SlackError,
    SlackPermanentError,
    StoreError,
    TrainingApiError,
)
from bot.domain.subscriptions.subscription import ShownMessage, Subscription
from bot.handlers.audit import record
from bot.handlers.kit.button_press import ButtonPress
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context, OwnChannel

_DIRECT: Final = "D"
_BY_VALUE: Final = actions.ABOUT_JOBS | actions.ABOUT_GROUPS

_log = structlog.stdlib.get_logger(__name__)


class Asked(NamedTuple):
    """What a press is answered with."""

    context: Context
    team_id: str
    """The workspace under which the card is stored, which may be another one of the same installation."""
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
        return Asked(context, pressed.team_id)
    shown = ShownMessage(_team_ids(context, pressed.place), pressed.channel_id, subject, pressed.stands_in)
    found = await _belongs_to(context, pressed.place, shown, is_alone=pressed.is_private)
    return await _asked(context, pressed.place, found)


async def organization_of_thread(context: Context, place: Place) -> Asked:
    """The same of what is said in the thread of such a card.

    Raises:
        StoreError: nobody knows what the thread is about.
    """
    if place.thread_ts is None or not _may_be_anothers(context, place):
        return Asked(context, place.team_id)
    shown = ShownMessage(_team_ids(context, place), place.channel_id, "", (place.thread_ts,))
    return await _asked(context, place, await _belongs_to(context, place, shown, is_alone=False))


async def denied(context: Context, place: Place, subject: str) -> None:
    """Record that somebody asked what they can't; leaving, and what shows no job, is no such attempt."""
    await record(context, place, Action.REQUEST, subject, Result.DENIED)


def _may_be_anothers(context: Context, place: Place) -> bool:
    """Also where no channel has an organization of its own anymore: cards outlast it."""
    return place.channel_id.startswith(_DIRECT) and bool(context.channels.team_ids)


def _team_ids(context: Context, place: Place) -> frozenset[str]:
    return context.channels.team_ids | {place.team_id}


async def _asked(context: Context, place: Place, found: Subscription | None) -> Asked:
    if found is None:
        return Asked(context, place.team_id)
    if found.org_id == context.org_id:
        return Asked(context, found.team_id)
    theirs = [each for each in context.channels.own if each.org_id == found.org_id]
    theirs.sort(key=lambda each: each.team_id != found.team_id)
    own, doubt = await _let_in(context, place, theirs)
    if own is not None:
        workspace_id = own.login.installation.team_id or context.workspace_id
        return Asked(replace(own, workspace_id=workspace_id), found.team_id)
    refusal = _refusal(context, place, found, theirs, doubt)
    return Asked(replace(context, org_id=found.org_id), found.team_id, refusal)


def _refusal(
    context: Context, place: Place, found: Subscription, theirs: Sequence[OwnChannel], doubt: Doubt | None
) -> Card:
    if theirs:
        return no_member_card(tuple(dict.fromkeys(each.channel_id for each in theirs)), doubt)
    if found.team_id != place.team_id and _is_of_a_workspace(context, found):
        return other_workspace_card()
    return not_connected_anymore_card(slash_command=context.slash_command)


def _is_of_a_workspace(context: Context, found: Subscription) -> bool:
    """Whether the workspace it is stored under is connected to its organization."""
    there = context.channels.context_in(found.team_id, "")
    return there is not None and there.org_id == found.org_id


async def _belongs_to(
    context: Context, place: Place, message: ShownMessage, *, is_alone: bool
) -> Subscription | None:
    """What a message belongs to; None for an answer about the workspace's jobs.

    Of one that only one person sees, outside of any thread, nothing is known but what it is about.
    """
    org_ids = {context.org_id, *(each.org_id for each in context.channels.own)} - {""}
    try:
        found = await context.subscriptions.shown(message, org_ids, place.user_id)
    except StoreError as error:
        if context.channels.own or len(context.channels.team_ids) > 1:
            raise
        # There is no other organization to ask, and whoever is here may ask this one.
        _log.warning("whose job a card is about is not known", error=error.code, detail=error.detail)
        return None
    there = [each for each in found if not {each.card_ts, each.thread_ts}.isdisjoint(message.messages)]
    if there or not is_alone:
        return next(iter(there), None)
    return await _by_subject(context, found, message.subject)


async def _by_subject(context: Context, found: Sequence[Subscription], subject: str) -> Subscription | None:
    """What only the job or the group tells: the workspace's, where it may be."""
    if not found or found[0].id == subject:
        return next(iter(found), None)
    ours = next((each for each in found if each.org_id == context.org_id), None)
    if ours is not None or found[0].is_group:
        return ours or found[0]
    return None if await _has(context, subject) else found[0]


async def _has(context: Context, request_id: str) -> bool:
    """Whether the workspace's organization has such a job; as far as is known, it has."""
    if not context.org_id or context.training_api.recall(request_id) is not None:
        return bool(context.org_id)
    try:
        await context.training_api.job(request_id)
    except (JobNotFoundError, InvalidIdError):
        return False
    except TrainingApiError as error:
        _log.info("whose job an answer is about is not known", error=error.code, detail=error.detail)
    return True


async def _let_in(
    context: Context, place: Place, channels: Sequence[OwnChannel]
) -> tuple[Context | None, Doubt | None]:
    """What they are answered with in the first of these channels that they are in; or why nobody knows."""
    doubt: Doubt | None = None
    for team_id, channel_id, org_id in channels:
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
        elif is_member:
            own = context.channels.context_in(team_id, channel_id)
            if own is not None and own.org_id == org_id:  # another one may be connected there meanwhile
                return replace(own, own_channel=channel_id), None
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

"""``/job pause until 9am`` and ``/job resume``: no direct messages and no mentions for a while."""

from __future__ import annotations

from collections.abc import AsyncIterator

import structlog

from bot.cards.kit.card import Card
from bot.cards.subscriptions.pause import paused_card, resumed_card
from bot.domain.commands.command_line import Form
from bot.domain.errors import NotUnderstoodError, SlackError, StoreError
from bot.domain.pausing import read_pause
from bot.handlers.channels.asker_time import local_now
from bot.handlers.kit.button_press import ButtonPress, replace
from bot.handlers.kit.command import Command, Place, Question, anybody, changes, changes_with_words
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.handlers.kit.subscription_cache import Subscribers
from bot.handlers.subscriptions.subscription_list import list_of

_log = structlog.stdlib.get_logger(__name__)


async def _pause(context: Context, question: Question) -> AsyncIterator[Card]:
    place, now = question.place, await local_now(context, question.place)
    try:
        until = read_pause(question.words, now)
        await context.pauses.pause(place.team_id, place.user_id, await _dm_of(context, place), until)
    except (NotUnderstoodError, StoreError) as error:
        yield failure_card(context, error)
        return
    _show_in_home(context, place)
    yield paused_card(until)


async def _resume(context: Context, question: Question) -> AsyncIterator[Card]:
    if question.words:
        said = " ".join(["resume", *question.words])
        reason = "`resume` takes nothing: it ends your pause. I can't restart jobs."
        yield failure_card(context, NotUnderstoodError(said, reason, "resume"))
        return
    try:
        yield resumed_card(was_paused=await _resumed(context, question.place))
    except StoreError as error:
        yield failure_card(context, error)


async def resume(context: Context, pressed: ButtonPress) -> None:
    """As ``resume``; the list that it was pressed on is shown anew.

    Raises:
        StoreError: the database did not take it.
    """
    was_paused = await _resumed(context, pressed.place)
    if not pressed.is_in_home:  # that is drawn anew
        is_list = pressed.is_in_list
        card = await list_of(context, pressed.place) if is_list else resumed_card(was_paused=was_paused)
        await replace(context, pressed, card)


async def _resumed(context: Context, place: Place) -> bool:
    """Raises StoreError: the database did not take it."""
    was_paused = await context.pauses.resume(place.team_id, place.user_id)
    context.deliverer.wake()
    _show_in_home(context, place)
    return was_paused


def _show_in_home(context: Context, place: Place) -> None:
    context.subscriptions.changed.tell(Subscribers(place.team_id, (place.user_id,)))


async def _dm_of(context: Context, place: Place) -> str:
    """The person's direct messages; where they cannot be opened, what stands for them."""
    if place.is_dm:
        return place.channel_id
    try:
        return await context.slack.open_dm(place.user_id)
    except SlackError as error:
        _log.info("no direct messages to pause", detail=error.detail)
        return place.user_id


PAUSE = Command(
    name="pause",
    usage="pause 2h|until 9am|until tomorrow",
    summary="Hold my direct messages to you, and mention you nowhere, for up to 7 days.",
    run=_pause,
    changes=changes_with_words,
    right=anybody,
    form=Form(takes_words=True),
    aliases=("snooze", "dnd"),
    is_personal=True,
    shows_no_job=True,
)
RESUME = Command(
    name="resume",
    usage="resume",
    summary="End your pause.",
    run=_resume,
    changes=changes,
    right=anybody,
    form=Form(takes_words=True),
    is_personal=True,
    shows_no_job=True,
)

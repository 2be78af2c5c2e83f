"""The buttons that begin and end updates: [Subscribe], [Unsubscribe], [Stop], [Stop for all]."""

from __future__ import annotations

from dataclasses import replace as replace_in

from bot.cards.kit import actions
from bot.cards.subscriptions.subscribe_dialog import DM, SubscribeChoice
from bot.cards.subscriptions.unsubscribe import stopped_card
from bot.domain.audit import Action, Result
from bot.domain.errors import TrainingApiError
from bot.domain.groups.group import is_subject
from bot.domain.permissions.policies import Right
from bot.domain.subscriptions.subscription import Subscription
from bot.handlers.audit import record
from bot.handlers.jobs.status import redraw
from bot.handlers.kit.button_press import ButtonPress, replace, to_presser
from bot.handlers.kit.context import Context
from bot.handlers.kit.destination import Destination, destination
from bot.handlers.kit.failures import failure_card
from bot.handlers.kit.misdirected import tell_presser
from bot.handlers.kit.replies import to_person
from bot.handlers.kit.subscription_cache import Subscribers
from bot.handlers.kit.work import Reply
from bot.handlers.subscriptions.group import change_group
from bot.handlers.subscriptions.pressed_card import kept_card, show_on_card
from bot.handlers.subscriptions.subscribe import follow, wish_of
from bot.handlers.subscriptions.subscribe_dialog import ask, asks_first
from bot.handlers.subscriptions.subscription_list import list_of
from bot.handlers.subscriptions.unsubscribe import leave, leave_elsewhere, may_reach, name_of, stop_for_all


def right_to_subscribe(pressed: ButtonPress) -> Right | None:
    """In their direct messages everybody can; whom a window asks first is checked once they chose."""
    if pressed.action_id == actions.SUBSCRIBE and asks_first(pressed):
        return None
    choice = SubscribeChoice.read(pressed.value) if pressed.action_id == actions.SUBSCRIBE_AS else None
    return None if choice is not None and DM in choice.options else Right.SUBSCRIBE


async def subscribe(context: Context, pressed: ButtonPress) -> None:
    """As ``subscribe`` in that conversation, in the thread the card stands in if there is one.

    Whoever presses what only they see is asked first where updates go and which: nothing is posted for all
    that nobody wanted there.
    """
    if asks_first(pressed):
        await ask(context, pressed)
    else:
        await _subscribe(context, pressed, SubscribeChoice(pressed.value, frozenset(), pressed.is_on_card))


async def subscribe_as(context: Context, pressed: ButtonPress) -> None:
    """What was chosen in that window."""
    choice = SubscribeChoice.read(pressed.value)
    if choice is None:
        await tell_presser(context, pressed)
        return
    await _subscribe(context, pressed, choice)


async def _subscribe(context: Context, pressed: ButtonPress, choice: SubscribeChoice) -> None:
    tell, request_id = _teller(context, pressed), choice.request_id
    if is_subject(request_id):
        card = await change_group(context, pressed.place, request_id, choice.options)
        if card is not None:
            await tell(card)
        return
    try:
        seen = await context.training_api.job(request_id, refresh=True)
    except TrainingApiError as error:
        await tell(failure_card(context, error, request_id))
        return
    where = await destination(context, pressed.place, in_dm=DM in choice.options)
    if not isinstance(where, Destination):
        await tell(where.card(context, pressed.place, request_id))
        return
    wish = await wish_of(context, pressed.place, where, request_id, choice.options)
    if choice.is_on_card and where.channel_id == pressed.channel_id:
        wish = replace_in(wish, card_ts=await kept_card(context, pressed, seen))
    answer = await follow(context, wish, seen, asked_in=pressed.place, says_all=not pressed.is_private)
    if answer.subscription is not None and choice.is_on_card:
        await show_on_card(context, pressed, answer.subscription, seen.job.experiment_name)
    if answer.card is not None:
        await tell(answer.card)


def _teller(context: Context, pressed: ButtonPress) -> Reply:
    """To the presser, beside the card; in a direct message where they pressed in Home."""
    if not pressed.channel_id:
        return to_person(context.slack, pressed.user_id)
    return to_presser(context, pressed)


async def unsubscribe(context: Context, pressed: ButtonPress) -> None:
    """As ``unsubscribe`` in that conversation."""
    card = await leave(context, pressed.place, pressed.request_id)
    if pressed.is_on_card:
        await redraw(context, pressed, pressed.request_id)
    await to_presser(context, pressed)(card)


async def stop(context: Context, pressed: ButtonPress) -> None:
    """Unsubscribe the presser from what the button is about, wherever that is; in Home from all of them."""
    card = None
    for subscription_id in pressed.value.split():
        found = await _named(context, replace_in(pressed, value=subscription_id), Action.STOP)
        if found is not None:
            card = await leave_elsewhere(context, pressed.place, found)
    if pressed.is_in_home:  # that is drawn anew wherever it was changed
        if card is None:  # it was so before, and the tab did not know
            context.subscriptions.changed.tell(Subscribers(pressed.team_id, (pressed.user_id,)))
        return
    if card is None or pressed.is_in_list:
        card = await list_of(context, pressed.place)
    await replace(context, pressed, card)


async def stop_all(context: Context, pressed: ButtonPress) -> None:
    """End the subscription for everybody; the list, or the card that offered it, says so."""
    found = await _named(context, pressed, Action.STOP_FOR_ALL)
    ended = None if found is None else await stop_for_all(context, found.id)
    if ended is not None:
        there = replace_in(pressed.place, channel_id=ended.channel_id)
        await record(context, there, Action.STOP_FOR_ALL, ended.request_id)
    if pressed.is_in_list:
        await replace(context, pressed, await list_of(context, pressed.place))
        return
    name = None if ended is None else name_of(context, ended.request_id)
    await replace(context, pressed, stopped_card(ended, slash_command=context.slash_command, name=name))


async def _named(context: Context, pressed: ButtonPress, action: Action) -> Subscription | None:
    """The subscription that the button is about; None where it is another tenant's, which is recorded."""
    found = await context.subscriptions.subscription(pressed.value)
    if found is None or may_reach(context, pressed, found):
        return found
    await record(context, pressed.place, action, pressed.value, Result.DENIED)
    return None

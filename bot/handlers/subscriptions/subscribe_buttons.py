"""The buttons that begin and end updates: [Subscribe], [Unsubscribe], [Stop], [Stop for all]."""

from __future__ import annotations

import structlog

from bot.cards.subscriptions.unsubscribe import stopped_card
from bot.domain.errors import SlackError, TrainingApiError
from bot.domain.subscriptions.subscription import Subscription
from bot.handlers.jobs.status import card_of
from bot.handlers.kit.button_press import Press, replace, to_presser
from bot.handlers.kit.card_subscription import following
from bot.handlers.kit.context import Context
from bot.handlers.kit.destination import Destination, destination
from bot.handlers.kit.failures import failure_card
from bot.handlers.kit.job_facts import facts_of
from bot.handlers.kit.subscription_cache import Subscribers
from bot.handlers.subscriptions.subscribe import follow, wish_of
from bot.handlers.subscriptions.subscription_list import list_of
from bot.handlers.subscriptions.unsubscribe import leave, leave_elsewhere, name_of, stop_for_all

_log = structlog.stdlib.get_logger(__name__)


async def subscribe(context: Context, pressed: Press) -> None:
    """As ``subscribe`` in that conversation, in the thread the card stands in if there is one."""
    tell, request_id = to_presser(context, pressed), pressed.request_id
    try:
        seen = await context.training_api.job(request_id, refresh=True)
    except TrainingApiError as error:
        await tell(failure_card(context, error, request_id))
        return
    where = await destination(context, pressed.place)
    if not isinstance(where, Destination):
        await tell(where.card(context, pressed.place, request_id))
        return
    wish = wish_of(context, pressed.place, where, request_id)
    answer = await follow(context, wish, seen, asked_in=pressed.place, says_all=not pressed.is_private)
    if answer.is_followed:
        await _show_state(context, pressed)
    if answer.card is not None:
        await tell(answer.card)


async def unsubscribe(context: Context, pressed: Press) -> None:
    """As ``unsubscribe`` in that conversation."""
    card = await leave(context, pressed.place, pressed.request_id)
    await _show_state(context, pressed)
    await to_presser(context, pressed)(card)


async def stop(context: Context, pressed: Press) -> None:
    """Unsubscribe the presser from what the button is about, wherever that is."""
    found = await _named(context, pressed)
    card = None
    if found is not None:
        card = await leave_elsewhere(context, pressed.place, found)
    if pressed.is_in_home:  # that is drawn anew wherever it was changed
        if card is None:  # it was so before, and the tab did not know
            context.subscriptions.changed.tell(Subscribers(pressed.team_id, (pressed.user_id,)))
        return
    if card is None or pressed.is_in_list:
        card = await list_of(context, pressed.place)
    await replace(context, pressed, card)


async def stop_all(context: Context, pressed: Press) -> None:
    """End the subscription for everybody; the list, or the card that offered it, says so."""
    found = await _named(context, pressed)
    ended = None if found is None else await stop_for_all(context, found.id)
    if pressed.is_in_list:
        await replace(context, pressed, await list_of(context, pressed.place))
        return
    name = None if ended is None else name_of(context, ended.request_id)
    await replace(context, pressed, stopped_card(ended, slash_command=context.slash_command, name=name))


async def _named(context: Context, pressed: Press) -> Subscription | None:
    """The subscription that the button is about; None where it is another workspace's."""
    found = await context.subscriptions.subscription(pressed.value)
    return found if found is not None and found.team_id == pressed.team_id else None


async def _show_state(context: Context, pressed: Press) -> None:
    """The pressed card with the buttons that are true now.

    Where that fails the card stays as it is: what was asked for is done all the same.
    """
    try:
        seen = await context.training_api.job(pressed.request_id)
        followed = following(context, pressed.place, pressed.request_id, is_private=pressed.is_private)
        facts = await facts_of(context, pressed.request_id, seen, followed)
        card = await card_of(context, seen, pressed.request_id, pressed.question, facts)
        await replace(context, pressed, card)
    except (TrainingApiError, SlackError) as error:
        _log.info("the card keeps its buttons", request_id=pressed.request_id, detail=error.detail)

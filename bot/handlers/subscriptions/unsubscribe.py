"""Unsubscribing from a job: the same for the command and for the button."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.kit.card import Card
from bot.cards.subscriptions.unsubscribe import left_all_card, left_elsewhere_card, unsubscribed_card
from bot.domain.subscriptions.subscription import Ending, Subscription
from bot.handlers.kit.button_press import ButtonPress
from bot.handlers.kit.card_subscription import spot_of
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context


async def leave(context: Context, place: Place, request_id: str) -> Card:
    """Unsubscribe the asker from a job in this conversation; the last one ends it.

    Raises:
        StoreError: the database did not take it.
    """
    left = await context.subscriptions.unsubscribe(
        spot_of(context, place, request_id), place.user_id, context.clock.now()
    )
    context.deliverer.wake()
    return unsubscribed_card(
        left,
        request_id=request_id,
        slash_command=context.slash_command,
        name=name_of(context, request_id),
        elsewhere=() if left.was_subscriber else await _elsewhere(context, place, request_id),
    )


async def _elsewhere(context: Context, place: Place, request_id: str) -> Sequence[Subscription]:
    """The asker's subscriptions to the job in other conversations, or here to another organization's."""
    followed = await context.subscriptions.followed(place.team_id, place.channel_id, place.user_id)
    found = (each.subscription for each in followed if each.is_mine)
    here = spot_of(context, place, request_id)
    return [each for each in found if each.request_id == request_id and each.spot != here]


async def leave_all(context: Context, place: Place) -> Card:
    """End every subscription of the asker's, here and elsewhere.

    Raises:
        StoreError: the database did not take it; some may have ended.
    """
    followed = await context.subscriptions.followed(place.team_id, place.channel_id, place.user_id)
    mine = [each for each in followed if each.is_mine]
    for each in mine:
        await context.subscriptions.unsubscribe(each.subscription.spot, place.user_id, context.clock.now())
    context.deliverer.wake()
    return left_all_card([(each.experiment_name, each.subscription.request_id) for each in mine])


async def leave_elsewhere(context: Context, place: Place, subscription: Subscription) -> Card:
    """Unsubscribe the asker from a job in another conversation than this.

    Raises:
        StoreError: the database did not take it.
    """
    await context.subscriptions.unsubscribe(subscription.spot, place.user_id, context.clock.now())
    context.deliverer.wake()
    return left_elsewhere_card(subscription, name=name_of(context, subscription.request_id))


async def stop_for_all(context: Context, subscription_id: str) -> Subscription | None:
    """End a subscription, whoever its subscribers are; None where it had ended.

    Raises:
        StoreError: the database did not take it.
    """
    ended = await context.subscriptions.stop(subscription_id, Ending.UNSUBSCRIBED, context.clock.now())
    context.deliverer.wake()
    return ended


def may_reach(context: Context, pressed: ButtonPress, subscription: Subscription) -> bool:
    """Whether whoever presses may do something to it: a channel may have an organization of its own.

    What they are subscribed to they may leave from everywhere.
    """
    if subscription.team_id != pressed.team_id:
        return False
    is_theirs = pressed.user_id in subscription.subscribers
    return is_theirs or subscription.org_id == context.org_id


def name_of(context: Context, request_id: str) -> str | None:
    """The experiment's name, where it is known without asking."""
    known = context.training_api.recall(request_id)
    if known is not None:
        return known.job.experiment_name
    listing = context.training_api.recall_jobs()
    rows = () if listing is None else listing.jobs
    return next((row.experiment_name for row in rows if row.request_id == request_id), None)

"""Who is subscribed to a job where its card is shown: known at once, or asked for beside the job itself."""

from __future__ import annotations

from bot.cards.subscriptions.card_subscription import CardSubscription
from bot.domain.subscriptions.subscription import Spot, Subscription
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context


def following_of(subscription: Subscription | None, reader: str | None) -> CardSubscription | None:
    """What the card says of it to one ``reader``, or to everybody (None)."""
    if subscription is None:
        return None
    is_mine = None if reader is None else reader in subscription.subscribers
    return CardSubscription(
        len(subscription.subscribers), is_mine, subscription.ended, is_fed=subscription.is_fed
    )


def spot_of(context: Context, place: Place, request_id: str) -> Spot:
    """The job's subscription in this place, if there is one."""
    return Spot(place.team_id, place.channel_id, context.org_id, request_id)


def reader_of(place: Place, *, is_private: bool) -> str | None:
    """The one who sees the card; None for a card that everybody sees."""
    return place.user_id if is_private else None


async def following(
    context: Context, place: Place, request_id: str, *, is_private: bool
) -> CardSubscription | None:
    """For a card that may wait a little; a database that does not answer in time costs nobody the card."""
    subscription = await context.subscriptions.soon(spot_of(context, place, request_id))
    return following_of(subscription, reader_of(place, is_private=is_private))

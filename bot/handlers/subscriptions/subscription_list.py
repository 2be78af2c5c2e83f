"""``/job subscriptions``: those of this conversation, and the asker's elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.cards.kit.card import Card
from bot.cards.subscriptions.pause import with_pause
from bot.cards.subscriptions.subscription_list import watching_card, with_no_owner
from bot.domain.errors import StoreError
from bot.handlers.kit.command import Command, Place, Question, anybody, reads
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card


async def list_of(context: Context, place: Place) -> Card:
    """The list, as it is now.

    Raises:
        StoreError: the database does not answer.
    """
    followed = await context.subscriptions.followed(place.team_id, place.channel_id, place.user_id)
    until = await context.pauses.paused_until(place.team_id, place.user_id, context.clock.now())
    card = watching_card(followed, channel_id=place.channel_id, slash_command=context.slash_command)
    return with_pause(card, until)


async def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    try:
        card = await list_of(context, question.place)
        card = with_no_owner(card) if question.words == ("mine",) else card
    except StoreError as error:
        card = failure_card(context, error)
    yield card


COMMAND = Command(
    name="subscriptions",
    usage="subscriptions",
    summary="List subscriptions here, and yours elsewhere.",
    run=_run,
    changes=reads,
    right=anybody,
    aliases=("watching",),
    is_personal=True,
)

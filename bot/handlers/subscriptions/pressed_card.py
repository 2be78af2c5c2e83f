"""The card whose [Subscribe] was pressed: it becomes the subscription's, and no second one is posted."""

from __future__ import annotations

import structlog

from bot.cards.subscriptions.subscribe import moved_card
from bot.domain.errors import SlackError, TrainingApiError
from bot.domain.ports import Snapshot
from bot.domain.subscriptions.subscription import Subscription
from bot.handlers.jobs.status import card_again, redraw
from bot.handlers.kit.button_press import ButtonPress, replace
from bot.handlers.kit.card_subscription import spot_of
from bot.handlers.kit.context import Context
from bot.handlers.subscriptions.subscribe import permalink_of

_log = structlog.stdlib.get_logger(__name__)


async def kept_card(context: Context, pressed: ButtonPress, seen: Snapshot) -> str | None:
    """The pressed message's ``ts``, if a subscription that is new can keep it up to date; None otherwise.

    Slack has signed which message was pressed. Whether the bot may edit it for as long as the subscription
    lasts is found out by trying, since no document says it of what a ``response_url`` left. It is edited to
    what it shows now, which harms nobody, however often.
    """
    request_id = pressed.request_id
    if not pressed.message_ts or seen.job.status.is_finished:
        return None
    active = await context.subscriptions.soon(spot_of(context, pressed.place, request_id))
    if active is not None and active.is_active:
        return None  # it has its card
    try:
        card = await card_again(context, pressed, request_id)
        await context.slack.edit(pressed.channel_id, pressed.message_ts, card.message())
    except (TrainingApiError, SlackError) as error:
        _log.info("the pressed card is not kept", request_id=request_id, detail=error.detail)
        return None
    return pressed.message_ts


async def show_on_card(
    context: Context, pressed: ButtonPress, subscription: Subscription, name: str | None
) -> None:
    """Bring the pressed card up to date; where the live one had to be posted anew, leave only a link to it.

    Only for who is subscribed alone, which is also so when this is done again after a crash: others may have
    asked for the card that was pressed.
    """
    is_elsewhere = subscription.is_open and subscription.card_ts != pressed.message_ts
    is_alone = subscription.subscribers == (pressed.user_id,) and not subscription.is_feed_post
    if not (pressed.message_ts and is_elsewhere and is_alone):
        await redraw(context, pressed, subscription.request_id)
        return
    permalink = await permalink_of(context, subscription)
    try:
        await replace(context, pressed, moved_card(subscription.request_id, name=name, permalink=permalink))
    except SlackError as error:
        _log.info("the card stays as it is", request_id=subscription.request_id, detail=error.detail)

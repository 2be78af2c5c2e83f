"""What everybody in a conversation is told when somebody changes what comes there."""

from __future__ import annotations

import structlog

from bot.cards.kit.card import Card
from bot.domain.errors import SlackError, SlackPermanentError, SlackPermissionError
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context
from bot.handlers.kit.destination import Refusal

_log = structlog.stdlib.get_logger(__name__)


async def tell_all(context: Context, place: Place, card: Card) -> Refusal | None:
    """Post it there, unless nobody but the asker reads there: the answer itself tells them.

    Returns why, where Slack will never take a message there.
    """
    if place.is_dm:
        return None
    try:
        # Slash commands can be typed in direct messages of two people too, where the bot is not.
        is_ours = await _is_our_dm(context, place)
        if is_ours is not None:
            return None if is_ours else Refusal("channel_not_found")
        await context.slack.post_message(place.channel_id, card.message())
    except SlackPermanentError as error:
        return Refusal.of(error)
    except SlackError as error:
        _log.info("not everybody was told", channel_id=place.channel_id, detail=error.detail)
    return None


async def _is_our_dm(context: Context, place: Place) -> bool | None:
    """Whether it is the asker's direct message with the bot; None where posting has to show."""
    if not place.channel_id.startswith("D"):
        return None
    try:
        return await context.slack.open_dm(place.user_id) == place.channel_id
    except SlackPermissionError as error:
        _log.info("whose direct message it is cannot be asked", detail=error.detail)
        return None

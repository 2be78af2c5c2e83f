"""What everybody in a conversation is told when somebody changes what comes there."""

from __future__ import annotations

import structlog

from bot.cards.card import Card
from bot.domain.errors import SlackError, SlackPermanentError
from bot.handlers.command import Place
from bot.handlers.context import Context

_log = structlog.stdlib.get_logger(__name__)


async def tell_all(context: Context, place: Place, card: Card) -> str | None:
    """Post it there, unless nobody but the asker reads there: the answer itself tells them.

    Returns Slack's error code where it will never take a message there.
    """
    if place.is_dm:
        return None
    try:
        if place.channel_id.startswith("D"):
            # Slash commands can be typed in direct messages of two people too, where the bot is not.
            is_ours = await context.slack.open_dm(place.user_id) == place.channel_id
            return None if is_ours else "channel_not_found"
        await context.slack.post_message(place.channel_id, card.message())
    except SlackPermanentError as error:
        return error.slack_code
    except SlackError as error:
        _log.info("not everybody was told", channel_id=place.channel_id, detail=error.detail)
    return None

"""Whether a conversation is gone indeed, before anything that is told there ends."""

from __future__ import annotations

from bot.domain.errors import SlackError, SlackLimitedError, SlackPassingError
from bot.domain.ports import SlackGateway

NOT_FOUND = "channel_not_found"


async def confirmed(slack: SlackGateway, channel_id: str, error: SlackError) -> SlackError:
    """The error that a message met, unless Slack then knows the conversation it said is not there.

    Where the scope to ask is missing, what was said first counts; the token is the workspace's in any case
    (see `bot.domain.ports.Gateways`).
    """
    if error.slack_code != NOT_FOUND:
        return error
    try:
        there = await slack.conversation(channel_id)
    except (SlackLimitedError, SlackPassingError) as unsure:
        detail = f"{error.detail}; whether it is gone is not known: {unsure.detail}"
    except SlackError:
        return error
    else:
        if there is None or there.is_archived or (there.is_private and not there.is_member):
            return error
        detail = f"{error.detail}, but conversations.info knows the conversation"
    return SlackPassingError(detail, slack_code=error.slack_code, may_have_happened=False)

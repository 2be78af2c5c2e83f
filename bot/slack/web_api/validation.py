"""Asking Slack whether it would take a message or a view, without showing it to anybody.

Source: https://docs.slack.dev/reference/methods/blocks.validate
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, Literal

import aiohttp
import orjson

from bot.domain.errors import SlackError
from bot.domain.ports import Clock
from bot.slack.web_api.calling import SlackCalls

_METHOD = "blocks.validate"
_INVALID = frozenset({"invalid_blocks", "invalid_message", "invalid_view"})
PATIENCE_SECONDS = 30.0
"""Slack limits this method in ways it does not say."""

Kind = Literal["message", "view"]


class CardValidator:
    """Asks Slack about messages and views."""

    def __init__(self, session: aiohttp.ClientSession, api_url: str, token: str, clock: Clock) -> None:
        self._calls = SlackCalls(session, api_url, token, clock, random.random)

    async def refusal(self, kind: Kind, body: Mapping[str, Any]) -> str | None:
        """Why Slack would not take this; None where it would.

        Raises:
            SlackError: Slack did not say; ``unknown_method`` where it cannot.
        """
        sent: dict[str, str] = {kind: orjson.dumps(body).decode()}
        try:
            await self._calls.call(_METHOD, sent, patience_seconds=PATIENCE_SECONDS)
        except SlackError as error:
            if error.slack_code not in _INVALID:
                raise
            return error.detail
        return None

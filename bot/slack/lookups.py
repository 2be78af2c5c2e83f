"""What Slack is asked about conversations and people, and what it does not let this app ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog
from cachetools import TTLCache

from bot.domain.errors import SlackError, SlackPermanentError
from bot.domain.messages.slack_messages import Conversation
from bot.domain.ports import Clock
from bot.slack.messages import conversation
from bot.slack.web_api.answers import text_in

UNKNOWABLE_SECONDS: Final = 3_600.0
"""How long it is remembered that something cannot be asked about: scopes are seldom granted later."""
_MOST_UNKNOWABLE: Final = 10_000
TIME_ZONE_SECONDS: Final = 24 * 3_600.0
"""People move, but not often."""
_MOST_PEOPLE: Final = 10_000

_Ask = Callable[[str, Mapping[str, str]], Awaitable[Mapping[str, Any]]]
_log = structlog.stdlib.get_logger(__name__)


class Lookups:
    """Remembers what cannot be known, and where people are."""

    def __init__(self, ask: _Ask, clock: Clock) -> None:
        self._ask = ask
        self._unknowable: TTLCache[str, None] = TTLCache(
            _MOST_UNKNOWABLE, UNKNOWABLE_SECONDS, timer=clock.monotonic
        )
        self._time_zones: TTLCache[str, str] = TTLCache(
            _MOST_PEOPLE, TIME_ZONE_SECONDS, timer=clock.monotonic
        )

    async def conversation(self, channel_id: str) -> Conversation | None:
        """``conversations.info``; None, and not asked again for an hour, where the scope is missing."""
        if channel_id in self._unknowable:
            return None
        try:
            return conversation(await self._ask("conversations.info", {"channel": channel_id}))
        except SlackPermanentError as error:
            if error.slack_code != "missing_scope":
                raise
            self._unknowable[channel_id] = None
            return None

    async def time_zone(self, user_id: str) -> str:
        """``users.info``, once a day for each person; empty where Slack does not say."""
        if user_id in self._unknowable:
            return ""
        if user_id not in self._time_zones:
            try:
                user = (await self._ask("users.info", {"user": user_id})).get("user")
            except SlackError as error:
                _log.info("a time zone is not known", detail=error.detail)
                self._unknowable[user_id] = None
                return ""
            self._time_zones[user_id] = text_in(user, "tz") if isinstance(user, dict) else ""
        return self._time_zones[user_id]

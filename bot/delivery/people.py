"""Who of the people a message is for is still there. Accounts are deactivated without a word to the bot.

Slack says so to whoever opens their direct messages (``user_disabled``), which takes the scope that the bot
has for writing them; a message to them it takes as if nothing were. So everybody is asked about now and then,
before something is told to them, and never so often that anybody waits for it.

Source: https://docs.slack.dev/reference/methods/conversations.open
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Iterable
from typing import Final

import structlog
from cachetools import TTLCache

from bot.domain.errors import SlackError, SlackLimitedError, SlackPermanentError
from bot.domain.ports import Clock, SlackGateway
from bot.tasks import beside

ASKED_AGAIN_SECONDS: Final = 24 * 3600.0
"""How long somebody who is there counts as there."""
PATIENCE_SECONDS: Final = 2.0
"""How long a message waits for the answer."""
MOST_IN_A_MINUTE: Final = 20
"""Questions; Slack takes 50 and a few more, and people's own commands need some of them."""

_MINUTE_SECONDS: Final = 60.0
_UNKNOWABLE_SECONDS: Final = 3600.0
"""How long nobody is asked about where the scope is missing."""
_REMEMBERED: Final = 10_000
_GONE: Final = frozenset({"user_disabled", "user_not_found"})

_log = structlog.stdlib.get_logger(__name__)


class People:
    """Asks about those of one workspace. In doubt everybody is there."""

    def __init__(self, clock: Clock) -> None:
        self._monotonic = clock.monotonic
        self._there: TTLCache[str, None] = TTLCache(_REMEMBERED, ASKED_AGAIN_SECONDS, timer=clock.monotonic)
        self._asked: deque[float] = deque()
        self._quiet_until = -math.inf

    async def gone(self, slack: SlackGateway, user_ids: Iterable[str]) -> frozenset[str]:
        """Those of them whose accounts were deactivated, or whom Slack does not know."""
        asked = [each for each in user_ids if each not in self._there and self._may_ask()]
        if not asked:
            return frozenset()
        async with beside(*(self._is_gone(slack, each) for each in asked)) as questions:
            in_time, _ = await asyncio.wait(questions, timeout=PATIENCE_SECONDS)
            return frozenset(
                user_id
                for user_id, question in zip(asked, questions, strict=True)
                if question in in_time and question.result()
            )

    def _may_ask(self) -> bool:
        now = self._monotonic()
        while self._asked and self._asked[0] <= now - _MINUTE_SECONDS:
            self._asked.popleft()
        if now < self._quiet_until or len(self._asked) >= MOST_IN_A_MINUTE:
            return False
        self._asked.append(now)
        return True

    async def _is_gone(self, slack: SlackGateway, user_id: str) -> bool:
        try:
            await slack.open_dm(user_id)
        except SlackError as error:
            if error.slack_code in _GONE:
                return True
            if isinstance(error, SlackLimitedError):
                self._quiet_until = self._monotonic() + max(_MINUTE_SECONDS, error.retry_after_seconds)
            elif error.slack_code == "missing_scope":
                self._quiet_until = self._monotonic() + _UNKNOWABLE_SECONDS
                _log.info("without im:write nobody can tell whose account was deactivated")
            if not isinstance(error, SlackPermanentError):
                return False
        self._there[user_id] = None
        return False

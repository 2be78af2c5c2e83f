"""Who is answered for the first time, and gets a line with it that says what the bot can do."""

from __future__ import annotations

import asyncio
from typing import Final, NamedTuple

import structlog
from cachetools import LRUCache

from bot.domain.errors import StoreError
from bot.domain.ports import Clock
from bot.domain.ports.notices import GreetingStore
from bot.tasks import Errands

REMEMBERED: Final = 10_000
PATIENCE_SECONDS: Final = 0.3
"""How long an answer waits for what the database says."""
_PATIENCES_AT_THE_END: Final = 5

_log = structlog.stdlib.get_logger(__name__)


class Greeted(NamedTuple):
    """A channel, or a person in their direct messages."""

    team_id: str
    place: str


class Introductions:
    """Asks the database once about each person and channel, and remembers that it did."""

    def __init__(
        self, store: GreetingStore, clock: Clock, *, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._store = store
        self._clock = clock
        self._patience_seconds = patience_seconds
        self._asked: LRUCache[Greeted, bool] = LRUCache(REMEMBERED)
        self._errands = Errands("asking who was greeted", are_awaited=True)

    async def is_first(self, team_id: str, place: str) -> bool:
        """Whether nobody was answered there before; not where the database does not say it in time.

        Args:
            team_id: the workspace.
            place: the ID of a channel; of a person for their direct messages.
        """
        if (greeted := Greeted(team_id, place)) in self._asked:
            return False
        self._asked[greeted] = True
        task = self._errands.start(self._ask(team_id, place))
        done, _ = await asyncio.wait([task], timeout=self._patience_seconds)
        return bool(done) and task.result()

    async def aclose(self) -> None:
        """Wait for what the database was asked: it is closed next. What takes too long is given up."""
        await self._errands.aclose(self._patience_seconds * _PATIENCES_AT_THE_END)

    async def _ask(self, team_id: str, place: str) -> bool:
        try:
            return await self._store.greet(team_id, place, self._clock.now())
        except StoreError as error:
            _log.warning("nobody is greeted", error=error.code, detail=error.detail)
            return False

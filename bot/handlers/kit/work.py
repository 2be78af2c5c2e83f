"""What goes on after the ack: tasks that are kept, end in an answer, and are waited for at the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

import structlog

from bot.cards.kit.card import Card
from bot.domain.errors import (
    FOREIGN_RESPONSE_URL,
    JobBotError,
    SlackError,
    SlackStrayError,
    may_have_happened,
)
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.tasks import Errands

Reply = Callable[[Card], Awaitable[None]]
"""How a card gets to whoever asked."""


class Todo(NamedTuple):
    """What a delivery asks for."""

    begin: Callable[[], Coroutine[Any, Any, None]]
    reply: Reply
    """How a failure is told."""


_log = structlog.stdlib.get_logger(__name__)
_is_held: ContextVar[Callable[[], Awaitable[bool]] | None] = ContextVar("is_held", default=None)


class TakenOverError(Exception):
    """Another process answers what this one began: it may have slept. Nothing was sent."""


@contextmanager
def holding(is_held: Callable[[], Awaitable[bool]]) -> Iterator[None]:
    """Of each answer that is given inside it is asked right before whether it is still to be given here."""
    token = _is_held.set(is_held)
    try:
        yield
    finally:
        _is_held.reset(token)


async def check_held() -> None:
    """Look whether the answer is still to be given here.

    Raises:
        TakenOverError: it is another process's to give.
    """
    is_held = _is_held.get()
    if is_held is not None and not await is_held():
        raise TakenOverError


class Work:
    """The tasks under way. A task that fails answers with a card and a reference.

    But not where what it did may be seen all the same, nor where whatever was asked is gone. Of the
    ``context`` only what is the same for every tenant counts.
    """

    def __init__(self, context: Context) -> None:
        self.shared = context
        self.measures = context.measures
        self._answers = Errands("an answer")
        self._waits = Errands("something for later")
        self._takes_more = True
        self._waits_for_more = True

    def start(self, work: Coroutine[Any, Any, None], reply: Reply) -> None:
        """Run ``work`` in the background; ``reply`` is how a failure is told.

        Not any more once all was waited for: what it needs is being closed.
        """
        if self._takes_more:
            self._answers.start(self.run(work, reply))
        else:
            work.close()
            _log.warning("left undone, the bot is stopping")

    def later(self, seconds: float, begin: Callable[[], None]) -> None:
        """Call ``begin`` after so many seconds; not any more where the bot is told to stop before."""
        if self._waits_for_more:
            self._waits.start(self._begin_later(seconds, begin))

    async def _begin_later(self, seconds: float, begin: Callable[[], None]) -> None:
        await self.shared.clock.sleep(seconds)
        begin()

    async def drain(self, grace_seconds: float) -> None:
        """Wait up to ``grace_seconds`` for what runs, also if it begins meanwhile; then cancel the rest."""
        self._waits_for_more = False
        await self._waits.aclose()
        await self._answers.wait(grace_seconds)
        self._takes_more = False
        if late := await self._answers.aclose():
            _log.warning("left work unfinished", tasks=late)

    async def run(self, work: Coroutine[Any, Any, None], reply: Reply) -> None:
        """Do ``work``; ``reply`` is how a failure is told."""
        try:
            await work
        except Exception as error:  # noqa: BLE001  (the edge of everything after the ack: never silence)
            await self._tell(error, reply)

    async def _tell(self, error: Exception, reply: Reply) -> None:
        if isinstance(error, SlackStrayError):
            _log.info("what was to be answered is gone", detail=error.detail)
            return
        if isinstance(error, TakenOverError):
            _log.info("another process answers")
            return
        if isinstance(error, JobBotError) and may_have_happened(error):
            _log.warning("nobody can say whether it was answered", error=error.code, detail=error.detail)
            return
        if isinstance(error, SlackError) and error.slack_code == FOREIGN_RESPONSE_URL:
            _log.warning("nobody can be answered", error=error.code, detail=error.detail)
            return
        card = failure_card(self.shared, error)
        try:
            await reply(card)
        except JobBotError as second:
            _log.error("could not answer", error=second.code, detail=second.detail)

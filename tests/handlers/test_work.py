"""What goes on after the ack: it ends in an answer, and it is waited for."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from bot.cards.kit.card import Card
from bot.domain.errors import SlackPassingError, SlackPermanentError, SlackStrayError, UnreachableError
from bot.domain.ports.monitoring import NOT_MEASURED
from bot.handlers.kit.context import Context, nothing
from bot.handlers.kit.work import Work
from bot.playground.clock import ManualClock

CONTEXT = cast(
    "Context",
    SimpleNamespace(
        new_reference=lambda: "ab12cd34", slash_command="/job", measures=NOT_MEASURED, on_failure=nothing
    ),
)


class Told:
    """A reply that keeps what was said; it fails with ``failure`` where there is one."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.cards: list[Card] = []
        self._failure = failure

    async def __call__(self, card: Card) -> None:
        """Take the card, or fail."""
        self.cards.append(card)
        if self._failure is not None:
            raise self._failure


async def _fails(error: Exception) -> None:
    raise error


async def test_a_failure_is_told_with_a_reference() -> None:
    """Foreseen or not."""
    for error in (UnreachableError("no route"), ZeroDivisionError("the secret plan")):
        work, told = Work(CONTEXT), Told()
        work.start(_fails(error), told)
        await work.drain(1)
        (card,) = told.cards
        assert "ab12cd34" in str(card.blocks)
        assert "secret plan" not in str(card.message())


async def test_an_answer_that_slack_does_not_take_ends_it() -> None:
    """Nobody can be told: it is in the log, and nothing is tried for ever."""
    work, told = Work(CONTEXT), Told(SlackPermanentError(slack_code="is_archived"))
    work.start(_fails(UnreachableError()), told)
    await work.drain(1)
    assert len(told.cards) == 1


async def test_what_starts_while_the_rest_is_waited_for_is_waited_for_too() -> None:
    """A delivery that was on its way when the bot was told to stop."""
    work, told = Work(CONTEXT), Told()
    gates = [asyncio.Event(), asyncio.Event()]

    async def answer(number: int) -> None:
        await gates[number].wait()
        await told(Card(f"answer {number}", []))

    work.start(answer(0), told)
    draining = asyncio.create_task(work.drain(5))
    await asyncio.sleep(0)
    work.start(answer(1), told)
    gates[0].set()
    for _ in range(10):
        await asyncio.sleep(0)
    assert not draining.done()
    gates[1].set()
    await draining
    assert [card.text for card in told.cards] == ["answer 0", "answer 1"]


async def test_the_wait_ends_with_the_grace() -> None:
    """What takes longer is cancelled, and nothing of it is left behind."""
    work, told = Work(CONTEXT), Told()
    ended: list[Any] = []

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    work.start(endless(), told)
    await asyncio.sleep(0)
    await work.drain(0.01)
    assert ended == ["cancelled"]
    assert told.cards == []


async def test_nothing_begins_once_all_was_waited_for() -> None:
    """What it needs is closed next: neither a delivery that comes late, nor what was put off until then."""
    clock, begun = ManualClock(), list[str]()
    work = Work(cast("Context", SimpleNamespace(clock=clock, measures=NOT_MEASURED)))
    work.later(5, lambda: begun.append("put off before"))
    await work.drain(1)
    work.later(5, lambda: begun.append("put off after"))

    async def answer() -> None:
        begun.append("late")

    work.start(answer(), Told())
    for _ in range(10):
        await asyncio.sleep(0)
        clock.advance(5)
    assert begun == []


async def test_what_may_have_been_done_is_not_told_as_a_failure() -> None:
    """Nor what was asked in a message that is gone; but what surely was not done is."""
    for error, cards in (
        (SlackPassingError("timeout"), 0),
        (SlackStrayError("gone"), 0),
        (SlackPassingError("no_connection", may_have_happened=False), 1),
    ):
        work, told = Work(CONTEXT), Told()
        work.start(_fails(error), told)
        await work.drain(1)
        assert len(told.cards) == cards

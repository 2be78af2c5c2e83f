"""What cards say of who follows: known at once, never older than it may be, never worth waiting for."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.cards.kit import actions
from bot.domain.errors import StoreError
from bot.domain.subscriptions.subscription import Ending, Spot, Subscription
from bot.handlers.kit.subscription_cache import FRESH_SECONDS, REMEMBERED_SECONDS, Followings
from tests.handlers.neighbours import HERE, Neighbourhood, shown
from tests.handlers.stored import Subscriptions

SPOT = Spot("T1", "C1", "org", "run-7")
TWO = replace(HERE, user_id="U02")


@pytest.fixture
def made() -> Neighbourhood:
    """A job that runs."""
    made = Neighbourhood()
    made.jobs.give("run-7", status="RUNNING", progress=10)
    return made


def _instantly(made: Neighbourhood, user_id: str = "U01", *, is_private: bool = True) -> str | None:
    question = made.question("run-7", replace(HERE, user_id=user_id), is_private=is_private)
    card = made.dispatch.instantly(made.context, question)
    return None if card is None else shown(card)


async def test_the_database_is_asked_once_then_the_card_is_instant(made: Neighbourhood) -> None:
    """However many people ask about the job in that conversation."""
    assert _instantly(made) is None
    await made.ask("run-7")
    for user_id in ("U01", "U02"):
        assert actions.SUBSCRIBE in (_instantly(made, user_id) or "")
    assert made.stored.asked == 1
    made.clock.advance(REMEMBERED_SECONDS + 1)
    assert _instantly(made) is None


async def test_where_many_ask_nobody_waits_again(made: Neighbourhood) -> None:
    """An answer that is no longer fresh is shown once more, while the database is asked behind it."""
    await made.ask("run-7")
    made.stored.all["s1"] = Subscription("s1", *SPOT, made.clock.now(), subscribers=("U01",))
    made.clock.advance(FRESH_SECONDS + 1)
    for _ in range(3):
        assert actions.UNSUBSCRIBE not in (_instantly(made) or actions.UNSUBSCRIBE)
    while made.stored.asked < 2:  # noqa: ASYNC110  (the answer behind tells nobody)
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert actions.UNSUBSCRIBE in (_instantly(made) or "")
    assert made.stored.asked == 2


async def test_each_reader_sees_their_own_buttons(made: Neighbourhood) -> None:
    """Who follows may stop, who does not may begin; a card for all has both."""
    await made.ask("watch run-7")
    await made.ask("run-7")
    mine, others, public = _instantly(made), _instantly(made, "U02"), _instantly(made, is_private=False)
    assert mine is not None
    assert others is not None
    assert public is not None
    has = [
        (actions.SUBSCRIBE in card, actions.UNSUBSCRIBE in card)
        for card in (mine.replace(actions.UNSUBSCRIBE, "-"), others)
    ]
    assert has == [(False, False), (True, False)]
    assert actions.UNSUBSCRIBE in mine
    assert actions.SUBSCRIBE in public
    assert actions.UNSUBSCRIBE not in public


async def test_what_changes_here_counts_at_once(made: Neighbourhood) -> None:
    """Subscribing, leaving and stopping forget what was known."""
    followings = made.context.subscriptions
    for words in ("watch run-7", "unwatch run-7", "watch run-7"):
        await made.ask("run-7")
        assert followings.peek(SPOT) is not None
        await made.ask(words)
        assert followings.peek(SPOT) is None
    await made.ask("run-7")
    await followings.stop("s2", Ending.UNSUBSCRIBED, made.clock.now())
    assert followings.peek(SPOT) is None


async def test_an_answer_that_was_overtaken_is_not_remembered(made: Neighbourhood) -> None:
    """It was asked for before somebody left, and came after: whoever asks then asks anew."""

    class Slow(Subscriptions):
        gate = asyncio.Event()

        async def active(self, spot: Spot) -> Subscription | None:
            found = await super().active(spot)
            await self.gate.wait()
            return found

    stored = Slow()
    stored.all["s1"] = Subscription("s1", *SPOT, made.clock.now(), subscribers=("U01",))
    followings = Followings(stored, made.clock, patience_seconds=5)
    early = asyncio.create_task(followings.soon(SPOT))
    while not stored.asked:  # noqa: ASYNC110  (the question is on its way)
        await asyncio.sleep(0)
    await followings.unsubscribe(SPOT, "U01", made.clock.now())
    late = asyncio.create_task(followings.soon(SPOT))
    while stored.asked < 2:  # noqa: ASYNC110  (whoever asks after the change asks anew)
        await asyncio.sleep(0)
    stored.gate.set()
    assert await late is None
    assert await early is not None
    known = followings.peek(SPOT)
    assert known is not None
    assert known.value is None
    assert stored.asked == 2


async def test_a_failure_that_was_overtaken_hides_nothing(made: Neighbourhood) -> None:
    """It was asked before somebody subscribed and failed after: the next card shows the subscription."""

    class Failing(Subscriptions):
        gate = asyncio.Event()

        async def active(self, spot: Spot) -> Subscription | None:
            found = await super().active(spot)
            if self.gate.is_set():
                return found
            await self.gate.wait()
            raise StoreError

    stored = Failing()
    followings = Followings(stored, made.clock, patience_seconds=5)
    early = asyncio.create_task(followings.soon(SPOT))
    while not stored.asked:  # noqa: ASYNC110  (the question is on its way)
        await asyncio.sleep(0)
    stored.all["s1"] = Subscription("s1", *SPOT, made.clock.now(), subscribers=("U01", "U02"))
    await followings.unsubscribe(SPOT, "U02", made.clock.now())
    stored.gate.set()
    assert await early is None
    shown = await followings.soon(SPOT)
    assert shown is not None
    assert shown.subscribers == ("U01",)


async def test_a_database_that_fails_costs_nobody_the_card(made: Neighbourhood) -> None:
    """It is shown with [Subscribe], and the next ones do not wait for the same failure."""
    made.stored.fails = StoreError("locked")
    for _ in range(2):
        (card,) = await made.ask("run-7")
        assert actions.SUBSCRIBE in card
    assert made.stored.asked == 1


async def test_a_database_that_takes_long_costs_nobody_the_card(made: Neighbourhood) -> None:
    """Ten cards ask it once; what comes late is known from then on."""

    class Stuck(Subscriptions):
        gate = asyncio.Event()

        async def active(self, spot: Spot) -> Subscription | None:
            await self.gate.wait()
            return await super().active(spot)

    stored = Stuck()
    followings = Followings(stored, made.clock, patience_seconds=0.01)
    assert await asyncio.gather(*(followings.soon(SPOT) for _ in range(10))) == [None] * 10
    stored.gate.set()
    while followings.peek(SPOT) is None:  # noqa: ASYNC110  (the late answer tells nobody)
        await asyncio.sleep(0)
    assert stored.asked == 1


@pytest.mark.parametrize("answers", [True, False])
async def test_the_end_waits_for_the_database_but_not_for_ever(made: Neighbourhood, *, answers: bool) -> None:
    """Nothing uses it any more when it is closed: what was asked is answered by then, or given up."""

    class Stuck(Subscriptions):
        gate = asyncio.Event()

        async def active(self, spot: Spot) -> Subscription | None:
            await self.gate.wait()
            return await super().active(spot)

    followings = Followings(Stuck(), made.clock, patience_seconds=0.01)
    assert await followings.soon(SPOT) is None
    closing = asyncio.create_task(followings.aclose())
    await asyncio.sleep(0)
    assert not closing.done()
    if answers:
        Stuck.gate.set()
    await closing
    assert (followings.peek(SPOT) is not None) is answers
    await followings.aclose()

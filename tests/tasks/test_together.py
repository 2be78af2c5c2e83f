"""What many ask for at once is done in one go; who comes alone waits for nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.tasks import correlated, current_reference, tenant_at_work, working_for
from bot.tasks.together import MOST_TOGETHER, Together


class Doubling:
    """Doubles numbers, when it may; ``fails`` is raised for the next of its goes."""

    def __init__(self) -> None:
        self.goes: list[list[int]] = []
        self.may = asyncio.Event()
        self.fails: Exception | None = None

    async def __call__(self, numbers: Sequence[int]) -> Sequence[int]:
        """Twice each."""
        self.goes.append(list(numbers))
        await self.may.wait()
        if (error := self.fails) is not None:
            self.fails = None
            raise error
        return [2 * number for number in numbers]


async def test_what_comes_meanwhile_goes_together() -> None:
    """The first goes alone; each has its own."""
    doubling = Doubling()
    twice = Together("doubling", doubling)
    asked = [asyncio.create_task(twice(number)) for number in range(5)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    more = [asyncio.create_task(twice(number)) for number in (7, 8)]
    await asyncio.sleep(0)
    doubling.may.set()
    assert await asyncio.gather(*asked, *more) == [0, 2, 4, 6, 8, 14, 16]
    assert doubling.goes == [[0, 1, 2, 3, 4], [7, 8]]
    assert await twice(9) == 18


async def test_no_go_is_endless() -> None:
    """A flood goes in several."""
    doubling = Doubling()
    doubling.may.set()
    twice = Together("doubling", doubling)
    many = range(2 * MOST_TOGETHER + 1)
    assert await asyncio.gather(*map(twice, many)) == [2 * number for number in many]
    assert [len(go) for go in doubling.goes] == [MOST_TOGETHER, MOST_TOGETHER, 1]


async def test_each_hears_of_a_failure_and_the_next_go_on() -> None:
    """Who gave up meanwhile is no hindrance."""
    doubling = Doubling()
    doubling.fails = ConnectionError("away")
    twice = Together("doubling", doubling)
    asked = [asyncio.create_task(twice(number)) for number in range(3)]
    await asyncio.sleep(0)
    asked[0].cancel()
    doubling.may.set()
    gave_up, *failed = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(gave_up, asyncio.CancelledError)
    assert all(isinstance(each, ConnectionError) for each in failed)
    with pytest.raises(ConnectionError):
        raise failed[0]
    assert await twice(4) == 8


async def test_what_is_done_for_many_is_nobodys() -> None:
    """Not the first one's, who began it."""
    seen = list[str]()

    async def do(numbers: Sequence[int]) -> Sequence[int]:
        seen.append(f"{tenant_at_work().team_id}{current_reference()}")
        return numbers

    together = Together("naming", do)
    with working_for("T1"), correlated():
        assert await together(1) == 1
        assert tenant_at_work().team_id == "T1"
    assert seen == [""]

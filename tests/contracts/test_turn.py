"""The turn at SQLite's one connection: in the order of coming, what is urgent first."""

from __future__ import annotations

import asyncio

from bot.store.database.turn import Turn


async def _goes(turn: Turn, name: str, went: list[str], *, is_urgent: bool = False) -> None:
    await turn.acquire(is_urgent=is_urgent)
    went.append(name)
    await asyncio.sleep(0)
    turn.release()


async def test_the_urgent_go_before_all_who_wait() -> None:
    """And nobody is left out."""
    turn, went = Turn(), list[str]()
    async with asyncio.TaskGroup() as group:
        await turn.acquire()
        for name in ("a", "b", "c"):
            group.create_task(_goes(turn, name, went))
        await asyncio.sleep(0)
        for name in ("x", "y"):
            group.create_task(_goes(turn, name, went, is_urgent=True))
        await asyncio.sleep(0)
        turn.release()
    assert went == ["x", "y", "a", "b", "c"]
    async with turn:
        went.append("last")
    await _goes(turn, "z", went)
    assert went[-2:] == ["last", "z"]


async def test_who_gives_up_holds_nobody_up() -> None:
    """While waiting, and in the moment in which it would have been its turn."""
    turn, went = Turn(), list[str]()
    await turn.acquire()
    gave_up, late, patient = [asyncio.create_task(_goes(turn, name, went)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    gave_up.cancel()
    await asyncio.sleep(0)
    turn.release()
    late.cancel()
    await asyncio.gather(gave_up, late, patient, return_exceptions=True)
    assert went == ["c"]
    await asyncio.wait_for(turn.acquire(), 1)

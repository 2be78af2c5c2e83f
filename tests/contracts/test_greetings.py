"""The store: who was told what the bot can do, each once."""

from __future__ import annotations

import asyncio

import pytest

from bot.store.store import DatabaseStore
from tests.contracts.facts import ADA, BOB, CHANNEL, T0, TEAM, at, opened

pytestmark = pytest.mark.asyncio(loop_scope="session")
THEIRS = "T0THEIRS"


async def test_a_place_is_new_once_whoever_answers_there(database_url: str) -> None:
    """Many processes at once, and again after a restart."""
    stores = [await opened(database_url) for _ in range(3)]
    first = await asyncio.gather(*(each.greetings.greet(TEAM, CHANNEL, T0) for each in stores * 3))
    assert sorted(first) == [False] * 8 + [True]
    for each in stores:
        await each.database.close()
    store = await opened(database_url)
    assert not await store.greetings.greet(TEAM, CHANNEL, at(60))
    assert await store.greetings.greet(TEAM, ADA, at(60))
    await store.database.close()


async def test_a_person_who_is_forgotten_is_new_again(store: DatabaseStore) -> None:
    """Others are not, nor is the same ID in another workspace."""
    for team_id, place in ((TEAM, ADA), (TEAM, BOB), (THEIRS, ADA)):
        assert await store.greetings.greet(team_id, place, T0)
    await store.subscriptions.forget_user(TEAM, ADA, at(1))
    assert not await store.greetings.greet(THEIRS, ADA, at(2))
    assert not await store.greetings.greet(TEAM, BOB, at(2))
    assert await store.greetings.greet(TEAM, ADA, at(2))


@pytest.mark.parametrize("how", ["forgotten", "left"])
async def test_a_workspace_that_is_gone_is_new_again(store: DatabaseStore, how: str) -> None:
    """Whether an operator had it forgotten, or the bot was removed from it."""
    await store.greetings.greet(TEAM, CHANNEL, T0)
    if how == "forgotten":
        await store.upkeep.forget_team(TEAM)
    else:
        await store.subscriptions.end_team(TEAM, "app_uninstalled", at(1))
    assert await store.greetings.greet(TEAM, CHANNEL, at(2))


async def test_who_was_greeted_stays_so_in_another_workspace(store: DatabaseStore) -> None:
    """Also where the channel was greeted in both."""
    for team_id, place in ((THEIRS, CHANNEL), (THEIRS, ADA), (TEAM, CHANNEL)):
        await store.greetings.greet(team_id, place, T0)
    await store.upkeep.adopt(THEIRS, TEAM, at(1))
    assert not await store.greetings.greet(TEAM, CHANNEL, at(2))
    assert not await store.greetings.greet(TEAM, ADA, at(2))
    assert await store.greetings.greet(THEIRS, ADA, at(2))

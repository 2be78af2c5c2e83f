"""The store: what workspaces and channels set comes back whole, and every process notices."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from bot.domain.permissions.policies import InForce, PlaceSettings, Policy, Right, Who
from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.store import DatabaseStore
from bot.store.tables import permitted_people, place_settings
from tests.contracts.configured import WHOLE, settings_of
from tests.contracts.facts import ADA, BOB, CHANNEL, TEAM, at

pytestmark = pytest.mark.asyncio(loop_scope="session")


def _people(*user_ids: str) -> dict[Right, tuple[str, ...]]:
    return {Right.SUBSCRIBE: user_ids}


async def test_it_comes_back_as_it_was_set(store: DatabaseStore) -> None:
    """By workspace and channel, each right with its own; the people in no particular order, each once."""
    channel = settings_of(channel_id=CHANNEL, settings=PlaceSettings({Right.CHANNELS: Who.MEMBERS}))
    await store.settings.set_settings(channel)
    await store.settings.set_settings(settings_of(settings=replace(WHOLE, people=_people(BOB, ADA, BOB))))
    whole, own = await store.settings.all_settings()
    assert whole == settings_of(settings=replace(WHOLE, people=_people(*sorted((ADA, BOB)))))
    assert own == channel


async def test_another_setting_replaces_it(store: DatabaseStore) -> None:
    """Also the list of people."""
    await store.settings.set_settings(settings_of())
    anew = replace(settings_of(settings=PlaceSettings(people=_people(BOB))), set_by=BOB, set_at=at(5))
    await store.settings.set_settings(anew)
    assert await store.settings.all_settings() == [anew]


async def test_every_process_notices(store: DatabaseStore) -> None:
    """By the number that each change counts up, also where a person on a list is forgotten."""
    before = await store.installations.revision()
    await store.settings.set_settings(settings_of())
    after = await store.installations.revision()
    assert after != before
    await store.upkeep.forget_person(ADA)
    assert await store.installations.revision() != after
    (left,) = await store.settings.all_settings()
    assert {person for each in left.settings.people.values() for person in each} == {BOB}
    assert left.set_by == ""


async def test_a_workspace_is_adopted_with_its_settings(store: DatabaseStore) -> None:
    """Where the other one has some too, those count, with their people."""
    await store.settings.set_settings(settings_of("T2"))
    await store.settings.set_settings(settings_of("T2", CHANNEL))
    kept = settings_of(TEAM, CHANNEL, PlaceSettings(people=_people(BOB)))
    await store.settings.set_settings(kept)
    await store.upkeep.adopt("T2", TEAM, at(1))
    assert await store.settings.all_settings() == [settings_of(), kept]


class Before(StoreQueries):
    """The code of the version before: one list and one group for all rights of a place."""

    @reads
    async def read(self, connection: Connected) -> tuple[list[str], dict[str, Any]]:
        """Its people, and its document."""
        shared = await connection.scalars(select(permitted_people.c.user_id))
        return list(shared), json.loads(await connection.scalar(select(place_settings.c.document)))

    @writes
    async def write(self, connection: Connected, document: dict[str, Any], *people: str) -> None:
        """Over whatever stands there."""
        await connection.execute(update(place_settings).values(document=json.dumps(document)))
        await connection.execute(delete(permitted_people))
        for each in people:
            row = {"team_id": TEAM, "channel_id": "", "user_id": each}
            await connection.execute(insert(permitted_people).values(row))


async def test_code_of_before_lets_in_nobody_else(store: DatabaseStore) -> None:
    """It reads those who are on every list that counts, and no group where there are two."""
    await store.settings.set_settings(settings_of())
    before = Before(store.database)
    shared, document = await before.read()
    assert (shared, document["group_id"]) == ([BOB], "S0GROUP")
    who = dict.fromkeys(Right, Who.GROUP)
    groups = {Right.SUBSCRIBE: "S1", Right.CHANNELS: "S2", Right.COST: "S1"}
    await store.settings.set_settings(settings_of(settings=PlaceSettings(who, groups=groups)))
    _, document = await before.read()
    assert "group_id" not in document


async def test_what_code_of_before_writes_is_read_as_it_means_it(store: DatabaseStore) -> None:
    """Also over what this code had written there: its lists do not count anymore."""
    await store.settings.set_settings(settings_of())
    said = {"who": {"subscribe": "people", "cost": "group"}, "group_id": "S9"}
    await Before(store.database).write(said, "U9")
    (found,) = await store.settings.all_settings()
    in_force = InForce(found.settings)
    assert in_force.policy(Right.SUBSCRIBE) == Policy(Who.PEOPLE, ("U9",), "S9")
    assert in_force.policy(Right.COST) == Policy(Who.GROUP, ("U9",), "S9")
    assert in_force.policy(Right.CHANNELS) == Policy()


async def test_a_list_is_as_long_as_somebody_makes_it(store: DatabaseStore) -> None:
    """500 people for each right, of whom some are on every list."""
    lists = {
        right: tuple(f"U{number:04d}" for number in range(at, at + 500)) for at, right in enumerate(Right)
    }
    who = dict.fromkeys(Right, Who.PEOPLE)
    await store.settings.set_settings(settings_of(settings=PlaceSettings(who, lists)))
    (found,) = await store.settings.all_settings()
    assert found.settings == PlaceSettings(who, lists)
    assert len(found.settings.shared_people) == 498

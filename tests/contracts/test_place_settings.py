"""The store: what workspaces and channels set comes back whole, and every process notices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.permissions.policies import PlaceSettings, Right, Who
from bot.store.store import DatabaseStore
from tests.contracts.configured import WHOLE, settings_of
from tests.contracts.facts import ADA, BOB, CHANNEL, TEAM, at

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_it_comes_back_as_it_was_set(store: DatabaseStore) -> None:
    """By workspace and channel; the people in no particular order, each once."""
    channel = settings_of(channel_id=CHANNEL, settings=PlaceSettings({Right.CHANNELS: Who.MEMBERS}))
    await store.settings.set_settings(channel)
    await store.settings.set_settings(settings_of(settings=replace(WHOLE, people=(BOB, ADA, BOB))))
    whole, own = await store.settings.all_settings()
    assert whole == settings_of(settings=replace(WHOLE, people=tuple(sorted((ADA, BOB)))))
    assert own == channel


async def test_another_setting_replaces_it(store: DatabaseStore) -> None:
    """Also the list of people."""
    await store.settings.set_settings(settings_of())
    anew = replace(settings_of(settings=PlaceSettings(people=(BOB,))), set_by=BOB, set_at=at(5))
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
    assert (left.settings.people, left.set_by) == ((BOB,), "")


async def test_a_workspace_is_adopted_with_its_settings(store: DatabaseStore) -> None:
    """Where the other one has some too, those count, with their people."""
    await store.settings.set_settings(settings_of("T2"))
    await store.settings.set_settings(settings_of("T2", CHANNEL))
    kept = settings_of(TEAM, CHANNEL, PlaceSettings(people=(BOB,)))
    await store.settings.set_settings(kept)
    await store.upkeep.adopt("T2", TEAM, at(1))
    assert await store.settings.all_settings() == [settings_of(), kept]

"""What is stored about somebody is read out whole, and nothing of it is left once they are forgotten."""

from __future__ import annotations

import json

import pytest

from bot.domain.ports import Incoming, Stored
from bot.domain.redaction import is_secret_key
from bot.domain.subscriptions.subscription import SubscribeRequest
from bot.store.store import DatabaseStore
from bot.store.tables import metadata
from tests.contracts.every_table import SECRET, EveryTable
from tests.contracts.facts import ADA, BOB, CHANNEL, JOB, ORG, T0, TEAM, at, job, state
from tests.contracts.ours import NOBODYS, fill

pytestmark = pytest.mark.asyncio(loop_scope="session")

OTHER = "T2"
LEFT = {each.name for each in NOBODYS} | {"audit_trail"}
"""What may have rows once a workspace is gone."""


async def _forget(store: DatabaseStore, user_id: str) -> None:
    """As the command line does."""
    await store.upkeep.forget_person(user_id)
    await store.subscriptions.forget_user(None, user_id, at(10))


async def _all(store: DatabaseStore) -> str:
    """Every value of every table."""
    found = await EveryTable(store.database).everything()
    return repr({name: [tuple(row) for row in rows] for name, rows in found.items()})


async def test_nobody_is_named_anywhere_once_forgotten(store: DatabaseStore) -> None:
    """In a row of every table, whatever it is for."""
    await EveryTable(store.database).fill()
    assert ADA in await _all(store)
    await _forget(store, ADA)
    assert ADA not in await _all(store)


async def test_nor_in_what_the_bot_writes_itself(store: DatabaseStore) -> None:
    """Documents, states, messages; also where somebody else is in the thread, and in direct messages."""
    await fill(store)
    for channel_id, user_id in ((CHANNEL, BOB), ("D1", ADA)):
        request = SubscribeRequest(TEAM, channel_id, ORG, JOB, user_id, condition="progress >= 80")
        await store.subscriptions.subscribe(request, state(), job(), at(5))
    await _forget(store, ADA)
    assert ADA not in await _all(store)
    assert BOB in await _all(store)
    await _forget(store, BOB)
    assert BOB not in await _all(store)


async def test_their_direct_messages_go_at_once(store: DatabaseStore) -> None:
    """With what waits in them: nobody could be told apart from whom they were."""
    request = SubscribeRequest(TEAM, "D7", ORG, JOB, ADA)
    await store.subscriptions.subscribe(request, state(), job(), T0)
    assert "'D7'" in await _all(store)
    assert await store.upkeep.forget_person(ADA) == 1
    assert "'D7'" not in await _all(store)


@pytest.mark.parametrize("is_real", [True, False])
async def test_nothing_of_a_workspace_is_left(store: DatabaseStore, is_real: bool) -> None:  # noqa: FBT001  (a parameter)
    """Of the audit trail what was done and when; of its organization nothing where nobody else asks."""
    await (fill(store) if is_real else EveryTable(store.database).fill())
    await store.upkeep.forget_team(TEAM)
    assert set(await EveryTable(store.database).everything()) <= LEFT
    everything = await _all(store)
    assert not [each for each in (TEAM, CHANNEL, ADA, ORG, JOB) if f"'{each}'" in everything]


async def test_what_another_workspace_asks_about_stays(store: DatabaseStore) -> None:
    """Its subscription, and what is known of its organization's jobs."""
    await fill(store)
    request = SubscribeRequest(OTHER, CHANNEL, ORG, "a", BOB)
    await store.subscriptions.subscribe(request, state(request_id="a"), job(request_id="a"), at(5))
    await store.upkeep.forget_team(TEAM)
    found = await EveryTable(store.database).everything()
    assert [row.team_id for row in found["subscriptions"]] == [OTHER]
    assert {"finished_jobs", "organisations", "watched_jobs"} <= set(found)


async def test_all_that_is_stored_of_a_workspace_is_read_out(store: DatabaseStore) -> None:
    """Every table; of another workspace nothing."""
    await fill(store)
    await store.subscriptions.subscribe(
        SubscribeRequest(OTHER, "C9", "org-9", "job-9", BOB), state(request_id="job-9"), job(), at(5)
    )
    found = await store.stored_data.of_team(TEAM)
    assert set(found) == {table.name for table in metadata.sorted_tables if table not in NOBODYS}
    assert not [each for each in (OTHER, "C9", "org-9", BOB) if f'"{each}"' in json.dumps(found)]
    other = await store.stored_data.of_team(OTHER)
    assert _names(other) == {(OTHER, "C9")}
    assert await store.stored_data.of_team("T-nobody") == {}


def _names(found: Stored) -> set[tuple[str, str]]:
    return {(row["team_id"], row["channel_id"]) for row in found["subscriptions"]}


async def test_all_that_is_stored_of_a_person_is_read_out(store: DatabaseStore) -> None:
    """Wherever they are named, with the subscriptions they have; not who is called alike."""
    await EveryTable(store.database).fill()
    found = await store.stored_data.of_person(ADA)
    named = {
        name
        for name, rows in (await EveryTable(store.database).everything()).items()
        if ADA in repr([tuple(row) for row in rows])
    }
    assert set(found) == named | {"subscriptions"}
    assert len(named) > 8
    for alike in (ADA[:-1], f"{ADA}2", "%", "_"):
        assert await store.stored_data.of_person(alike) == {}


async def test_no_secret_is_read_out(store: DatabaseStore) -> None:
    """Neither from a column that is one, nor among other people's words."""
    await EveryTable(store.database).fill()
    assert SECRET in await _all(store)
    token = "xoxb-1234567890-abcdefghij"
    said = Incoming("key", TEAM, ADA, payload=json.dumps({"text": f"my token is {token}"}))
    await store.deliveries.claim_deliveries([said], T0, 60.0)
    stored = store.stored_data
    for found in (await stored.of_team(TEAM), await stored.of_person(ADA)):
        told = json.dumps(found)
        assert "my token is" in told
        assert SECRET not in told
        assert token not in told


async def test_a_column_that_sounds_like_a_secret_is_one() -> None:
    """Whoever adds one is asked."""
    sounding = [each for table in metadata.sorted_tables for each in table.c if is_secret_key(each.name)]
    assert sounding
    assert [f"{each.table.name}.{each.name}" for each in sounding if not each.info.get("is_secret")] == []

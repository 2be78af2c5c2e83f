"""The store: what cannot be read is set aside with its reason, and all the rest goes on."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.ports import Look, Sent
from bot.store.store import DatabaseStore
from bot.store.watches.watch import SET_ASIDE
from tests.contracts.facts import (
    ADA,
    BOB,
    CHANNEL,
    LEASE,
    ORG,
    T0,
    TEAM,
    at,
    drained,
    follow,
    held,
    job,
    look,
    note,
    opened_thread,
)
from tests.databases import Emptier, change

pytestmark = pytest.mark.asyncio(loop_scope="session")

SPOILED = ["{", "[]", '{"kind": "dreams"}', '{"job": 7}']


@pytest.fixture
def address(shared_store: tuple[Emptier, DatabaseStore]) -> str:
    """Where the store keeps its rows."""
    return shared_store[0].address


async def _spoil(address: str, table: str, column: str, value: str, where: str) -> None:
    await asyncio.to_thread(change, address, f"UPDATE {table} SET {column} = '{value}' WHERE {where}")  # noqa: S608  (made up here)


@pytest.mark.parametrize("spoiled", SPOILED)
async def test_a_message_that_cannot_be_read_blocks_neither_thread_nor_channel(
    store: DatabaseStore, address: str, spoiled: str
) -> None:
    """It is parked, where the operator sees it with its reason."""
    await opened_thread(store)
    await look(store, T0, *(note(once_key=each) for each in ("one", "two", "three")))
    await _spoil(address, "outbox", "payload", spoiled, "payload LIKE '%two%'")
    assert [post.notification.once_key for post in await drained(store, at(5))] == ["one", "three"]
    [waiting] = await store.outbox.waiting()
    assert (waiting.state, waiting.reason) == ("parked", "a stored notification cannot be read")


async def test_a_card_whose_document_cannot_be_read_keeps_no_other(
    store: DatabaseStore, address: str
) -> None:
    """Neither another card of the channel, nor the messages of other threads."""
    await follow(store, request_id="a")
    await follow(store, request_id="b")
    await _spoil(address, "job_documents", "document", "{", "request_id = 'a'")
    assert [post.subscription.request_id for post in await drained(store, at(5))] == ["b"]
    [waiting] = await store.outbox.waiting()
    assert (waiting.subscription.request_id, waiting.reason) == ("a", "a stored document cannot be read")


async def test_a_message_that_wants_only_the_name_goes_without(store: DatabaseStore, address: str) -> None:
    """What it tells stands in itself."""
    await opened_thread(store)
    await store.watches.api_failed(ORG, T0, 0)
    await _spoil(address, "job_documents", "document", "{", "request_id IS NOT NULL")
    assert len(await drained(store, at(5))) == 1


async def test_an_edit_that_cannot_be_drawn_keeps_no_other(store: DatabaseStore, address: str) -> None:
    """Its card is brought up to date by the next document."""
    for request_id in ("a", "b"):
        await follow(store, request_id=request_id)
    await drained(store, T0)
    claims = await store.watches.claim_these(ORG, ["a", "b"], T0, LEASE)
    looks = [Look(each, each.state, T0, document=job(request_id=each.request_id)) for each in claims]
    for number, each in enumerate(looks):  # the one that cannot be drawn has waited longer
        await store.watches.finish_looks([each], at(number / 2))
    await _spoil(address, "job_documents", "document", "{", "request_id = 'a'")
    lane = await held(store, at(1), "")
    edit = await store.outbox.take_edit(lane, at(1))
    assert edit is not None
    assert edit.subscription.request_id == "b"
    await store.outbox.finish_edit(lane, edit, Sent("1.1", "1.1"), at(1), lane_free_at=at(1))
    assert await store.outbox.claim_lane(TEAM, "", at(2), LEASE) is None


@pytest.mark.parametrize("spoiled", SPOILED)
async def test_a_state_that_cannot_be_read_keeps_no_other_job(
    store: DatabaseStore, address: str, spoiled: str
) -> None:
    """It is left alone for a while; who follows it anew replaces it."""
    for request_id in ("a", "b"):
        await follow(store, request_id=request_id)
    await _spoil(address, "watched_jobs", "state", spoiled, "request_id = 'a'")
    assert [each.request_id for each in await store.watches.claim_jobs(ORG, at(5), LEASE, 10)] == ["b"]
    later = at(5 + LEASE)
    assert [each.request_id for each in await store.watches.claim_these(ORG, ["a", "b"], later, LEASE)] == [
        "b"
    ]
    again = at(5) + SET_ASIDE
    assert [each.request_id for each in await store.watches.claim_jobs(ORG, again, LEASE, 10)] == ["b"]
    assert {
        each.subscription.request_id for each in await store.subscriptions.followed(TEAM, CHANNEL, ADA)
    } == {"a", "b"}
    await follow(store, BOB, request_id="a", now=again)
    assert [each.request_id for each in await store.watches.claim_these(ORG, ["a"], again, LEASE)] == ["a"]


async def test_an_examination_of_a_job_that_cannot_be_read_keeps_no_other(
    store: DatabaseStore, address: str
) -> None:
    """It comes again when the lease is over."""
    for request_id in ("a", "b"):
        await follow(store, request_id=request_id)
    await asyncio.to_thread(change, address, "UPDATE examinations SET due_at = 0")
    await _spoil(address, "watched_jobs", "state", "{", "request_id = 'a'")
    claims = await store.metrics_checks.claim_metrics_checks(ORG, at(5), LEASE, 10)
    assert [each.request_id for each in claims] == ["b"]


async def test_a_person_is_forgotten_though_a_message_cannot_be_read(
    store: DatabaseStore, address: str
) -> None:
    """What names them is taken out of it, whatever it was."""
    await opened_thread(store)
    await look(store, T0, note(once_key="one"))
    await _spoil(address, "outbox", "payload", f"{{{ADA}", "payload LIKE '%one%'")
    await _spoil(address, "outbox", "kind", "condition", f"payload LIKE '%{ADA}%'")
    await store.subscriptions.forget_user(TEAM, ADA, at(5))
    assert await drained(store, at(5)) == []
    assert await store.outbox.waiting() == []

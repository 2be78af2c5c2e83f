"""The `Deliveries` port: claimed by one, answered once, taken up when its holder died, forgotten in time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.ports import Claim, ClaimedDelivery, HeldDelivery, Incoming
from bot.domain.ports.deliveries import ANSWERABLE_FOR, REMEMBERED_FOR
from bot.store.store import DatabaseStore
from tests.contracts.facts import ADA, BOB, LEASE, T0, TEAM, at, opened
from tests.databases import fresh_database

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTION = Incoming("event:Ev1", TEAM, ADA)
URL = "https://hooks.slack.com/commands/T1/1/made-up"
REQUEST = Incoming(
    "trigger:1.2.3", TEAM, ADA, kind="command", payload='{"text": "watch job-1"}', response_url=URL
)
MENTION = Incoming("message:C1:1.1", TEAM, ADA)


async def claim_one(store: DatabaseStore, incoming: Incoming, now: datetime, lease_seconds: float) -> Claim:
    """What comes of claiming this one."""
    (claim,) = await store.deliveries.claim_deliveries([incoming], now, lease_seconds)
    return claim


async def finish_one(store: DatabaseStore, claim: ClaimedDelivery, now: datetime) -> bool:
    """Whether finishing this one counts."""
    (finished,) = await store.deliveries.finish_deliveries([claim], now)
    return finished


async def claimed(store: DatabaseStore, incoming: Incoming, seconds: float = 0) -> ClaimedDelivery:
    """It is claimed, so many seconds after the beginning."""
    claim = await claim_one(store, incoming, at(seconds), LEASE)
    assert isinstance(claim, ClaimedDelivery), claim
    return claim


async def test_a_delivery_is_claimed_by_one_and_answered_once(store: DatabaseStore) -> None:
    """Whoever comes meanwhile hears how long it is held; whoever comes later, that it was answered."""
    claim = await claimed(store, QUESTION)
    assert (claim.incoming, claim.until) == (QUESTION, at(LEASE))
    assert await claim_one(store, QUESTION, at(1), LEASE) == HeldDelivery(at(LEASE))
    assert await finish_one(store, claim, at(2))
    assert not await finish_one(store, claim, at(2))
    for seconds in (3, LEASE + 1):
        assert await claim_one(store, QUESTION, at(seconds), LEASE) is None


async def test_many_processes_claim_at_once_and_one_has_it(tmp_path: Path) -> None:
    """On each database, by stores of their own."""
    for kind in ("sqlite", "postgresql"):
        context = await asyncio.to_thread(fresh_database, kind, tmp_path)
        address = await asyncio.to_thread(context.__enter__)
        stores = [await opened(address) for _ in range(4)]
        claims = await asyncio.gather(*(claim_one(each, QUESTION, T0, LEASE) for each in stores * 3))
        assert sum(isinstance(each, ClaimedDelivery) for each in claims) == 1
        assert sum(isinstance(each, HeldDelivery) for each in claims) == len(claims) - 1
        await asyncio.gather(*(each.database.close() for each in stores))
        await asyncio.to_thread(context.__exit__, None, None, None)


async def test_the_repeat_has_it_when_the_holder_died(store: DatabaseStore) -> None:
    """The late loser, if it lives after all, can neither hold nor finish it."""
    first = await claimed(store, QUESTION)
    second = await claimed(store, QUESTION, LEASE)
    assert await store.deliveries.renew_delivery(first, at(LEASE), LEASE) is None
    assert not await finish_one(store, first, at(LEASE))
    assert await finish_one(store, second, at(LEASE))


async def test_a_lease_is_renewed_while_somebody_is_at_it(store: DatabaseStore) -> None:
    """Nobody has it meanwhile; what was answered is not renewed."""
    claim = await claimed(store, QUESTION)
    longer = await store.deliveries.renew_delivery(claim, at(50), LEASE)
    assert longer == replace(claim, until=at(50 + LEASE))
    assert await claim_one(store, QUESTION, at(LEASE + 1), LEASE) == HeldDelivery(at(50 + LEASE))
    assert await finish_one(store, claim, at(70))
    assert await store.deliveries.renew_delivery(claim, at(71), LEASE) is None


async def test_what_says_more_is_answered_again_once(store: DatabaseStore) -> None:
    """And what says less is not, whichever came first, also while the first is under way."""
    asked = replace(MENTION, rank=1)
    bare = await claimed(store, MENTION)
    more = await claimed(store, asked, 1)
    assert not await finish_one(store, bare, at(2))
    assert await claim_one(store, MENTION, at(2), LEASE) is None
    assert isinstance(await claim_one(store, asked, at(2), LEASE), HeldDelivery)
    assert await finish_one(store, more, at(3))
    for each in (MENTION, asked):
        assert await claim_one(store, each, at(2 * LEASE), LEASE) is None


async def test_what_is_old_counts_as_answered_unless_it_is_known(store: DatabaseStore) -> None:
    """An edit of an old message: nobody remembers any more whether it was answered."""
    old = replace(MENTION, is_old=True)
    assert await claim_one(store, old, T0, LEASE) is None
    assert await finish_one(store, await claimed(store, MENTION), T0)
    assert await claim_one(store, old, T0, LEASE) is None
    await claimed(store, replace(old, rank=1))


async def test_a_request_is_taken_up_when_its_holder_died(store: DatabaseStore) -> None:
    """With all that it takes; by one, and not what is under way, answered, or only a question."""
    died = await claimed(store, REQUEST)
    await claimed(store, QUESTION)
    done = await claimed(store, replace(REQUEST, key="trigger:done"))
    assert await finish_one(store, done, at(1))
    await claimed(store, replace(REQUEST, key="trigger:later"), 10)
    assert await store.deliveries.take_up_deliveries(at(LEASE - 1), LEASE, 10) == []
    (again,) = await store.deliveries.take_up_deliveries(at(LEASE), LEASE, 10)
    assert again.incoming == REQUEST
    assert again.until == at(2 * LEASE)
    assert await store.deliveries.take_up_deliveries(at(LEASE), LEASE, 10) == []
    assert not await finish_one(store, died, at(LEASE))
    assert await finish_one(store, again, at(LEASE))
    assert len(await store.deliveries.take_up_deliveries(at(10 * LEASE), LEASE, 10)) == 1


async def test_the_oldest_is_taken_up_first(store: DatabaseStore) -> None:
    """So many as are asked for."""
    for number in range(3):
        await claimed(store, replace(REQUEST, key=f"trigger:{number}"), number)
    taken = await store.deliveries.take_up_deliveries(at(2 * LEASE), LEASE, 2)
    assert [each.incoming.key for each in taken] == ["trigger:0", "trigger:1"]


async def test_what_can_no_longer_be_answered_is_not_taken_up(store: DatabaseStore) -> None:
    """Its address for answers goes within 30 minutes; its key stays, so that no repeat is answered."""
    await claimed(store, REQUEST)
    assert timedelta(minutes=30) > ANSWERABLE_FOR
    late = T0 + ANSWERABLE_FOR
    assert await store.deliveries.take_up_deliveries(late, LEASE, 10) == []
    assert await store.deliveries.forget_deliveries(late) == 1
    assert await store.deliveries.forget_deliveries(late) == 0
    assert await claim_one(store, REQUEST, late, LEASE) is None


async def test_rows_go_after_a_day(store: DatabaseStore) -> None:
    """Then a delivery of that name would be a new one."""
    assert await finish_one(store, await claimed(store, QUESTION), T0)
    await store.deliveries.forget_deliveries(T0 + REMEMBERED_FOR - timedelta(seconds=1))
    assert await claim_one(store, QUESTION, at(1), LEASE) is None
    await store.deliveries.forget_deliveries(T0 + REMEMBERED_FOR)
    await claimed(store, QUESTION)


async def test_an_answer_leaves_no_words_and_no_address_behind(sqlite_url: str) -> None:
    """Not in the file either."""
    store = await opened(sqlite_url)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    claim = await claimed(store, REQUEST)
    await finish_one(store, claim, at(1))
    await store.database.close()
    kept = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    assert URL.encode() not in kept
    assert b"watch job-1" not in kept
    assert REQUEST.key.encode() in kept


async def test_people_and_workspaces_are_forgotten(store: DatabaseStore) -> None:
    """With what they asked for; others stay."""
    await claimed(store, REQUEST)
    theirs = await claimed(store, replace(REQUEST, key="trigger:bob", user_id=BOB))
    await store.subscriptions.forget_user(TEAM, ADA, at(1))
    assert await finish_one(store, theirs, at(1))
    await claimed(store, REQUEST, 2)
    await store.upkeep.forget_team(TEAM)
    await claimed(store, REQUEST, 3)


async def test_any_words_can_be_kept(store: DatabaseStore) -> None:
    """What PostgreSQL refuses included."""
    odd = replace(QUESTION, key="event:\0\ud800", user_id="U\0", team_id="T\ud800")
    claim = await claimed(store, odd)
    assert await finish_one(store, claim, at(1))
    assert await claim_one(store, odd, at(1), LEASE) is None


async def test_many_are_claimed_and_finished_at_once(store: DatabaseStore) -> None:
    """In the order in which they were asked for; the same one twice is one."""
    asked = [replace(QUESTION, key=f"event:{name}") for name in ("c", "a", "b", "a")]
    claims = await store.deliveries.claim_deliveries(asked, T0, LEASE)
    assert [getattr(each, "incoming", None) for each in claims] == [*asked[:3], None]
    assert claims[3] == HeldDelivery(at(LEASE))
    held = [each for each in claims if isinstance(each, ClaimedDelivery)]
    late = replace(held[1], generation=held[1].generation - 1)
    assert await store.deliveries.finish_deliveries([held[2], late, held[0]], at(1)) == [True, False, True]
    assert (
        await store.deliveries.claim_deliveries([], T0, LEASE)
        == await store.deliveries.finish_deliveries([], T0)
        == []
    )

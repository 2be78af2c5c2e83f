"""The store: the search for a message that may have been sent."""

from __future__ import annotations

import pytest

from bot.domain.messages.settling import Settling
from bot.domain.ports import Later, Sent
from bot.store.store import DatabaseStore
from tests.contracts.facts import LEASE, T0, at, deliver, follow, held, later

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_search_goes_on_where_it_stopped(store: DatabaseStore) -> None:
    """But not past a try that was begun since: what that left is looked for from the first page on."""
    await follow(store)
    settling = Settling.begin(T0, at(2), "100.1").further("next:\0\u00e9", 15, has_parent=True)
    await deliver(store, T0, Later(at(10), "few reads", may_have_happened=True, settling=settling))
    again = await store.outbox.take_post(await held(store, at(10)), at(10))
    assert again is not None
    assert again.settling == settling
    lane = await held(store, at(10 + LEASE))
    after_a_crash = await store.outbox.take_post(lane, at(10 + LEASE))
    assert after_a_crash is not None
    assert (after_a_crash.is_uncertain, after_a_crash.settling) == (True, None)
    assert await store.outbox.finish_post(lane, after_a_crash, later(99), at(80), lane_free_at=at(80))
    once_more = await deliver(store, at(99), Sent("300.1", "100.1"))
    assert (once_more.is_uncertain, once_more.settling) == (False, None)

"""The store: which processes live."""

from __future__ import annotations

import pytest

from bot.store.store import DatabaseStore
from tests.contracts.facts import LEASE, T0, at

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_each_counts_while_it_lives(store: DatabaseStore) -> None:
    """It says so again and again, leaves, or is not heard of any more."""
    assert await store.processes.beat("a", T0, LEASE) == 1
    assert await store.processes.beat("b", at(1), LEASE) == 2
    assert await store.processes.beat("a", at(LEASE - 1), LEASE) == 2
    assert await store.processes.beat("c", at(LEASE + 1), LEASE) == 2, "b's time is over"
    await store.processes.leave("c")
    await store.processes.leave("nobody")
    assert await store.processes.beat("a", at(LEASE + 2), LEASE) == 1

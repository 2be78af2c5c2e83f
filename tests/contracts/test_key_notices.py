"""The store: the messages about the API key, each once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.key_expiry import KeyNotice
from bot.domain.subscriptions.notifications.notices import KeyExpiry
from bot.store.store import DatabaseStore
from tests.contracts.facts import CHANNEL, ORG, T0, TEAM, at, drained, follow, opened

pytestmark = pytest.mark.asyncio(loop_scope="session")

END = T0 + timedelta(days=7)
WEEK, DAY = KeyNotice(ORG, END, 7), KeyNotice(ORG, END, 1)


async def test_a_notice_is_one_message_whoever_sends_it(database_url: str) -> None:
    """Many processes at once, and again after a restart: the outbox has it once."""
    stores = [await opened(database_url) for _ in range(3)]
    sent = await asyncio.gather(
        *(each.key_notices.notify_of_key(WEEK, TEAM, "D1", T0) for each in stores * 3)
    )
    assert sorted(sent) == [False] * 8 + [True]
    for each in stores:
        await each.database.close()
    store = await opened(database_url)
    assert await store.key_notices.was_notified_of_key(WEEK)
    assert not await store.key_notices.notify_of_key(WEEK, TEAM, "D1", at(60))
    (post,) = await drained(store, at(60), "D1")
    assert (type(post.notification), post.notification.expires_at) == (KeyExpiry, END)
    assert (post.subscription.thread_ts, post.broadcast) == (None, False)
    await store.database.close()


async def test_the_next_one_is_another_and_so_is_another_keys(store: DatabaseStore) -> None:
    """By when it expires, never by what it is."""
    other = KeyNotice(ORG, END + timedelta(days=90), 7)
    for notice in (WEEK, DAY, other):
        assert not await store.key_notices.was_notified_of_key(notice)
        assert await store.key_notices.notify_of_key(notice, TEAM, "D1", T0)
    assert len(await drained(store, T0, "D1")) == 3


async def test_it_is_remembered_for_as_long_as_it_is_due(store: DatabaseStore) -> None:
    """Though what is over is forgotten in time."""
    await store.key_notices.notify_of_key(WEEK, TEAM, "D1", T0)
    await drained(store, T0, "D1")
    await store.upkeep.clean(T0 + timedelta(days=6, hours=23))
    assert await store.key_notices.was_notified_of_key(WEEK)


async def test_it_is_nothing_that_anybody_follows(store: DatabaseStore) -> None:
    """Nor does it end anything of theirs."""
    await follow(store)
    await store.key_notices.notify_of_key(WEEK, TEAM, CHANNEL, T0)
    assert len(await store.subscriptions.followed(TEAM, CHANNEL, "U1")) == 1
    assert (await store.watches.plan(ORG)).watched == 1

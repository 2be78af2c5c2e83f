"""The store: a row that cannot be read never keeps the others from being read, nor stays for ever."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from bot.domain.channels.digest import DigestPlan, Period
from bot.domain.channels.feed import DEFAULT_STATUSES, read_feed_query
from bot.domain.commands.query import Query
from bot.domain.subscriptions.subscription import Mode
from bot.store.store import DatabaseStore
from tests.contracts.facts import ADA, CHANNEL, LEASE, ORG, T0, TEAM, at, follow
from tests.contracts.fed import claimed, feed_of, row
from tests.databases import Emptier, change

pytestmark = pytest.mark.asyncio(loop_scope="session")

LONG = ", ".join(f"{letter * 16}" for letter in "abcdefghij")
PLAN = DigestPlan(TEAM, CHANNEL, ORG, ADA, Period.DAILY, 540, "UTC", next_at=at(60), since=T0)


@pytest.fixture
def address(shared_store: tuple[Emptier, DatabaseStore]) -> str:
    """Where the store keeps its rows."""
    return shared_store[0].address


async def test_a_feed_longer_than_what_may_be_typed_is_read_back(store: DatabaseStore) -> None:
    """What is written down of a query has signs and all statuses: it was refused, and with it every feed."""
    query = read_feed_query(("name:", *LONG.split()))
    assert len(query.names) == 10
    await store.feeds.set_feed(replace(feed_of(), query=query), [], T0)
    await store.feeds.set_feed(feed_of(channel_id="C2"), [], T0)
    assert [each.query for each in await store.feeds.feeds(ORG)] == [query, Query(DEFAULT_STATUSES)]
    dropped = await store.feeds.drop_feed(TEAM, CHANNEL, ORG, T0)
    assert dropped is not None
    assert dropped.query == query


@pytest.mark.parametrize(
    "kept", ["status:completed,failed name:" + ",".join(LONG.split(", ")), "status:failed"]
)
async def test_a_feed_of_an_earlier_version_is_read(store: DatabaseStore, address: str, kept: str) -> None:
    """As people type it, however long."""
    await store.feeds.set_feed(feed_of(), [], T0)
    await asyncio.to_thread(change, address, f"UPDATE feeds SET query = '{kept}'")  # noqa: S608  (made up here)
    (feed,) = await store.feeds.feeds(ORG)
    assert feed.query.text == kept


@pytest.mark.parametrize("kept", ["status:gone", "{", json.dumps({"statuses": ["GONE"]}), "{" + "[" * 50_000])
async def test_a_feed_that_cannot_be_read_leaves_the_others_alone(
    store: DatabaseStore, address: str, kept: str
) -> None:
    """Each pass goes on, and it can be switched off, or on again."""
    await store.feeds.set_feed(feed_of(), [], T0)
    await store.feeds.set_feed(feed_of(channel_id="C2"), [], T0)
    spoil = f"UPDATE feeds SET query = '{kept}', already = '[' WHERE channel_id = '{CHANNEL}'"  # noqa: S608  (as above)
    await asyncio.to_thread(change, address, spoil)
    assert await store.feeds.feeds(ORG) == [feed_of(channel_id="C2")]
    assert await store.feeds.feed(TEAM, CHANNEL, ORG) is None
    claim = await claimed(store, T0)
    assert await store.feeds.finish_feed(claim, [row("a")], [], T0)
    assert not await store.feeds.set_feed(feed_of(), [], at(5))
    assert await store.feeds.feed(TEAM, CHANNEL, ORG) == feed_of()
    await asyncio.to_thread(change, address, spoil)
    dropped = await store.feeds.drop_feed(TEAM, CHANNEL, ORG, at(6))
    assert dropped is not None
    assert dropped.channel_id == CHANNEL
    assert await store.feeds.drop_feed(TEAM, CHANNEL, ORG, at(7)) is None


@pytest.mark.parametrize("spoiled", ["period = 'hourly'", "at_minutes = 9999"])
async def test_a_digest_that_cannot_be_read_leaves_the_others_alone(
    store: DatabaseStore, address: str, spoiled: str
) -> None:
    """Those that are due are made, and it can be switched off, or on again."""
    other = replace(PLAN, channel_id="C2")
    await store.digests.set_digest(PLAN)
    await store.digests.set_digest(other)
    spoil = f"UPDATE digests SET {spoiled} WHERE channel_id = '{CHANNEL}'"  # noqa: S608  (as above)
    await asyncio.to_thread(change, address, spoil)
    assert [each.plan for each in await store.digests.claim_digests(ORG, at(60), LEASE, 10)] == [other]
    assert await store.digests.digest(TEAM, CHANNEL, ORG) is None
    assert not await store.digests.set_digest(PLAN)
    assert await store.digests.digest(TEAM, CHANNEL, ORG) == PLAN
    await asyncio.to_thread(change, address, spoil)
    dropped = await store.digests.drop_digest(TEAM, CHANNEL, ORG)
    assert dropped is not None
    assert dropped.channel_id == CHANNEL
    assert await store.digests.drop_digest(TEAM, CHANNEL, ORG) is None


async def test_a_mode_of_a_newer_version_tells_everything(store: DatabaseStore, address: str) -> None:
    """And whoever has it among what they follow sees the rest."""
    await follow(store, request_id="a")
    await follow(store, request_id="b")
    await asyncio.to_thread(
        change, address, "UPDATE subscriptions SET mode = 'dreams' WHERE request_id = 'a'"
    )
    followed = await store.subscriptions.followed(TEAM, CHANNEL, ADA)
    modes = {each.subscription.request_id: each.subscription.mode for each in followed}
    assert modes == {"a": Mode.MILESTONES, "b": Mode.MILESTONES}

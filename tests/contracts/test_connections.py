"""The store: which organization a workspace or a channel is connected to, and secrets as they are stored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ports import SecretKind, StoredSecret
from bot.domain.subscriptions.subscription import Ending
from bot.store.store import DatabaseStore
from tests.contracts.facts import BOB, CHANNEL, LEASE, ORG, T0, TEAM, at, follow
from tests.contracts.fed import feed_of
from tests.contracts.installed import HOURS, connected, installed
from tests.contracts.ours import PLAN

pytestmark = pytest.mark.asyncio(loop_scope="session")
OTHER = "T2"


async def test_a_channel_may_have_an_organization_of_its_own(store: DatabaseStore) -> None:
    """Connected again, the last one counts; disconnected, the workspace's is left."""
    whole, own = connected(), connected(org_id="org-2", channel_id="C1")
    assert await store.connections.connect(whole)
    assert await store.connections.connect(own)
    again = replace(own, api_key="sealed anew", set_by=BOB, set_at=at(60))
    assert not await store.connections.connect(again)
    assert await store.connections.connections() == [whole, again]
    assert await store.connections.disconnect(TEAM, "C1", at(120))
    assert not await store.connections.disconnect(TEAM, "C1", at(120))
    assert await store.connections.connections() == [whole]


async def test_connections_move_with_a_workspace(store: DatabaseStore) -> None:
    """Where ours is there too, it stays; the installation stays whose it is."""
    await store.installations.install(installed(OTHER), is_first_only=False)
    ours = connected(TEAM, ORG)
    for each in (ours, connected(OTHER, "org-2"), connected(OTHER, "org-2", channel_id="C1")):
        await store.connections.connect(each)
    await store.upkeep.adopt(OTHER, TEAM, at(1))
    assert await store.connections.connections() == [ours, connected(TEAM, "org-2", channel_id="C1")]
    assert [each.team_id for each in await store.installations.installations()] == [OTHER]


async def test_every_secret_can_be_listed_and_stored_anew(store: DatabaseStore) -> None:
    """Only if it still is what was read; an API key that is gone leaves its connection."""
    await store.installations.install(installed(expires_at=at(12 * HOURS)), is_first_only=False)
    await store.connections.connect(connected(channel_id="C1"))
    bot, refresh, key = await store.secrets.secrets()
    assert bot == StoredSecret(SecretKind.BOT_TOKEN, TEAM, (TEAM, ""), f"sealed bot of {TEAM}")
    assert refresh == StoredSecret(SecretKind.REFRESH_TOKEN, TEAM, (TEAM, ""), f"sealed refresh of {TEAM}")
    assert key == StoredSecret(SecretKind.API_KEY, ORG, (TEAM, "C1"), f"sealed key of {ORG}")
    assert await store.secrets.replace_secret(bot, "sealed by another key")
    assert not await store.secrets.replace_secret(bot, "too late")
    assert await store.secrets.replace_secret(key, None)
    assert await store.secrets.secrets() == [replace(bot, sealed="sealed by another key"), refresh]
    assert await store.connections.connections() == [replace(connected(channel_id="C1"), api_key=None)]
    assert await store.secrets.replace_secret(refresh, None)
    assert await store.installations.next_refresh_at() is None


async def test_what_belongs_to_another_organization_ends(store: DatabaseStore) -> None:
    """In that channel alone, at once, with everything that waits; connected as before nothing changes."""
    await store.connections.connect(connected())
    there, elsewhere = await follow(store), await follow(store, channel_id="C7")
    await store.feeds.set_feed(feed_of(), [], T0)
    await store.digests.set_digest(PLAN)
    assert await store.connections.connect(connected(org_id="org-2", channel_id=CHANNEL))
    ended = await store.subscriptions.subscription(there.id)
    assert ended is not None
    assert ended.ended is Ending.RECONNECTED
    assert await store.subscriptions.active(elsewhere.spot) == elsewhere
    assert await store.feeds.feed(TEAM, CHANNEL, ORG) is None
    assert await store.digests.digest(TEAM, CHANNEL, ORG) is None
    await store.connections.connect(replace(connected(), api_key="another key"))
    assert await store.subscriptions.active(elsewhere.spot) == elsewhere
    await store.connections.disconnect(TEAM, "", at(60))
    assert await store.subscriptions.active(elsewhere.spot) is None
    assert await store.watches.claim_jobs(ORG, at(10 * LEASE), LEASE, 10) == []

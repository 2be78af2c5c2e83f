"""The store: which organization a workspace or a channel is connected to, and secrets as they are stored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ports import SecretKind, StoredSecret
from bot.store.store import DatabaseStore
from tests.contracts.facts import BOB, ORG, TEAM, at
from tests.contracts.installed import HOURS, connected, installed

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
    assert await store.connections.disconnect(TEAM, "C1")
    assert not await store.connections.disconnect(TEAM, "C1")
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

"""The tenants in the database, as the registry is told about them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.domain.ports import (
    Connection,
    OrganizationAccess,
    SealedTokens,
    SecretKind,
    StoredInstallation,
    WorkspaceAccess,
)
from bot.playground.clock import ManualClock
from bot.store.store import DatabaseStore, open_store
from bot.tenants.sealing import Sealer, new_key
from bot.tenants.stored_tenants import Addresses, StoredTenants
from tests.contracts.facts import ADA, ORG, TEAM
from tests.contracts.installed import HOURS, connected, installed

SLACK, SIMPLISMART = "https://slack.example/api/", "https://simplismart.example"
DEFAULT = OrganizationAccess("settings-org", SIMPLISMART, SecretStr("settings-key"))
OTHER, GRID = "T2", "E1"


@dataclass
class Stored:
    """A database with tenants in it."""

    store: DatabaseStore
    sealer: Sealer
    clock: ManualClock

    def source(
        self, default: OrganizationAccess | None = None, sealer: Sealer | None = None
    ) -> StoredTenants:
        """What one process reads."""
        return StoredTenants(
            self.store.installations,
            self.store.connections,
            sealer or self.sealer,
            self.clock,
            Addresses(SLACK, SIMPLISMART),
            default,
        )

    async def install(self, made: StoredInstallation) -> None:
        """With a token that can be read."""
        sealed = self.sealer.seal(SecretKind.BOT_TOKEN, made.team_id, SecretStr(f"xoxb-{made.team_id}"))
        tokens = replace(made.tokens, bot_token=sealed)
        await self.store.installations.install(replace(made, tokens=tokens), is_first_only=False)

    async def connect(self, made: Connection) -> None:
        """With a key that can be read."""
        key = self.sealer.seal(SecretKind.API_KEY, made.org_id, SecretStr(f"key-{made.org_id}"))
        await self.store.connections.connect(replace(made, api_key=key))


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    """Nothing at first."""
    store = open_store(f"sqlite:///{tmp_path}/jobbot.sqlite3")
    yield Stored(store, Sealer([new_key()]), ManualClock())
    await store.database.close()


def _organization(org_id: str, team_id: str = "", channel_id: str = "") -> OrganizationAccess:
    return OrganizationAccess(
        org_id, SIMPLISMART, SecretStr(f"key-{org_id}"), team_id, channel_id, is_entered=True
    )


async def _one(source: StoredTenants) -> WorkspaceAccess:
    (found,) = await source.current()
    return found


async def test_a_workspace_has_its_organizations(stored: Stored) -> None:
    """Its own, and those of its channels; whoever installed the app is its admin."""
    await stored.install(installed())
    assert (await _one(stored.source())).organizations == ()
    await stored.connect(connected())
    await stored.connect(connected(org_id="org-2", channel_id="C1"))
    found = await _one(stored.source(DEFAULT))
    assert found == WorkspaceAccess(
        SLACK,
        SecretStr(f"xoxb-{TEAM}"),
        (_organization(ORG), _organization("org-2", channel_id="C1")),
        ADA,
        team_id=TEAM,
        bot_user_id="U-bot",
        installed_at=installed().installed_at,
    )
    assert found.home_id == TEAM


async def test_the_settings_organization_is_for_workspaces_that_have_none(stored: Stored) -> None:
    """Also beside a channel's; but not in place of one whose key was removed."""
    await stored.install(installed())
    assert (await _one(stored.source(DEFAULT))).organizations == (DEFAULT,)
    await stored.connect(connected(org_id="org-2", channel_id="C1"))
    both = (_organization("org-2", channel_id="C1"), DEFAULT)
    assert (await _one(stored.source(DEFAULT))).organizations == both
    await stored.store.connections.connect(replace(connected(), api_key=None))
    lost = await _one(stored.source(DEFAULT))
    assert (lost.organizations, lost.without_key) == (both[:1], {("", "")})


async def test_a_place_whose_key_is_gone_is_known_as_such(stored: Stored) -> None:
    """Be it removed, or sealed with a lost one; a channel too, and a workspace of an organization."""
    await stored.install(installed(GRID, enterprise_id=GRID, is_org_wide=True))
    await stored.connect(connected(GRID, ORG))
    gone = replace(connected(TEAM, "org-2", enterprise_id=GRID), api_key=None)
    await stored.store.connections.connect(gone)
    unreadable = replace(connected(GRID, "org-3", channel_id="C1"), api_key="sealed with a lost key")
    await stored.store.connections.connect(unreadable)
    found = await _one(stored.source())
    assert found.organizations == (_organization(ORG),)
    assert found.without_key == {(TEAM, ""), ("", "C1")}


async def test_an_org_wide_installation_serves_each_of_its_workspaces(stored: Stored) -> None:
    """With the organization's connection, or with that workspace's own; unless it has an installation too."""
    await stored.install(installed(GRID, enterprise_id=GRID, is_org_wide=True))
    await stored.connect(connected(GRID, ORG))
    await stored.connect(connected(TEAM, "org-2", enterprise_id=GRID))
    await stored.connect(connected(OTHER, "org-3"))
    found = await _one(stored.source())
    assert (found.home_id, found.team_id, found.is_org_wide) == (GRID, "", True)
    assert found.organizations == (_organization(ORG), _organization("org-2", TEAM))
    await stored.install(installed(TEAM, enterprise_id=GRID))
    own, whole = sorted(await stored.source().current(), key=lambda each: each.is_org_wide)
    assert (own.home_id, own.organizations) == (TEAM, (_organization("org-2"),))
    assert whole.organizations == (_organization(ORG),)


async def test_a_token_that_expired_is_no_way_into_a_workspace(stored: Stored) -> None:
    """That it did is a change, though nobody wrote anything."""
    await stored.install(installed(expires_at=stored.clock.now().replace(microsecond=0)))
    await stored.install(installed(OTHER))
    source = stored.source()
    assert [each.home_id for each in await source.current()] == [OTHER]
    made = installed(expires_at=stored.clock.now())
    later = replace(made.tokens, expires_at=None)
    await stored.install(replace(made, tokens=later))
    assert [each.home_id for each in await source.current()] == [TEAM, OTHER]


async def test_every_change_is_another_revision(stored: Stored) -> None:
    """And so is the end of a token's time."""
    source = stored.source()
    seen = [await source.revision()]
    until = stored.clock.now().timestamp() + HOURS
    made = installed()
    tokens = replace(made.tokens, expires_at=made.installed_at.fromtimestamp(until, made.installed_at.tzinfo))
    await stored.install(replace(made, tokens=tokens))
    seen.append(await source.revision())
    await source.current()
    assert await source.revision() == seen[-1]
    await stored.connect(connected())
    seen.append(await source.revision())
    stored.clock.advance(HOURS)
    seen.append(await source.revision())
    assert len(set(seen)) == 4
    assert await source.current() == []


async def test_what_cannot_be_read_is_left_out_and_said(stored: Stored) -> None:
    """The other tenants are served; nothing of a secret is in the log."""
    await stored.install(installed())
    await stored.install(installed(OTHER))
    swapped = SealedTokens((await stored.store.installations.installations())[0].tokens.bot_token)
    await stored.store.installations.install(replace(installed(OTHER), tokens=swapped), is_first_only=False)
    await stored.connect(connected())
    with capture_logs() as logs:
        found = await stored.source().current()
    assert [(each.home_id, len(each.organizations)) for each in found] == [(TEAM, 1)]
    (line,) = logs
    assert "sealed for something else" in line["detail"]
    assert "xoxb" not in str(logs)
    assert await stored.source(sealer=Sealer([new_key()])).current() == []
    await stored.store.installations.uninstall(TEAM, stored.clock.now())

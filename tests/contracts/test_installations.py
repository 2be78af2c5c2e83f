"""The store: installations, and the refresh of their tokens by one process at a time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

import pytest

from bot.domain.audit import OPERATOR, Action, AuditEntry, Result
from bot.domain.ports import SealedTokens
from bot.store.store import DatabaseStore
from bot.store.tables import metadata
from tests.contracts.every_table import EveryTable
from tests.contracts.facts import ADA, ORG, T0, TEAM, at
from tests.contracts.installed import HOURS, connected, installed, tokens

pytestmark = pytest.mark.asyncio(loop_scope="session")
OTHER, GRID = "T2", "E1"
LEASE = 15.0
SAYS_NOT_WHOSE: Final = {"installations", "slack_waits"}
"""Tables that name a workspace: the one asks for itself, the other is about Slack's limits alone."""
OWNED: Final = {each.name for each in metadata.sorted_tables if "team_id" in each.c} - SAYS_NOT_WHOSE


async def test_an_installation_comes_back_as_it_was_stored(store: DatabaseStore) -> None:
    """In a workspace, in one of a Grid organization, and in the organization itself."""
    everywhere = [
        installed(GRID, enterprise_id=GRID, is_org_wide=True),
        installed(TEAM, expires_at=at(12 * HOURS)),
        installed(OTHER, enterprise_id=GRID),
    ]
    for each in everywhere:
        assert await store.installations.install(each, is_first_only=False)
    assert await store.installations.installations() == everywhere


async def test_installing_again_takes_the_place_of_the_earlier_one(store: DatabaseStore) -> None:
    """With its new token, and without what had gone wrong."""
    await store.installations.install(installed(expires_at=at(0)), is_first_only=True)
    claim = await store.installations.claim_refresh(at(1), LEASE)
    assert claim is not None
    assert await store.installations.fail_refresh(claim, None, "invalid_refresh_token")
    assert await store.installations.refresh_problems() == 1
    (broken,) = await store.installations.installations()
    assert (broken.problem, broken.tokens.refresh_at) == ("invalid_refresh_token", None)
    again = installed(at=at(60), expires_at=at(13 * HOURS), number=2)
    assert await store.installations.install(again, is_first_only=True)
    assert await store.installations.installations() == [again]
    assert await store.installations.refresh_problems() == 0


async def test_only_the_first_may_install_where_that_is_asked_for(store: DatabaseStore) -> None:
    """Of two that come at the same time one is first; it stays so after it was uninstalled."""
    came = await asyncio.gather(
        store.installations.install(installed(TEAM), is_first_only=True),
        store.installations.install(installed(OTHER), is_first_only=True),
    )
    assert sorted(came) == [False, True]
    (first,) = await store.installations.installations()
    assert await store.installations.uninstall(first.team_id, at(1))
    late = OTHER if first.team_id == TEAM else TEAM
    assert not await store.installations.install(installed(late, at=at(2)), is_first_only=True)
    assert await store.installations.install(installed(first.team_id, at=at(2)), is_first_only=True)
    assert await store.installations.install(installed(late, at=at(3)), is_first_only=False)


@pytest.mark.parametrize("table", sorted(OWNED))
async def test_a_database_that_is_a_workspaces_is_no_other_ones_first(
    store: DatabaseStore, table: str
) -> None:
    """Before the app was installed by a click it had one token: whatever row says whose it is counts."""
    every = EveryTable(store.database)
    await every.fill()
    await every.leave_named(table)
    assert not await store.installations.install(installed(OTHER), is_first_only=True)
    assert await store.installations.installations() == []
    assert await store.installations.install(installed(TEAM), is_first_only=True)
    assert not await store.installations.install(installed(OTHER), is_first_only=True)
    assert await store.installations.install(installed(OTHER), is_first_only=False)


async def test_who_only_tried_owns_nothing(store: DatabaseStore) -> None:
    """Nor does whom an operator asked about, or only Slack's limits name: the first one is let in."""
    await store.audit.append(AuditEntry(T0, OTHER, "", ADA, Action.INSTALL, OTHER, Result.DENIED))
    await store.audit.append(AuditEntry(T0, "T9", "", OPERATOR, Action.EXPORT, ""))
    every = EveryTable(store.database)
    await every.fill()
    await every.leave_named("slack_waits")
    assert await store.installations.install(installed(GRID), is_first_only=True)


async def test_uninstalling_removes_the_secrets_and_nothing_else(store: DatabaseStore) -> None:
    """The API keys of its organizations too, those of its workspaces where it is org-wide."""
    grid = installed(GRID, enterprise_id=GRID, is_org_wide=True, expires_at=at(12 * HOURS))
    await store.installations.install(grid, is_first_only=False)
    await store.installations.install(installed(OTHER), is_first_only=False)
    theirs = connected(OTHER, "org-2")
    for each in (connected(GRID, ORG), connected(TEAM, ORG, enterprise_id=GRID), theirs):
        await store.connections.connect(each)
    assert not await store.installations.uninstall(GRID, at(-1))
    assert not await store.installations.uninstall("T9", at(1))
    assert len(await store.secrets.secrets()) == 6
    assert await store.installations.uninstall(GRID, at(1))
    assert await store.installations.installations() == [
        replace(grid, tokens=SealedTokens()),
        installed(OTHER),
    ]
    assert [each.api_key for each in await store.connections.connections()] == [None, None, theirs.api_key]
    assert {secret.owner for secret in await store.secrets.secrets()} == {OTHER, "org-2"}
    assert await store.installations.next_refresh_at() is None


async def test_an_uninstall_is_in_the_trail_with_what_it_removed(store: DatabaseStore) -> None:
    """Together: however many processes are told, there is one entry; none where nothing was removed."""
    gone = AuditEntry(at(2), TEAM, "", "", Action.UNINSTALL, "app_uninstalled")
    for so_often in (1, 2):
        await store.installations.install(installed(at=at(so_often)), is_first_only=False)
        assert not await store.installations.uninstall(TEAM, at(0), gone)
        came = [store.installations.uninstall(TEAM, at(2), gone) for _ in range(4)]
        assert sorted(await asyncio.gather(*came)) == [False, False, False, True]
        assert await store.audit.entries() == [gone] * so_often


async def test_a_key_that_came_between_the_two_events_is_no_second_entry(store: DatabaseStore) -> None:
    """Slack says twice what happened once; what was set between goes too."""
    gone = AuditEntry(at(2), TEAM, "", "", Action.UNINSTALL, "app_uninstalled")
    await store.installations.install(installed(), is_first_only=False)
    assert await store.installations.uninstall(TEAM, at(2), gone)
    await store.connections.connect(replace(connected(), set_at=at(3)))
    assert await store.installations.uninstall(TEAM, at(4), replace(gone, at=at(4)))
    assert await store.secrets.secrets() == []
    assert await store.audit.entries() == [gone]


async def test_a_workspace_is_taken_out_of_an_org_wide_installation(store: DatabaseStore) -> None:
    """The keys of its own organizations go; the token is that of the others too, and stays."""
    grid = installed(GRID, enterprise_id=GRID, is_org_wide=True)
    await store.installations.install(grid, is_first_only=False)
    for each in (connected(GRID, ORG), connected(TEAM, "org-2", enterprise_id=GRID)):
        await store.connections.connect(each)
    assert not await store.installations.uninstall(TEAM, at(-1))
    assert await store.installations.uninstall(TEAM, at(1))
    assert not await store.installations.uninstall(TEAM, at(1))
    assert await store.installations.installations() == [grid]
    keys = [each.api_key is None for each in await store.connections.connections()]
    assert keys == [False, True]


async def test_a_token_is_refreshed_by_one_process(store: DatabaseStore) -> None:
    """The most overdue first; none that isn't due, and none without a refresh token."""
    await store.installations.install(installed(TEAM, expires_at=at(12 * HOURS)), is_first_only=False)
    await store.installations.install(installed(OTHER, expires_at=at(10 * HOURS)), is_first_only=False)
    await store.installations.install(installed("T3"), is_first_only=False)
    assert await store.installations.next_refresh_at() == at(4 * HOURS)
    assert await store.installations.claim_refresh(at(4 * HOURS - 1), LEASE) is None
    now = at(7 * HOURS)
    claims = await asyncio.gather(*(store.installations.claim_refresh(now, LEASE) for _ in range(4)))
    claimed = [each for each in claims if each is not None]
    assert sorted(each.installation.team_id for each in claimed) == [TEAM, OTHER]
    for each in claimed:
        fresh = tokens(each.installation.team_id, expires_at=at(19 * HOURS), number=2)
        assert await store.installations.finish_refresh(each, fresh)
        assert not await store.installations.finish_refresh(
            replace(each, generation=each.generation - 1), fresh
        )
    assert await store.installations.next_refresh_at() == at(13 * HOURS)


async def test_a_stale_lease_keeps_nothing(store: DatabaseStore) -> None:
    """Neither of a process that was taken over, nor of one whose workspace installed anew meanwhile."""
    await store.installations.install(installed(expires_at=at(0)), is_first_only=False)
    slow = await store.installations.claim_refresh(at(0), LEASE)
    quick = await store.installations.claim_refresh(at(LEASE), LEASE)
    assert slow is not None
    assert quick is not None
    assert await store.installations.claim_refresh(at(LEASE + 1), LEASE) is None
    assert not await store.installations.finish_refresh(slow, tokens(expires_at=at(HOURS), number=2))
    assert not await store.installations.fail_refresh(slow, None, "invalid_refresh_token")
    again = installed(at=at(20), number=3)
    assert await store.installations.install(again, is_first_only=False)
    assert not await store.installations.finish_refresh(quick, tokens(expires_at=at(HOURS), number=2))
    assert await store.installations.installations() == [again]


async def test_a_failed_refresh_is_tried_again_when_it_is_said(store: DatabaseStore) -> None:
    """The tokens stay meanwhile."""
    await store.installations.install(installed(expires_at=at(6 * HOURS)), is_first_only=False)
    claim = await store.installations.claim_refresh(at(0), LEASE)
    assert claim is not None
    assert await store.installations.fail_refresh(claim, at(60), "http_error")
    (found,) = await store.installations.installations()
    assert (found.problem, found.tokens.refresh_at) == ("http_error", at(60))
    assert found.tokens.refresh_token == claim.installation.tokens.refresh_token


async def test_a_state_is_used_once(store: DatabaseStore) -> None:
    """By one process only; what has expired is forgotten."""
    used = await asyncio.gather(*(store.installations.spend_state("state", at(600), at(1)) for _ in range(4)))
    assert sorted(used) == [False, False, False, True]
    assert await store.installations.spend_state("another", at(600), at(1))
    assert await store.installations.spend_state("state", at(1300), at(700))


async def test_every_change_is_another_revision(store: DatabaseStore) -> None:
    """And nothing else is."""
    seen = [await store.installations.revision()]

    async def changed() -> bool:
        seen.append(await store.installations.revision())
        return seen[-1] != seen[-2]

    assert not await changed()
    await store.installations.install(installed(expires_at=T0), is_first_only=True)
    assert await changed()
    await store.connections.connect(connected())
    assert await changed()
    claim = await store.installations.claim_refresh(T0, LEASE)
    assert claim is not None
    assert not await changed()
    await store.installations.finish_refresh(claim, tokens(number=2))
    assert await changed()
    await store.connections.disconnect(TEAM, "", at(1))
    assert await changed()
    await store.installations.uninstall(TEAM, at(1))
    assert await changed()
    await store.upkeep.forget_team(TEAM)
    assert await changed()
    assert await store.installations.installations() == []

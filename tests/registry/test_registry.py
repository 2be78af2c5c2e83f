"""Who is at home where: an organization of workspaces, channels of their own, what is replaced and let go."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest_asyncio
from pydantic import SecretStr

from bot.domain.ports import NotInstalled
from bot.domain.ports.tenants import OrganizationAccess, WorkspaceAccess
from bot.playground.clock import ManualClock
from bot.registry.organizations import IDLE_SECONDS
from bot.registry.registry import NO_ORGANIZATION, Registry
from bot.slack.gateway import open_session

KEY, URL = SecretStr("key"), "https://api.example"
WHOLE = OrganizationAccess("org-whole", URL, KEY)
NORTH = OrganizationAccess("org-north", URL, KEY, team_id="T-NORTH")
SECRET_LAB = OrganizationAccess("org-lab", URL, KEY, team_id="T-NORTH", channel_id="C-LAB")
GRID = WorkspaceAccess(
    "https://slack.example/api/",
    SecretStr("xoxb-grid"),
    (WHOLE, NORTH, SECRET_LAB),
    enterprise_id="E1",
    is_org_wide=True,
)
ALONE = WorkspaceAccess("https://slack.example/api/", SecretStr("xoxb-1"), (WHOLE,), team_id="T-ALONE")


class Written:
    """Implements `bot.domain.ports.tenants.TenantSource`."""

    def __init__(self) -> None:
        self.accesses: Sequence[WorkspaceAccess] = ()
        self.written = 0
        self.read = 0

    async def revision(self) -> str:
        """See the port."""
        return str(self.written)

    async def current(self) -> Sequence[WorkspaceAccess]:
        """See the port."""
        self.read += 1
        return self.accesses


class Here:
    """A registry over what is written."""

    def __init__(self, registry: Registry, written: Written, clock: ManualClock) -> None:
        self.registry = registry
        self.written = written
        self.clock = clock

    async def write(self, *accesses: WorkspaceAccess) -> None:
        """These are the tenants from now on."""
        self.written.accesses = accesses
        self.written.written += 1
        await self.registry.refresh()

    def org_id(self, team_id: str, channel_id: str = "") -> str | None:
        """Whose jobs people ask about there."""
        tenant = self.registry.tenant(team_id, channel_id)
        return None if tenant is None else tenant.access.org_id


@pytest_asyncio.fixture
async def here() -> AsyncIterator[Here]:
    """A fresh one."""
    clock, written = ManualClock(), Written()
    async with open_session() as session:
        registry = Registry(written, session, clock, is_fixed=False)
        try:
            yield Here(registry, written, clock)
        finally:
            await registry.aclose()


async def test_an_organization_of_workspaces(here: Here) -> None:
    """One token; a workspace with an organization of its own is at home there, all others share."""
    await here.write(GRID)
    asked = [here.org_id("E1"), here.org_id("T-NORTH"), here.org_id("T-NORTH", "C-LAB"), here.org_id("T-X")]
    assert asked == ["org-whole", "org-north", "org-lab", None]
    north, whole = here.registry.login("T-NORTH"), here.registry.login("E1")
    assert north is not None
    assert whole is not None
    assert (north.installation.home_id, whole.installation.home_id) == ("T-NORTH", "E1")
    assert north.installation.enterprise_id == "E1"
    assert [here.registry.enterprise_of(each) for each in ("E1", "T-NORTH", "T-X")] == ["E1", "E1", ""]
    own = replace(ALONE, team_id="T-NORTH", slack_bot_token=SecretStr("xoxb-north"))
    await here.write(GRID, own)
    assert here.org_id("T-NORTH") == "org-whole", "its own installation comes first"
    assert not here.registry.enterprise_of("T-NORTH")
    assert here.org_id("E1") == "org-whole"


async def test_where_a_key_is_gone_no_other_organization_is_asked(here: Here) -> None:
    """A channel's, or a workspace's, whose people stay at home there; elsewhere all goes on."""
    await here.write(
        replace(GRID, organizations=(WHOLE, NORTH), without_key=frozenset({("T-NORTH", "C-LAB")}))
    )
    asked = [here.org_id("E1"), here.org_id("T-NORTH"), here.org_id("T-NORTH", "C-LAB")]
    assert asked == ["org-whole", "org-north", NO_ORGANIZATION.org_id]
    await here.write(replace(GRID, organizations=(WHOLE,), without_key=frozenset({("T-NORTH", "")})))
    assert [here.org_id("E1"), here.org_id("T-NORTH")] == ["org-whole", NO_ORGANIZATION.org_id]
    assert here.registry.login("T-NORTH") is not None, "what waits there can be sent"


async def test_only_what_differs_is_replaced(here: Here) -> None:
    """The same tenant stays the same; a new token or key makes another, and one that went is nobody's."""
    await here.write(ALONE, GRID)
    before, grid = here.registry.tenant("T-ALONE", "C1"), here.registry.tenant("T-NORTH", "C1")
    assert here.registry.tenant("T-ALONE", "C2") is before
    await here.write(replace(ALONE, slack_bot_token=SecretStr("xoxb-2")), GRID)
    after = here.registry.tenant("T-ALONE", "C1")
    assert after is not None
    assert before is not None
    assert after.login is not before.login
    assert after.training_api is before.training_api
    assert here.registry.tenant("T-NORTH", "C1") is grid
    await here.write(GRID)
    assert here.org_id("T-ALONE") is None
    assert isinstance(await here.registry.workspaces.for_team("T-ALONE"), NotInstalled)
    assert not isinstance(await here.registry.workspaces.for_team("T-NORTH"), NotInstalled)


async def test_an_api_is_opened_with_its_first_use_and_closed_when_idle(here: Here) -> None:
    """A thousand quiet workspaces take next to nothing."""
    await here.write(ALONE, GRID)
    assert len(here.registry.organizations.opened) == 0
    tenant = here.registry.tenant("T-NORTH", "C1")
    assert len(here.registry.organizations.opened) == 1
    here.clock.advance(IDLE_SECONDS - 1)
    await here.registry.organizations.close_idle()
    assert here.registry.tenant("T-NORTH", "C1") is tenant
    here.clock.advance(IDLE_SECONDS + 1)
    await here.registry.organizations.close_idle()
    assert len(here.registry.organizations.opened) == 0
    assert here.registry.tenant("T-NORTH", "C1") is not tenant


async def test_what_did_not_change_is_not_read_again(here: Here) -> None:
    """The cheap question comes first."""
    await here.write(ALONE)
    assert not await here.registry.refresh()
    assert here.written.read == 1


async def test_no_secret_is_shown(here: Here) -> None:
    """Whatever is logged of it."""
    await here.write(ALONE)
    said = repr(here.registry.tenant("T-ALONE", ""))
    assert "xoxb-1" not in said
    assert "key'" not in said.replace("training_api_token=SecretStr('**********')", "")

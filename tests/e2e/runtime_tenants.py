"""A bot whose tenants come, change and go while it runs, as something written down elsewhere says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from pydantic import SecretStr

from bot import EVENTS_PATH
from bot.app import Application
from bot.domain.errors import StoreError
from bot.domain.ports.tenants import OrganizationAccess, WorkspaceAccess
from bot.playground.clock import ManualClock
from bot.playground.serving import running
from bot.playground.training_suite import TrainingSuite
from bot.playground.workspace import Workspace
from bot.playground.workspace.identity import Identity
from tests.e2e.world import World, empty_database, settings_for
from tests.sqlite_file import memory_folder

OURS, THEIRS = Identity(), Identity(team_id="T0SECOND01", team_domain="second", bot_token="xoxb-second")
_NOTICED_SECONDS = 4
"""Until what was written down counts."""


class Written:
    """Implements `bot.domain.ports.tenants.TenantSource`."""

    def __init__(self) -> None:
        self.is_away = False
        self._revision = 0
        self._accesses: tuple[WorkspaceAccess, ...] = ()

    def write(self, *accesses: WorkspaceAccess) -> None:
        """These are the tenants from now on."""
        self._accesses = accesses
        self._revision += 1

    async def revision(self) -> str:
        """See the port."""
        if self.is_away:
            raise StoreError
        return str(self._revision)

    async def current(self) -> Sequence[WorkspaceAccess]:
        """See the port."""
        return self._accesses


class Tenancy:
    """One bot, two workspaces with the same channels and people, and two organizations."""

    def __init__(self, ours: World, theirs: World, written: Written, urls: Sequence[str]) -> None:
        self.ours = ours
        self.theirs = theirs
        self.written = written
        self._urls = urls

    def organization(self, here: World, channel_id: str = "", team_id: str = "") -> OrganizationAccess:
        """This one's, as its key is now."""
        url = self._urls[here is self.theirs]
        return OrganizationAccess(here.suite.org_id, url, SecretStr(here.suite.token), team_id, channel_id)

    def workspace(self, here: World, *organizations: OrganizationAccess) -> WorkspaceAccess:
        """This one's, as its token is now; without ``organizations`` it asks its own."""
        identity = here.workspace.identity
        return WorkspaceAccess(
            f"{here.workspace.base_url}/api/",
            SecretStr(identity.bot_token),
            organizations or (self.organization(here),),
            team_id=identity.team_id,
            bot_user_id=identity.bot_user_id,
        )

    async def write(self, *accesses: WorkspaceAccess) -> None:
        """Write these down, and wait until they count."""
        self.written.write(*accesses)
        await self.ours.let_pass(_NOTICED_SECONDS, _NOTICED_SECONDS)

    async def write_both(self) -> None:
        """Each workspace with its own organization."""
        await self.write(self.workspace(self.ours), self.workspace(self.theirs))


@asynccontextmanager
async def tenancy() -> AsyncIterator[Tenancy]:
    """Nothing is written down yet."""
    clock, written = ManualClock(), Written()
    workspaces = [Workspace(clock, identity=identity) for identity in (OURS, THEIRS)]
    suites = [TrainingSuite(clock), TrainingSuite(clock, token="second-token", org_id="second-org")]
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(memory_folder())
        urls = []
        for workspace, suite in zip(workspaces, suites, strict=True):
            servers = await stack.enter_async_context(running(workspace, suite))
            urls.append(servers.training_api_url)
        url = await empty_database(folder)
        settings = settings_for(workspaces[0], "http", simplismart_org_id="nobody", database_url=url)
        bot = Application(settings, tenant_source=lambda _store: written, clock=clock)
        await bot.start()
        stack.push_async_callback(bot.stop, grace_seconds=1)
        for workspace in workspaces:
            workspace.request_url = f"http://127.0.0.1:{bot.port}{EVENTS_PATH}"
        ours, theirs = (
            World(workspace, suite, clock, bot, settings)
            for workspace, suite in zip(workspaces, suites, strict=True)
        )
        yield Tenancy(ours, theirs, written, urls)

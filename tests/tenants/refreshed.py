"""Installations whose tokens expire, a made-up Slack that refreshes them, and any number of processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from bot.domain.ports import SecretKind, StoredInstallation
from bot.handlers.audit import add
from bot.playground.clock import InstantClock, ManualClock
from bot.playground.serving import serving
from bot.playground.workspace import ME, Workspace
from bot.playground.workspace.oauth.grants import Approval
from bot.slack.gateway import SlackWebGateway, open_session
from bot.slack.oauth import OAuthCalls
from bot.store.store import DatabaseStore, open_store
from bot.tenants.installations import Installations, as_installation
from bot.tenants.rotation import TokenRotation
from bot.tenants.sealing import Sealer, new_key
from tests.databases import fresh_database
from tests.web.installing import nothing_changes

HOURS = 3600
HOME = "T0PLAYGRND"
SCOPES = frozenset({"commands", "chat:write"})


def nothing(_point: str) -> None:
    """At every crash point."""


@dataclass
class Refreshing:
    """Everybody who takes part."""

    workspace: Workspace
    clock: ManualClock
    address: str
    store: DatabaseStore
    sealer: Sealer
    oauth: OAuthCalls
    gateway: Callable[[str], SlackWebGateway]
    """With this token."""

    def process(
        self, on_crash_point: Callable[[str], None] = nothing, store: DatabaseStore | None = None
    ) -> TokenRotation:
        """Another process, or the same one."""
        kept = (store or self.store).installations
        return TokenRotation(kept, self.sealer, self.oauth, self.clock, on_crash_point)

    async def install(self, team_id: str = HOME) -> None:
        """The app is installed there."""
        code = self.workspace.grants.approve(Approval(team_id, ME, SCOPES))
        grant = await self.oauth.exchange(code)
        everybody, trail = frozenset({"*"}), partial(add, self.store.audit)
        store = Installations(
            self.store.installations,
            self.sealer,
            self.clock,
            everybody,
            changed=nothing_changes,
            audit=trail,
        )
        await store.async_save(as_installation(grant, self.clock.now()))

    async def stored(self, team_id: str = HOME) -> StoredInstallation:
        """What is stored of it."""
        found = await self.store.installations.installations()
        return next(each for each in found if each.team_id == team_id)

    async def works(self, team_id: str = HOME) -> bool:
        """Whether Slack takes the token that is stored, and it is the newest that was handed out."""
        sealed = (await self.stored(team_id)).tokens.bot_token
        assert sealed is not None
        token = self.sealer.open(SecretKind.BOT_TOKEN, team_id, sealed).get_secret_value()
        identity = await self.gateway(token).identity(patience_seconds=0)
        return identity.team_id == team_id

    @property
    def asked(self) -> int:
        """How often Slack was asked for the next token."""
        calls = self.workspace.calls_of("oauth.v2.access")
        return sum("refresh_token" in call.arguments for call in calls)


@asynccontextmanager
async def refreshing(tmp_path: Path, kind: str = "sqlite") -> AsyncIterator[Refreshing]:
    """A fresh Slack with token rotation, and an empty database."""
    clock, sealer = ManualClock(), Sealer([new_key()])
    workspace = Workspace(clock)
    workspace.rates.enabled = False
    workspace.grants.rotates = True
    context = fresh_database(kind, tmp_path)
    address = await asyncio.to_thread(context.__enter__)
    store = open_store(address)
    async with serving(workspace.app()) as url, open_session() as session:
        grants, api = workspace.grants, f"{url}/api/"
        secret = SecretStr(grants.client_secret)
        oauth = OAuthCalls(session, api, grants.client_id, secret, InstantClock(), lambda: 0.5)
        try:
            yield Refreshing(
                workspace,
                clock,
                address,
                store,
                sealer,
                oauth,
                lambda token: SlackWebGateway(session, api, token, InstantClock()),
            )
        finally:
            await workspace.aclose()
            await store.database.close()
            await asyncio.to_thread(context.__exit__, None, None, None)

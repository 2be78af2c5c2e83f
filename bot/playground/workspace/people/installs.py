"""What ends the app's installation, and begins it anew.

Sources: https://docs.slack.dev/reference/events/app_uninstalled, …/tokens_revoked
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.playground.workspace.dispatch.envelope import Delivery, Envelope
from bot.playground.workspace.dispatch.event_dispatcher import Courier
from bot.playground.workspace.dispatch.payloads import installation_callback
from bot.playground.workspace.world import World


class Installs:
    """Acts for whoever may install and uninstall apps."""

    _world: World
    _dispatcher: Courier

    async def uninstall_app(self) -> Sequence[Delivery]:
        """Remove the app: its bot token is dead at once, and it is told about both in no certain order."""
        self._world.is_installed = False
        return [
            await self.tell_uninstalled(),
            await self.tell_revoked(bot=[self._world.identity.bot_user_id]),
        ]

    async def tell_uninstalled(self) -> Delivery:
        """The event alone, as when an organization takes its app out of this workspace."""
        return await self._tell_app({"type": "app_uninstalled"})

    async def revoke_token(self) -> Delivery:
        """Revoke the bot token alone (``auth.revoke``)."""
        self._world.is_installed = False
        return await self.tell_revoked(bot=[self._world.identity.bot_user_id])

    async def tell_revoked(self, **tokens: Sequence[str]) -> Delivery:
        """The event for tokens that were revoked: users' ids, by ``oauth`` and ``bot``."""
        return await self._tell_app({"type": "tokens_revoked", "tokens": tokens})

    def install_app(self) -> None:
        """Install it again. In the made-up workspace its token is the same as before."""
        self._world.is_installed = True

    async def _tell_app(self, event: Mapping[str, Any]) -> Delivery:
        payload = installation_callback(
            self._world.identity, event, self._world.board.next_id("Ev"), self._world.clock.now()
        )
        return await self._dispatcher.send_event(Envelope("events_api", payload))

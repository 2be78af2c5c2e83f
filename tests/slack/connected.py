"""The gateway, connected to a workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.domain.messages.slack_messages import Sending
from bot.playground.clock import InstantClock, ManualClock
from bot.playground.serving import serving
from bot.playground.workspace import ME, TRAINING, Message, Workspace
from bot.slack.gateway import SlackWebGateway, open_session

CARD = {"text": "A card", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "A card"}}]}
MARK = {"event_type": "jobbot_update", "event_payload": {"id": "abc"}}


@dataclass
class Connected:
    """Both ends, each with a clock of its own."""

    gateway: SlackWebGateway
    workspace: Workspace
    clock: InstantClock
    """The gateway's; the workspace's stands still."""

    @property
    def now(self) -> datetime:
        """What a caller would call since."""
        return self.workspace.world.clock.now()

    def said(self, text: str = "hello", thread_ts: str | None = None, channel_id: str = TRAINING) -> Message:
        """A person's message."""
        board = self.workspace.board
        return board.post(Message(board.next_ts(), channel_id, ME, text, thread_ts=thread_ts))

    def sent(
        self, opaque_id: str = "abc", thread_ts: str | None = None, *, broadcast: bool = False
    ) -> Sending:
        """How an update is sent."""
        return Sending(opaque_id, thread_ts, broadcast)


@asynccontextmanager
async def connected(timeout_seconds: float = 10) -> AsyncIterator[Connected]:
    """A fresh workspace without rate limits, and a gateway that waits so long for each answer."""
    clock = InstantClock()
    workspace = Workspace(ManualClock())
    workspace.rates.enabled = False
    async with serving(workspace.app()) as url, open_session(timeout_seconds) as session:
        workspace.base_url = url
        gateway = SlackWebGateway(session, f"{url}/api/", workspace.identity.bot_token, clock, lambda: 0.5)
        try:
            yield Connected(gateway, workspace, clock)
        finally:
            await workspace.aclose()

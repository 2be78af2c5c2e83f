"""Many workspaces in one process: one that hangs, is limited or revoked delays no other."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from bot.delivery.delivery import Delivery
from bot.delivery.shares import AT_ONCE_OF_MANY
from bot.domain.errors import SlackLimitedError
from bot.domain.job import TrainingJob
from bot.domain.job.stored import slim
from bot.domain.messages.slack_messages import Posted, Sending
from bot.domain.ports import NotInstalled, SlackGateway
from bot.domain.subscriptions.subscription import SubscribeRequest
from bot.domain.subscriptions.watch_state import WatchedState
from tests.delivery.world import ORG, World
from tests.resting_loop import at_rest

CHANNELS = 2 * AT_ONCE_OF_MANY
"""Of the workspace that is in trouble: more than are worked on at a time."""


@dataclass
class InTrouble:
    """Delegates to a workspace's Slack, but for posts."""

    slack: SlackGateway
    is_limited: bool
    calls: int = 0

    def __getattr__(self, name: str) -> Any:
        """All else is as there."""
        return getattr(self.slack, name)

    async def send(self, _channel_id: str, _message: Mapping[str, Any], _how: Sending) -> Posted:
        """Never answer, or ask for a pause."""
        self.calls += 1
        if self.is_limited:
            raise SlackLimitedError(retry_after_seconds=30)
        await asyncio.Event().wait()
        raise AssertionError


@dataclass
class Ways:
    """The way into ours, and into the other one, in whatever trouble that is."""

    ours: SlackGateway
    our_team_id: str
    other: Any

    async def for_team(self, team_id: str) -> Any:
        """As the port says."""
        return self.ours if team_id == self.our_team_id else self.other

    def may_tell(self, team_id: str, org_id: str) -> bool:
        """As the port says."""
        return bool(team_id and org_id)


async def _follow_elsewhere(here: World) -> None:
    now = here.clock.now()
    job = TrainingJob.model_validate({"request_id": "theirs", "status": "RUNNING"})
    watched = WatchedState(job=slim(job), first_seen_at=now, seen_at=now)
    for number in range(CHANNELS):
        wish = SubscribeRequest("T0TROUBLE1", f"C{number}", ORG, "theirs", "U1")
        await here.store.subscriptions.subscribe(wish, watched, job, now)


@pytest.mark.parametrize("trouble", ["hangs", "limited", "revoked"])
async def test_a_workspace_in_trouble_delays_no_other(here: World, trouble: str) -> None:
    """Everything of it is due before what is for the other workspace, which is posted in the same moment."""
    await _follow_elsewhere(here)
    here.clock.advance(1)
    await here.follow()
    other: Any = InTrouble(here.slack, is_limited=trouble == "limited")
    if trouble == "revoked":
        other = NotInstalled("its token was revoked", 60)
    ways = Ways(here.slack, here.workspace.identity.team_id, other)
    delivery = Delivery(
        here.store,
        ways,
        here.clock,
        slash_command="/job",
        lease_seconds=60,
        jitter=lambda: 0.5,
        has_many_teams=True,
    )
    running = asyncio.create_task(delivery.run())
    try:
        for _ in range(20):
            await at_rest()
            if here.workspace.calls_of("chat.postMessage"):
                break
            here.clock.advance(0.1)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert len(here.workspace.calls_of("chat.postMessage")) == 1

"""The store: how long Slack asked to wait, for every process."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.ports import SlackLimit, SlackWait
from bot.store.store import DatabaseStore
from tests.contracts.facts import CHANNEL, TEAM, at

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOOKUPS = SlackLimit(TEAM, "conversations.replies")
WAIT = SlackWait(at(7), 7.0)


async def test_a_wait_is_known_to_whoever_asks(store: DatabaseStore) -> None:
    """Of this method, workspace and channel; the last one counts, whichever of them is longer."""
    assert await store.slack_waits.wait(LOOKUPS) is None
    await store.slack_waits.begin_wait(LOOKUPS, WAIT)
    assert await store.slack_waits.wait(LOOKUPS) == WAIT
    for other in (
        LOOKUPS._replace(team_id="T2"),
        LOOKUPS._replace(method="conversations.history"),
        LOOKUPS._replace(channel_id=CHANNEL),
    ):
        assert await store.slack_waits.wait(other) is None
        await store.slack_waits.begin_wait(other, SlackWait(at(30), 30.0))
    assert await store.slack_waits.wait(LOOKUPS) == WAIT
    await store.slack_waits.begin_wait(LOOKUPS, SlackWait(at(4), 2.5))
    assert await store.slack_waits.wait(LOOKUPS) == SlackWait(at(4), 2.5)


async def test_only_the_one_that_is_over_is_forgotten(store: DatabaseStore) -> None:
    """Somebody may have been asked to wait anew."""
    await store.slack_waits.begin_wait(LOOKUPS, WAIT)
    await store.slack_waits.begin_wait(LOOKUPS, SlackWait(at(20), 10.0))
    await store.slack_waits.end_wait(LOOKUPS, WAIT.until)
    assert await store.slack_waits.wait(LOOKUPS) == SlackWait(at(20), 10.0)
    await store.slack_waits.end_wait(LOOKUPS, at(20))
    assert await store.slack_waits.wait(LOOKUPS) is None


async def test_one_that_nobody_ended_goes_in_time(store: DatabaseStore) -> None:
    """Long after it is over: a clock that jumps ahead makes nobody forget it."""
    await store.slack_waits.begin_wait(LOOKUPS, WAIT)
    await store.upkeep.clean(at(7) + timedelta(days=1))
    assert await store.slack_waits.wait(LOOKUPS) == WAIT
    await store.upkeep.clean(at(7) + timedelta(days=7))
    assert await store.slack_waits.wait(LOOKUPS) is None

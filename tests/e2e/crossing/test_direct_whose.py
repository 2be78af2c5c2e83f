"""Whose job something in direct messages is about, where that has to be found out."""

from __future__ import annotations

from bot.cards.kit import actions
from bot.playground.workspace.model import Message
from tests.e2e.crossing.places import Crossing
from tests.e2e.crossing.test_direct import ADA, JOBS, asked_of, card_of, crossing, direct, press
from tests.e2e.crossing.test_direct_threads import said
from tests.e2e.world import JOB

GONE = "isn't connected"


async def _disconnect(made: Crossing) -> None:
    """Nobody has an organization of their own anymore."""
    place = made.channel
    async with made.main.world.stored() as store:
        now = place.world.clock.now()
        assert await store.connections.disconnect(place.team_id, place.channel_id, now)
    await place.world.let_pass(4, 4)


async def _private(made: Crossing) -> Message:
    """What only Ada sees, in answer to a command in direct messages."""
    world, there = made.channel.world, direct(made.channel)
    delivery = await world.slash(JOB, there, ADA)
    return delivery.message or await world.told(f"{made.main.word}-job", ADA, there)


async def test_an_organization_that_is_connected_nowhere_anymore() -> None:
    """No button asks the workspace's about its job, nor do words in its thread; also once it was left."""
    for is_left in (False, True):
        async with crossing() as made:
            main, channel = made.main, made.channel
            card = await card_of(channel, JOB)
            if is_left:
                await press(made, channel, card, actions.UNSUBSCRIBE, JOB)
            await _disconnect(made)
            for action_id, value in JOBS.items():
                got = await press(made, channel, card, action_id, value)
                assert asked_of(main) == asked_of(channel) == [], action_id
                if action_id != actions.UNSUBSCRIBE:  # it is left whatever became of the organization
                    assert GONE in got, (action_id, got)
                    assert f"{main.word}-job" not in got, (action_id, got)
            assert GONE in await said(made, channel, "status", card)
            ours = await card_of(main, JOB)
            assert f"{main.word}-job" in await press(made, channel, ours, actions.REFRESH, JOB)


async def test_a_private_answer_is_the_workspaces() -> None:
    """Where both have a job of that ID; what only the channel's has is the channel's."""
    async with crossing() as made:
        main, channel = made.main, made.channel
        await card_of(channel, JOB)
        await card_of(channel, f"{channel.word}-sweep-0")
        answer = await _private(made)
        for action_id in (actions.REFRESH, actions.METRICS, actions.REPORT):
            got = await press(made, channel, answer, action_id, JOB)
            assert f"{main.word}-job" in got, (action_id, got)
            assert channel.word not in got
            assert asked_of(channel) == []
        theirs = await press(made, channel, answer, actions.REFRESH, f"{channel.word}-sweep-0")
        assert asked_of(main) == []
        assert "Running" in theirs

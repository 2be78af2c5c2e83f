"""A person has just subscribed and looks at the channel: the card comes at once."""

from __future__ import annotations

from bot.delivery.delivery import HURRY_SECONDS
from bot.domain.errors import SlackLimitedError
from bot.playground.workspace import ML_OPS, TRAINING
from tests.delivery.world import LEASE_SECONDS, World

POST = "chat.postMessage"


async def test_the_card_is_there_when_it_returns(here: World) -> None:
    """No turn of the loop is waited for."""
    subscription = await here.follow()
    await here.delivery.hurry(subscription.id)
    assert (await here.now(subscription)).is_open
    assert here.clock.slept.count(0) == len(here.clock.slept)


async def test_a_channel_that_just_had_a_message_is_waited_for(here: World) -> None:
    """One second between two messages holds for the hurried, too."""
    await here.follow("job-1")
    await here.delivery.round()
    subscription = await here.follow("job-2")
    await here.moving(here.delivery.hurry(subscription.id))
    assert (await here.now(subscription)).is_open
    first, second = here.workspace.calls_of(POST)
    assert 1 <= second.at_seconds - first.at_seconds < 1.5


async def test_those_who_came_before_go_first(here: World) -> None:
    """The channel's queue is worked off until it is this one's turn."""
    for number in range(2):
        await here.follow(f"job-{number}")
    subscription = await here.follow("job-2")
    await here.moving(here.delivery.hurry(subscription.id))
    assert (await here.now(subscription)).is_open
    assert len(here.workspace.calls_of(POST)) == 3


async def test_nobody_waits_longer_than_a_few_seconds(here: World) -> None:
    """Another process holds the channel and says nothing: the person is answered all the same."""
    subscription = await here.follow()
    await here.store.outbox.claim_lanes(here.clock.now(), LEASE_SECONDS, 1)
    before = here.clock.monotonic()
    await here.moving(here.delivery.hurry(subscription.id))
    assert HURRY_SECONDS <= here.clock.monotonic() - before < HURRY_SECONDS + 1
    assert not here.workspace.calls


async def test_what_slack_refuses_is_in_the_store_when_it_returns(here: World) -> None:
    """The first try counts, however it ends."""
    here.workspace.archive(TRAINING)
    subscription = await here.follow()
    await here.delivery.hurry(subscription.id)
    assert (await here.now(subscription)).ended_detail == "is_archived"
    failing = await here.follow("job-2", ML_OPS)
    here.workspace.faults.fail_next(1, "server_error", method=POST)
    await here.delivery.hurry(failing.id)
    assert not (await here.now(failing)).is_open


async def test_who_was_told_to_wait_a_moment_is_waited_for(here: World) -> None:
    """Nobody hears that Slack takes no messages where it takes one a second later; a long wait is said."""
    here.workspace.faults.fail_next(1, "rate_limited", method=POST, retry_after_seconds=1)
    subscription = await here.follow()
    assert await here.moving(here.delivery.hurry(subscription.id)) is None
    assert (await here.now(subscription)).is_open
    here.workspace.faults.fail_next(1, "rate_limited", method=POST, retry_after_seconds=30)
    later = await here.follow("job-2", ML_OPS)
    assert isinstance(await here.moving(here.delivery.hurry(later.id)), SlackLimitedError)
    assert not (await here.now(later)).is_open


async def test_there_may_be_nothing_to_hurry(here: World) -> None:
    """The card stands there already, or nobody knows the subscription."""
    subscription = await here.opened()
    await here.delivery.hurry(subscription.id)
    await here.delivery.hurry("nobody's")
    assert len(here.workspace.calls_of(POST)) == 1

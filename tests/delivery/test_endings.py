"""What Slack will never take: subscriptions that end, messages that are parked."""

from __future__ import annotations

import pytest

from bot.domain.subscriptions.subscription import Ending
from bot.playground.workspace import ML_OPS, TRAINING
from tests.delivery.world import World

POST, EDIT = "chat.postMessage", "chat.update"


@pytest.mark.parametrize(
    ("method", "code"),
    [
        (POST, "is_archived"),
        (POST, "restricted_action"),
        (EDIT, "not_in_channel"),
    ],
)
async def test_a_closed_conversation_ends_the_subscription(here: World, method: str, code: str) -> None:
    """With Slack's code; what waited in the thread is dropped, and other subscriptions go on."""
    subscription, other = await here.opened("job-1"), await here.opened("job-2", ML_OPS)
    here.workspace.faults.refuse_next(1, code, method=method, channel_id=TRAINING)
    if method == POST:
        await here.tell("one", "two", request_id="job-1")
    else:
        await here.move("job-1", progress=10)
    await here.tell("one", request_id="job-2")
    await here.run_for(4)
    ended = await here.now(subscription)
    assert (ended.ended, ended.ended_detail) == (Ending.CANNOT_POST, code)
    assert here.thread(ended) == []
    assert here.thread(other) == ["one"]
    assert await here.waiting() == []


async def test_a_deleted_card_ends_the_subscription(here: World) -> None:
    """There is nothing to edit, and so nothing to follow."""
    subscription = await here.opened()
    here.workspace.delete_message(TRAINING, subscription.card_ts or "")
    await here.move(progress=10)
    await here.run_for(2)
    assert (await here.now(subscription)).ended is Ending.CARD_GONE


async def test_a_refused_message_is_sent_in_plain_text(here: World) -> None:
    """Slack dislikes the blocks: the words alone say what matters."""
    subscription = await here.opened()
    here.workspace.faults.refuse_next(1, "invalid_blocks", method=POST)
    await here.tell("one", "two")
    await here.run_for(5)
    assert here.thread(subscription) == ["one", "two"]
    shown = [bool(one.blocks) for one in here.workspace.messages(TRAINING) if one.is_reply]
    assert shown == [False, True]
    at = [call.at_seconds for call in here.workspace.calls_of(POST)]
    assert at == [0, 2, 3]


async def test_a_message_refused_twice_is_parked_and_the_thread_goes_on(here: World) -> None:
    """The operator sees it with its reason, and may let it be tried again."""
    subscription = await here.opened()
    here.workspace.faults.refuse_next(2, "invalid_blocks", method=POST)
    await here.tell("one", "two")
    await here.run_for(5)
    assert here.thread(subscription) == ["two"]
    [parked] = await here.waiting()
    assert parked.state == "parked"
    assert "invalid_blocks" in parked.reason
    await here.store.outbox.retry_parked(here.clock.now())
    await here.run_for(2)
    assert here.thread(subscription) == ["two", "one"]


async def test_a_refused_card_is_edited_in_plain_text(here: World) -> None:
    """An old workspace lacks a kind of block: the card still moves."""
    subscription = await here.opened()
    here.workspace.faults.refuse_next(1, "invalid_blocks", method=EDIT)
    await here.move(progress=10)
    await here.run_for(5)
    assert here.card(subscription).edited
    assert not here.card(subscription).blocks


async def test_a_card_that_slack_never_takes_ends_its_subscription(here: World) -> None:
    """Without a thread its replies would fall into the channel."""
    here.workspace.faults.refuse_next(2, "invalid_blocks", method=POST)
    subscription = await here.follow()
    await here.tell("one")
    await here.run_for(5)
    assert here.workspace.messages(TRAINING) == []
    ended = await here.now(subscription)
    assert ended.ended is Ending.CANNOT_POST
    assert "invalid_blocks" in ended.ended_detail


async def test_what_fails_for_a_day_is_parked_with_its_reason(here: World) -> None:
    """Tries grow rare, and end; then the thread goes on."""
    subscription = await here.opened()
    here.workspace.calls.clear()
    await here.tell("one", "two")
    here.workspace.faults.fail_next(1_000, "rate_limited", method=POST, retry_after_seconds=6 * 3600)
    for _ in range(5):
        await here.delivery.round()
        here.clock.advance(6 * 3600)
    here.workspace.faults.reset()
    await here.run_for(3)
    assert here.thread(subscription) == ["two"]
    [parked] = await here.waiting()
    assert (parked.state, parked.kind) == ("parked", "progress")
    assert "ratelimited" in parked.reason
    assert parked.attempts == 5


async def test_what_the_operator_can_put_right_only_waits(here: World) -> None:
    """A wrong token costs nobody a subscription."""
    subscription = await here.opened()
    here.workspace.faults.refuse_next(1, "invalid_auth", method=POST)
    await here.tell("one")
    await here.run_for(4)
    assert (await here.now(subscription)).is_active
    assert here.thread(subscription) == ["one"]


async def test_a_revoked_token_ends_each_subscription_as_it_is_met(here: World) -> None:
    """One that has nothing to say just then is not touched."""
    met, quiet = await here.opened("job-1"), await here.opened("job-2", ML_OPS)
    here.workspace.faults.account_error = "token_revoked"
    await here.tell("one", request_id="job-1")
    await here.run_for(2)
    assert (await here.now(met)).ended is Ending.CANNOT_POST
    assert (await here.now(quiet)).is_active

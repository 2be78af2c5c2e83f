"""Each thread in order, each channel at Slack's pace, and none of them waiting for another."""

from __future__ import annotations

from itertools import pairwise

from bot.domain.subscriptions.notifications.job_updates import Completed
from bot.domain.subscriptions.subscription import Spot
from bot.playground.workspace import ML_OPS, TRAINING
from tests.delivery.world import ORG, World

POST, EDIT = "chat.postMessage", "chat.update"


async def test_the_card_opens_the_thread_and_the_updates_follow_in_order(here: World) -> None:
    """Whatever was put into the outbox first is sent first; all of it stands under the card."""
    subscription = await here.follow()
    await here.tell("one", "two")
    await here.tell("three")
    await here.run_for(5)
    subscription = await here.now(subscription)
    assert subscription.card_ts == subscription.thread_ts
    assert "job-1" in here.card(subscription).text
    assert here.thread(subscription) == ["one", "two", "three"]
    assert await here.delivery.round() == 0


async def test_in_a_thread_card_and_updates_stay_in_that_thread(here: World) -> None:
    """Somebody asked in a thread: the card is a reply there, too."""
    root = await here.slack.post_message(TRAINING, {"text": "Somebody's thread"})
    here.clock.advance(1)
    subscription = await here.follow(thread_ts=root)
    await here.tell("one")
    await here.run_for(3)
    subscription = await here.now(subscription)
    assert subscription.thread_ts == root
    assert here.card(subscription).thread_ts == root
    assert here.thread(subscription)[1:] == ["one"]


async def test_only_the_end_is_broadcast(here: World) -> None:
    """The channel sees how a job ends; the rest stays in the thread."""
    await here.opened()
    await here.tell("half")
    await here.tell("end", kind=Completed)
    await here.run_for(3)
    broadcast = [one.text for one in here.workspace.messages(TRAINING) if one.broadcast]
    assert len(broadcast) == 1
    assert "completed" in broadcast[0]


async def test_a_message_that_fails_holds_its_thread_and_nothing_else(here: World) -> None:
    """What comes after it in its thread waits; other threads and channels go on."""
    failing = await here.opened("job-1")
    same_channel = await here.opened("job-2")
    elsewhere = await here.opened("job-3", ML_OPS)
    here.workspace.faults.fail_next(1, "server_error", method=POST)
    await here.tell("one", "two", request_id="job-1")
    await here.delivery.round()
    await here.tell("other", request_id="job-2")
    await here.tell("far", request_id="job-3")
    await here.run_for(1.5)
    assert here.thread(failing) == []
    assert here.thread(same_channel) == ["other"]
    assert here.thread(elsewhere) == ["far"]
    await here.run_for(4)
    assert here.thread(failing) == ["one", "two"]


async def test_a_channel_gets_one_message_a_second(here: World) -> None:
    """Three cards for one channel: nothing is sent too early, nothing later than needed."""
    here.workspace.rates.enabled = False
    for number in range(3):
        await here.follow(f"job-{number}")
    await here.run_for(2.5)
    at = [call.at_seconds for call in here.workspace.calls_of(POST)]
    assert at == [0.0, 1.0, 2.0]


async def test_a_retry_after_holds_its_own_channel(here: World) -> None:
    """Slack wants thirty seconds for one channel: the others do not notice."""
    limited, other = await here.opened("job-1"), await here.opened("job-2", ML_OPS)
    here.workspace.faults.fail_next(
        1, "rate_limited", method=POST, channel_id=TRAINING, retry_after_seconds=30
    )
    await here.follow("job-3")
    await here.tell("one", request_id="job-1")
    await here.tell("one", request_id="job-2")
    await here.tell("two", request_id="job-2")
    await here.run_for(29)
    assert here.thread(limited) == []
    assert len(here.workspace.messages(TRAINING)) == 1
    assert here.thread(other) == ["one", "two"]
    await here.run_for(3)
    assert here.thread(limited) == ["one"]
    assert len(here.workspace.messages(TRAINING)) == 3


async def test_a_card_is_edited_after_its_messages_and_to_its_newest_state(here: World) -> None:
    """The job moved three times meanwhile: one edit, and last."""
    subscription = await here.opened()
    await here.tell("one")
    await here.tell("two")
    for progress in (10, 20, 30):
        await here.move(progress=progress)
    await here.run_for(5)
    methods = [call.method for call in here.workspace.calls if call.method != "conversations.open"]
    assert methods == [POST, POST, POST, EDIT]
    shown = here.card(subscription)
    assert shown.edited
    assert "30" in str(shown.blocks)
    assert "<@" not in f"{shown.text} {shown.blocks}"


async def test_edits_keep_within_their_budget(here: World) -> None:
    """All cards of a workspace share fifty edits a minute; a few are left for others."""
    here.workspace.rates.enabled = False
    for number in range(4):
        await here.opened(f"job-{number}")
    for number in range(4):
        await here.move(f"job-{number}", progress=10)
    await here.run_for(6)
    at = [call.at_seconds for call in here.workspace.calls_of(EDIT)]
    gaps = [later - earlier for earlier, later in pairwise(at)]
    assert len(at) == 4
    assert all(60 / 50 < gap <= 1.6 for gap in gaps)


async def test_a_retry_after_of_an_edit_holds_no_message(here: World) -> None:
    """Edits wait as long as Slack says; posts are another method's business."""
    subscription = await here.opened()
    here.workspace.faults.fail_next(1, "rate_limited", method=EDIT, retry_after_seconds=20)
    await here.move(progress=10)
    await here.run_for(1)
    await here.tell("one")
    await here.run_for(18)
    assert here.thread(subscription) == ["one"]
    assert not here.card(subscription).edited
    await here.run_for(3)
    assert here.card(subscription).edited


async def test_a_card_says_that_nobody_follows_any_more(here: World) -> None:
    """The subscription ended: its card is edited a last time."""
    subscription = await here.opened()
    await here.store.subscriptions.unsubscribe(
        Spot(subscription.team_id, TRAINING, ORG, "job-1"), subscription.subscribers[0], here.clock.now()
    )
    await here.run_for(2)
    assert "Updates ended" in str(here.card(subscription).blocks)

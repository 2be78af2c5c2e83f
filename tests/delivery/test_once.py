"""Once in effect: what may have been sent is settled before anything is sent again."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.subscriptions.subscription import Ending
from bot.playground.workspace import TRAINING
from bot.playground.workspace.faults import FaultKind
from bot.store.store import open_store
from tests.delivery.world import CALL_SECONDS, HISTORY, LEASE_SECONDS, World

POST, DELETE = "chat.postMessage", "chat.delete"
CHANNELS = (TRAINING, "C0MLOPS001", "C0PARTNERS")


class KilledError(BaseException):
    """The process ends here."""


class Killer:
    """Ends the process at the first time of one step."""

    def __init__(self, step: str) -> None:
        self._step = step
        self.has_killed = False

    def __call__(self, step: str) -> None:
        """One step."""
        if step == self._step and not self.has_killed:
            self.has_killed = True
            raise KilledError


async def _killed_at(here: World, step: str) -> None:
    """One process works until it is killed there; its leases run out."""
    killer = Killer(step)
    doomed = here.another(killer)
    while not killer.has_killed:
        try:
            await here.run_for(0.25, doomed)
        except KilledError:
            break
    here.clock.advance(LEASE_SECONDS)


@pytest.mark.parametrize("fault", ["server_error", "lost_answer", "timeout"])
async def test_a_call_that_fails_ends_as_one_message(here: World, fault: FaultKind) -> None:
    """Whether Slack had taken it or not, it stands there once, and in order."""
    subscription = await here.opened()
    here.workspace.faults.fail_next(1, fault, method=POST)
    await here.tell("one", "two")
    await here.run_for(5)
    assert here.thread(subscription) == ["one", "two"]


async def test_without_the_history_scope_it_comes_twice_at_most(here: World) -> None:
    """Nobody can look whether it is there: better twice than never."""
    here.workspace.scopes.difference_update(HISTORY)
    subscription = await here.opened()
    here.workspace.faults.fail_next(1, "lost_answer", method=POST)
    await here.tell("one", "two")
    await here.run_for(5)
    assert here.thread(subscription) == ["one", "one", "two"]


async def test_while_it_cannot_be_settled_nothing_is_sent(here: World) -> None:
    """The history does not answer either: the message waits until it does."""
    subscription = await here.opened()
    here.workspace.faults.fail_next(1, "lost_answer", method=POST)
    here.workspace.faults.fail_next(3, "server_error", method="conversations.replies")
    await here.tell("one", "two")
    await here.run_for(12)
    assert here.thread(subscription) == ["one"]
    await here.run_for(30)
    assert here.thread(subscription) == ["one", "two"]


@pytest.mark.parametrize("step", ["post taken", "post settled", "post sent"])
async def test_a_process_that_is_killed_leaves_one_message(here: World, step: str) -> None:
    """The next process takes over when the lease is over."""
    subscription = await here.opened()
    here.workspace.faults.fail_next(1, "lost_answer", method=POST)
    await here.tell("one", "two")
    await _killed_at(here, step)
    await here.run_for(8)
    assert here.thread(subscription) == ["one", "two"]


async def test_a_card_is_posted_once_also_by_a_process_that_is_killed(here: World) -> None:
    """The message that opens the thread is settled among those of the channel."""
    subscription = await here.follow()
    await _killed_at(here, "post sent")
    await here.run_for(2)
    assert [one.ts for one in here.workspace.messages(TRAINING)] == [(await here.now(subscription)).card_ts]


async def test_an_edit_whose_process_is_killed_is_made_in_the_end(here: World) -> None:
    """The card shows the newest state."""
    subscription = await here.opened()
    await here.move(progress=40)
    await _killed_at(here, "before edit")
    await here.run_for(2)
    assert "40" in str(here.card(subscription).blocks)


async def test_a_stray_reply_is_deleted_and_the_subscription_ends(here: World) -> None:
    """The card was deleted: Slack moves the reply to the channel, where nobody asked for it."""
    subscription = await here.opened()
    here.workspace.delete_message(TRAINING, subscription.card_ts or "")
    await here.tell("one", "two")
    await here.run_for(5)
    assert here.workspace.messages(TRAINING) == []
    assert (await here.now(subscription)).ended is Ending.THREAD_GONE
    assert len(here.workspace.calls_of(POST)) == 2


@pytest.mark.parametrize("step", ["post sent", "stray deleted"])
async def test_a_stray_is_deleted_by_the_next_process(here: World, step: str) -> None:
    """Killed between posting and deleting it: it is found by its id, and deleted."""
    subscription = await here.opened()
    here.workspace.delete_message(TRAINING, subscription.card_ts or "")
    await here.tell("one")
    await _killed_at(here, step)
    await here.run_for(3)
    assert here.workspace.messages(TRAINING) == []
    assert (await here.now(subscription)).ended is Ending.THREAD_GONE


async def test_a_stray_that_cannot_be_deleted_now_is_deleted_later(here: World) -> None:
    """Slack fails just then: nothing is sent a second time meanwhile."""
    subscription = await here.opened()
    here.workspace.delete_message(TRAINING, subscription.card_ts or "")
    here.workspace.faults.fail_next(2, "server_error", method=DELETE)
    await here.tell("one")
    await here.run_for(10)
    assert here.workspace.messages(TRAINING) == []
    assert len(here.workspace.calls_of(POST)) == 2
    assert (await here.now(subscription)).ended is Ending.THREAD_GONE


async def test_several_processes_send_nothing_twice(here: World) -> None:
    """Four of them over one database, all at once."""
    stores = [open_store(here.database_url) for _ in range(3)]
    four = [here.delivery, *(here.another(store=store) for store in stores)]
    names = ("one", "two")
    followed = [await here.opened(f"job-{number}", channel) for number, channel in enumerate(CHANNELS)]
    for number in range(len(followed)):
        await here.tell(*names, request_id=f"job-{number}")
    for _ in range(4):
        await asyncio.gather(*(delivery.round() for delivery in four))
        here.clock.advance(1)
    for store in stores:
        await store.database.close()
    assert [here.thread(one) for one in followed] == [list(names)] * len(followed)


async def test_a_call_that_outlasts_its_lease_is_given_up(here: World) -> None:
    """Before somebody else may claim the lane, and settled like any other."""
    other = here.another(lease_seconds=CALL_SECONDS / 2)
    subscription = await here.opened()
    here.workspace.faults.fail_next(1, "timeout", method=POST)
    await here.tell("one")
    await other.round()
    [waiting] = await here.waiting()
    assert waiting.reason == "no answer before the lease's end"
    await here.run_for(4)
    assert here.thread(subscription) == ["one"]


async def test_nobody_meets_himself_in_a_lane(here: World) -> None:
    """On a clock that runs fast the lease may be over while the call still takes its time."""
    await here.follow()
    here.workspace.faults.fail_next(1, "timeout", method=POST)
    under_way = asyncio.create_task(here.delivery.round())
    await here.workspace.wait_for(lambda: here.workspace.calls_of(POST) or None)
    here.clock.advance(LEASE_SECONDS)
    assert await here.delivery.round() == 0
    await under_way

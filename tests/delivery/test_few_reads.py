"""Settling where Slack gives 15 messages a page and one read a minute: it ends, and stays true."""

from __future__ import annotations

import pytest

from bot.domain.messages.settling import LONGEST_SETTLING
from bot.domain.subscriptions.subscription import Subscription
from bot.playground.workspace import ME, TRAINING, Message
from bot.store.store import open_store
from tests.delivery.test_once import POST
from tests.delivery.world import World

REPLIES, HISTORY = "conversations.replies", "conversations.history"


def _chatter(here: World, messages: int, thread_ts: str | None) -> None:
    board = here.workspace.board
    for _ in range(messages):
        board.post(Message(board.next_ts(), TRAINING, ME, "well", thread_ts=thread_ts))


def _told(here: World, subscription: Subscription) -> list[str]:
    return [name for name in here.thread(subscription) if name != "well"]


def _reads(here: World, method: str = REPLIES) -> int:
    return len([call for call in here.workspace.calls_of(method) if call.answer["ok"]])


async def _uncertain(here: World, messages: int) -> Subscription:
    """A thread with so many messages, whose next one may have been sent."""
    subscription = await here.opened()
    here.workspace.faults.reads_little = True
    _chatter(here, messages, subscription.thread_ts)
    here.workspace.faults.fail_next(1, "lost_answer", method=POST)
    await here.tell("one", "two")
    return subscription


async def test_a_page_a_minute_leads_to_the_end(here: World) -> None:
    """Each read goes on where the last one stopped; what follows in the thread waits no longer than that."""
    subscription = await _uncertain(here, 40)
    await here.run_for(3 * 60)
    assert _told(here, subscription) == ["one", "two"]
    assert _reads(here) == 3


async def test_other_threads_of_the_channel_do_not_wait(here: World) -> None:
    """Only the one that is uncertain does."""
    subscription = await _uncertain(here, 40)
    other = await here.follow("job-2")
    await here.run_for(30)
    assert (await here.now(other)).card_ts is not None
    assert _told(here, subscription) == ["one"]


async def test_what_is_said_meanwhile_is_not_looked_through(here: World) -> None:
    """The window ends soon after the try, however long the search takes."""
    subscription = await _uncertain(here, 40)
    await here.run_for(70)
    here.clock.advance(600)
    _chatter(here, 200, subscription.thread_ts)
    await here.run_for(60)
    [first, *_, last] = here.workspace.calls_of(REPLIES)
    assert first.arguments["latest"] == last.arguments["latest"]
    assert _told(here, subscription) == ["one", "two"]


async def test_a_thread_too_long_for_that_does_not_wait_for_ever(here: World) -> None:
    """After a quarter of an hour it is sent: better twice than never."""
    subscription = await _uncertain(here, 600)
    await here.run_for(LONGEST_SETTLING.total_seconds() - 60)
    assert _told(here, subscription) == ["one"]
    await here.run_for(180)
    assert _told(here, subscription) == ["one", "one", "two"]


async def test_another_process_goes_on_with_the_search(here: World) -> None:
    """It is kept where both can read it."""
    subscription = await _uncertain(here, 40)
    await here.run_for(65)
    assert _reads(here) == 2
    store = open_store(here.database_url)
    await here.run_for(65, here.another(store=store))
    await store.database.close()
    assert _told(here, subscription) == ["one", "two"]
    assert _reads(here) == 3


async def test_a_cursor_that_slack_forgot_is_no_end(here: World) -> None:
    """The search begins anew."""
    subscription = await _uncertain(here, 20)
    await here.run_for(30)
    here.workspace.faults.refuse_next(1, "invalid_cursor", method=REPLIES)
    await here.run_for(180)
    assert _told(here, subscription) == ["one", "two"]


@pytest.mark.parametrize("gone", [True, False])
async def test_a_card_and_a_stray_are_found_in_the_channel(here: World, *, gone: bool) -> None:
    """Also page by page."""
    here.workspace.faults.reads_little = True
    subscription = await here.follow()
    if gone:
        await here.run_for(1)
        subscription = await here.now(subscription)
        here.workspace.delete_message(TRAINING, subscription.card_ts or "")
        await here.tell("one")
    here.workspace.faults.fail_next(1, "lost_answer", method=POST)
    await here.run_for(1)
    _chatter(here, 40, None)
    await here.run_for(240)
    assert len(here.workspace.messages(TRAINING)) == 40 + (not gone)
    assert len(here.workspace.calls_of(POST)) == 1 + gone
    assert _reads(here, HISTORY) == 3

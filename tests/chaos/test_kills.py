"""kill -9 at every step between claim and mark: another worker goes on, and nobody sees that it happened."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import pytest

from bot.delivery import crash_points as delivery
from bot.domain.subscriptions.subscription import Ending, Subscription
from bot.playground.workspace import ME, ML_OPS, TRAINING
from bot.watcher import crash_points as watcher
from tests.chaos.telling import RUN, check, check_looks, check_not_early, take, turns, until_told
from tests.chaos.test_answer_kills import ANSWERING
from tests.chaos.test_digest_kills import DIGEST
from tests.chaos.test_exam_kills import ENDS, EXAMS
from tests.chaos.test_group_kills import LOOKING
from tests.chaos.test_home_kills import DRAWING
from tests.chaos.test_refresh_kills import REFRESHING
from tests.chaos.worker import CRASH_POINTS, MAX_SECONDS
from tests.chaos.world import World, world

BY_LIST = (
    watcher.LIST_CLAIMED,
    watcher.LIST_ANSWERED,
    watcher.ROWS_CLAIMED,
    watcher.ROWS_JUDGED,
    watcher.JOB_JUDGED,
    watcher.JOBS_CLAIMED,
    watcher.ROWS_FINISHED,
    watcher.LIST_JUDGED,
    watcher.LIST_FINISHED,
)
"""The jobs' own documents are asked for only where they start or end."""
BY_JOB = (
    watcher.JOBS_CLAIMED,
    watcher.JOB_ANSWERED,
    watcher.JOB_JUDGED,
    watcher.JOB_FINISHED,
    delivery.LANE_CLAIMED,
    delivery.POST_TAKEN,
    delivery.BEFORE_SEND,
    delivery.POST_SENT,
    delivery.POST_FINISHED,
    delivery.EDIT_TAKEN,
    delivery.BEFORE_EDIT,
    delivery.EDIT_SENT,
    delivery.EDIT_FINISHED,
)
SLEEPING = (delivery.POST_TAKEN, delivery.BEFORE_SEND, delivery.EDIT_TAKEN, delivery.BEFORE_EDIT)
"""Whatever is under way then is out of date when it goes on."""
FEED = (
    watcher.LIST_ANSWERED,
    watcher.FEED_FETCHED,
    delivery.BEFORE_SEND,
    watcher.FEED_FINISHED,
    delivery.POST_SENT,
)
SETTLING = (delivery.POST_SENT, delivery.POST_SETTLED)
STRAYS = (delivery.BEFORE_STRAY_DELETED, delivery.STRAY_DELETED)
HISTORY = {"channels:history", "groups:history", "im:history"}


def test_no_step_is_left_out() -> None:
    """A step that is added has to be tried here."""
    assert {
        *BY_LIST,
        *BY_JOB,
        *FEED,
        *EXAMS,
        *ENDS,
        *DIGEST,
        *LOOKING,
        *SETTLING,
        *STRAYS,
        *ANSWERING,
        *DRAWING,
        *REFRESHING,
    } == set(CRASH_POINTS)


async def test_two_jobs_on_one_list(database_url: str, tmp_path: Path) -> None:
    """A worker dies at each step of the list's way."""
    async with world(database_url, tmp_path) as here:
        await _killed_at_each(here, BY_LIST, [await here.follow("job-1"), await here.follow("job-2", ML_OPS)])
        check_looks(here)


async def test_two_jobs_without_a_list(database_url: str, tmp_path: Path) -> None:
    """A worker dies at each step of a job's own way, and of delivery to a channel and to a thread."""
    async with world(database_url, tmp_path) as here:
        here.suite.switches.update({"list_refused": True})
        await here.workspace.say(ML_OPS, ME, "How does it go?")
        [asked] = here.workspace.messages(ML_OPS)
        followed = [await here.follow("job-1"), await here.follow("job-2", ML_OPS, thread_ts=asked.ts)]
        await _killed_at_each(here, BY_JOB, followed)
        check_looks(here)


async def test_a_feed_that_posts_what_nobody_follows(database_url: str, tmp_path: Path) -> None:
    """A worker dies at each step: every job that fails is posted, once, and nothing of the past is."""
    async with world(database_url, tmp_path) as here:
        here.suite.set("past", experiment_name="past", status="FAILED")
        await here.feed_on()
        worker = here.start_worker()
        await here.until_so(here.knows_the_list)
        for number, step in enumerate(FEED):
            here.doom(worker, step)
            here.suite.set(f"fed-{number}", experiment_name=f"fed-{number}", status="FAILED")
            await here.death(worker, step)
            worker = here.start_worker()
            await here.until(lambda number=number: here.posted(f"fed-{number}"))
            await here.quiet()
        for number in range(len(FEED)):
            # The post, and the card in its thread.
            assert [one.is_reply for one in here.posted(f"fed-{number}")] == [False, True], here.story()
        assert here.posted("past") == []


async def test_two_die_over_the_same_message(database_url: str, tmp_path: Path) -> None:
    """One when it was sent, the next one when it had found it; so with the card, so with a reply."""
    async with world(database_url, tmp_path) as here:
        followed = await here.follow("job-1")
        for step in SETTLING:
            await here.death(here.start_worker(step), step)
        worker = here.start_worker()
        await here.quiet()
        take(here, RUN[0], "job-1")
        here.doom(worker, SETTLING[0])
        await here.death(worker, SETTLING[0])
        await here.death(here.start_worker(SETTLING[1]), SETTLING[1])
        here.start_worker()
        await here.quiet()
        await check(here, RUN[:1], followed)


async def test_a_thread_whose_card_was_deleted(database_url: str, tmp_path: Path) -> None:
    """Slack puts the reply into the channel: it is taken back, whoever dies over that."""
    async with world(database_url, tmp_path) as here:
        followed, other = await here.follow("job-1"), await here.follow("job-1", ML_OPS)
        worker = here.start_worker()
        await here.quiet()
        here.workspace.delete_message(TRAINING, (await here.now(followed)).card_ts or "")
        take(here, RUN[0], "job-1")
        here.doom(worker, STRAYS[0])
        await here.death(worker, STRAYS[0])
        await here.death(here.start_worker(STRAYS[1]), STRAYS[1])
        here.start_worker()
        await until_told(here, 1, other)
        assert (await here.now(followed)).ended is Ending.THREAD_GONE
        assert here.card(followed) is None, here.story()
        await check(here, RUN[:1], other)


async def test_one_that_sleeps_through_its_lease(database_url: str, tmp_path: Path) -> None:
    """It was not killed, and goes on when another one has done its work: what it brings does not count."""
    async with world(database_url, tmp_path) as here:
        followed = [await here.follow("job-1"), await here.follow("job-2", ML_OPS)]
        sleeper = here.start_worker()
        await here.quiet()
        take(here, RUN[0], "job-1", "job-2")
        await here.asleep(sleeper, watcher.ROWS_JUDGED)
        here.start_worker()
        await until_told(here, 1, *followed)
        here.wake(sleeper)
        await here.clock.sleep(2 * MAX_SECONDS)
        take(here, RUN[1], "job-1", "job-2")
        await until_told(here, 2, *followed)
        await check(here, RUN[:2], *followed)
        check_not_early(here)
        assert sleeper.is_alive


@pytest.mark.parametrize("step", SLEEPING)
async def test_one_that_sleeps_before_it_sends(step: str, postgresql_url: str, tmp_path: Path) -> None:
    """Another one has sent it meanwhile: it sends nothing when it wakes, nor puts an older card there."""
    async with world(postgresql_url, tmp_path) as here:
        followed = await here.follow("job-1")
        sleeper = here.start_worker()
        await here.quiet()
        take(here, RUN[0], "job-1")
        await here.asleep(sleeper, step)
        here.start_worker()
        await until_told(here, 1, followed)
        take(here, RUN[1], "job-1")
        await until_told(here, 2, followed)
        edits = len(here.workspace.calls_of("chat.update"))
        here.wake(sleeper)
        await here.clock.sleep(2.0)
        await check(here, RUN[:2], followed)
        assert len(here.workspace.calls_of("chat.update")) == edits, here.story()
        assert sleeper.is_alive


async def test_without_the_scope_for_histories(database_url: str, tmp_path: Path) -> None:
    """Nobody can see whether a message was sent: each kill may double one, and none is lost."""
    dying_at = (delivery.POST_TAKEN, delivery.BEFORE_SEND, delivery.POST_SENT, delivery.POST_FINISHED)
    async with world(database_url, tmp_path) as here:
        here.workspace.scopes.difference_update(HISTORY)
        followed = await here.follow("job-1")
        worker = here.start_worker()
        await here.quiet()
        for number, (step, turn) in enumerate(zip(dying_at, turns(4), strict=True), start=1):
            here.doom(worker, step)
            take(here, turn, "job-1")
            await here.death(worker, step)
            worker = here.start_worker()
            await here.until(lambda turn=turn: any(turn.told in one.text for one in here.told(followed)))
            await here.quiet()
            assert len(here.told(followed)) <= 2 * number
        told = [text for text, _ in groupby(one.text for one in here.told(followed))]
        assert len(told) == len(dying_at)
        assert all(turn.told in text for turn, text in zip(turns(4), told, strict=True))


async def _killed_at_each(here: World, steps: Sequence[str], followed: Sequence[Subscription]) -> None:
    """With each turn of the jobs a worker dies at the next step, and another one goes on."""
    worker = here.start_worker()
    await here.quiet()
    for number, (step, turn) in enumerate(zip(steps, turns(len(steps)), strict=True), start=1):
        take(here, turn, *(each.request_id for each in followed))
        here.doom(worker, step)
        await here.death(worker, step)
        worker = here.start_worker()
        await until_told(here, number, *followed)
        await check(here, turns(number), *followed)

"""kill -9 while what a job has logged is examined: what is found, and what was waited for, is told once."""

from __future__ import annotations

from pathlib import Path

from bot.delivery import crash_points as delivery
from bot.domain.job import TrainingJob
from bot.domain.job.stored import kept
from bot.domain.subscriptions.subscription import Mode, SubscribeRequest, Subscription
from bot.domain.subscriptions.watch_state import first_state
from bot.playground.workspace import ME, TRAINING
from bot.watcher import crash_points
from tests.chaos.world import World, world

EXAMS = (
    crash_points.EXAM_CLAIMED,
    crash_points.EXAM_ANSWERED,
    crash_points.EXAM_JUDGED,
    crash_points.EXAM_FINISHED,
)
ENDS = (crash_points.END_CHECKED,)
SENDING = (delivery.BEFORE_SEND, delivery.POST_SENT)
ILL = [2.0 - 0.02 * n for n in range(40)] + [1.2 + 0.2 * n for n in range(40)]


async def test_whoever_dies_over_an_examination_tells_what_it_found_once(
    database_url: str, tmp_path: Path
) -> None:
    """At each step: the finding, and the value that somebody waited for."""
    async with world(database_url, tmp_path) as here:
        worker = here.start_worker()
        followed = []
        for number, step in enumerate((*EXAMS, *SENDING)):
            here.doom(worker, step)
            followed.append(await _wait_for(here, f"ill-{number}"))
            await here.death(worker, step)
            worker = here.start_worker()
            await here.until(lambda one=followed[-1]: len(here.told(one)) == 2)
            await here.quiet()
        await here.clock.sleep(120.0)
        for each in followed:
            told = [one.text for one in here.told(each)]
            assert len(told) == 2, here.story()
            assert "Loss is diverging" in told[0], here.story()
            assert "your alert: loss &gt; 5" in told[1], here.story()


async def test_whoever_dies_over_an_end_tells_it_and_what_was_found_once(
    database_url: str, tmp_path: Path
) -> None:
    """The run doctor had looked, and nothing was written: another one looks again."""
    async with world(database_url, tmp_path) as here:
        worker = here.start_worker()
        for number, step in enumerate(ENDS):
            followed = await _wait_for(here, f"over-{number}")
            await here.until(lambda one=followed: len(here.told(one)) == 2)
            await here.quiet()
            here.doom(worker, step)
            here.suite.set(f"over-{number}", status="COMPLETED", progress=100)
            await here.death(worker, step)
            worker = here.start_worker()
            await here.until(lambda one=followed: len(here.told(one)) == 3)
            await here.quiet()
            await here.clock.sleep(120.0)
            assert len(here.told(followed)) == 3, here.story()
            assert "completed" in here.told(followed)[2].text.lower(), here.story()


async def _wait_for(here: World, request_id: str) -> Subscription:
    """Somebody follows a job that is not well, and waits for that."""
    here.suite.set(request_id, experiment_name=request_id, status="RUNNING", progress=40)
    points = [{"key": "loss", "value": value, "step": step} for step, value in enumerate(ILL, start=1)]
    here.suite.log(request_id, *points)
    job, now = TrainingJob.model_validate(here.suite.document(request_id)), here.clock.now()
    team_id = here.workspace.identity.team_id
    wish = SubscribeRequest(
        team_id, TRAINING, here.suite.org_id, request_id, ME, Mode.MILESTONES, condition="loss > 5"
    )
    return (
        await here.store.subscriptions.subscribe(wish, first_state(job, now), kept(job), now)
    ).subscription

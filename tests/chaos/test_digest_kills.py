"""kill -9 while a digest is made, or finished jobs are fetched for it: it is told, once, whoever dies."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from bot.delivery import crash_points as delivery
from bot.domain.channels.digest import DigestPlan, Period
from bot.playground.workspace import ME, TRAINING, Message
from bot.watcher import crash_points
from tests.chaos.world import World, world

FETCHING = (crash_points.HISTORY_FETCHED, crash_points.HISTORY_FINISHED)
MAKING = (crash_points.DIGEST_CLAIMED, crash_points.DIGEST_MADE, crash_points.DIGEST_FINISHED)
SENDING = (delivery.BEFORE_SEND, delivery.POST_SENT)
DIGEST = (*FETCHING, *MAKING)


async def test_whoever_dies_over_a_digest_tells_it_once(database_url: str, tmp_path: Path) -> None:
    """At each step; nothing that ended is told twice or left out."""
    async with world(database_url, tmp_path) as here:
        await _set_digest(here, timedelta(days=2))
        worker = here.start_worker()
        for number, step in enumerate(FETCHING):
            here.suite.set(f"ended-{number}", status="QUEUED")
            await here.clock.sleep(8.0)
            here.doom(worker, step)
            here.suite.set(f"ended-{number}", status="COMPLETED")
            await here.death(worker, step)
            worker = here.start_worker()
        await here.until_so(lambda: _remembers(here, len(FETCHING)))
        for number, step in enumerate((*MAKING, *SENDING), start=1):
            here.doom(worker, step)
            await _set_digest(here, timedelta(seconds=4))
            await here.death(worker, step)
            worker = here.start_worker()
            await here.until(lambda number=number: len(_digests(here)) == number)
            await here.quiet()
        await here.clock.sleep(60.0)
        assert len(_digests(here)) == len(MAKING) + len(SENDING), here.story()
        plan = await here.store.digests.digest(here.workspace.identity.team_id, TRAINING, here.suite.org_id)
        assert plan is not None
        assert plan.next_at - here.clock.now() > timedelta(hours=1)
        assert all(earlier.ts < later.ts for earlier, later in pairwise(_digests(here)))


async def _set_digest(here: World, wait: timedelta) -> None:
    """One that comes so soon, once, and tells of the last hours."""
    now = here.clock.now()
    at_minutes = (now - timedelta(hours=2)).hour * 60
    team_id, org_id = here.workspace.identity.team_id, here.suite.org_id
    plan = DigestPlan(
        team_id,
        TRAINING,
        org_id,
        ME,
        Period.DAILY,
        at_minutes,
        "UTC",
        now + wait,
        now - timedelta(hours=3),
    )
    await here.store.digests.set_digest(plan)
    here.suite.set("goes", status="RUNNING")


def _digests(here: World) -> list[Message]:
    return [each for each in here.workspace.messages(TRAINING) if "Daily digest" in each.text]


async def _remembers(here: World, many: int) -> bool:
    now = here.clock.now()
    found = await here.store.finished_jobs.finished(
        here.suite.org_id, now - timedelta(days=1), now + timedelta(days=1)
    )
    return len(found) == many

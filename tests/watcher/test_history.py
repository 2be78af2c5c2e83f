"""The end of a watched job is remembered, and a failure told with the last one like it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain.errors import StoreError
from bot.domain.history import FinishedJob
from bot.domain.job import JobStatus
from bot.domain.subscriptions.notifications.job_updates import Failed
from tests.store_with import store_with
from tests.watcher.world import World

ERROR = "RuntimeError: stack expects each tensor to be equal size, but got [{}] at entry 0"


class Forgetful:
    """A port that cannot say what failed before."""

    def __init__(self, finished_jobs: Any) -> None:
        self._finished_jobs = finished_jobs

    def __getattr__(self, name: str) -> Any:  # noqa: D105  (all the rest is the port's)
        return getattr(self._finished_jobs, name)

    async def earlier(self, *_: object) -> None:
        """It does not answer."""
        raise StoreError


async def _remembered(world: World) -> Sequence[FinishedJob]:
    now: datetime = world.clock.now()
    return await world.store.finished_jobs.finished(
        world.suite.org_id, now - timedelta(days=1), now + timedelta(days=1)
    )


async def test_a_failure_is_told_with_the_last_one_like_it(world: World) -> None:
    """Numbers do not count; the first of them has none before it."""
    await world.follow("a", "b")
    watcher = world.watcher(by_list=False)
    await world.live(60, watcher)
    world.suite.set("a", status="FAILED", error_message=ERROR.format(512), experiment_name="first")
    await world.live(600, watcher)
    world.suite.set("b", status="FAILED", error_message=ERROR.format(4096))
    await world.live(600, watcher)
    told = {request_id: each.earlier for request_id, each in world.told if isinstance(each, Failed)}
    assert told["a"] is None
    assert told["b"] is not None
    assert (told["b"].request_id, told["b"].name) == ("a", "first")
    assert {each.request_id for each in await _remembered(world)} == {"a", "b"}


async def test_by_the_list_it_is_no_other(world: World) -> None:
    """The end is believed from the job's own document, and remembered with what that says."""
    await world.follow("a", "b")
    watcher = world.watcher()
    await world.live(60, watcher)
    world.suite.set("a", status="FAILED", error_message=ERROR.format(512))
    world.suite.set("b", status="COMPLETED")
    await world.live(600, watcher)
    remembered = {each.request_id: each for each in await _remembered(world)}
    assert (remembered["a"].reason or "").startswith("RuntimeError: stack expects")
    assert remembered["b"].status is JobStatus.COMPLETED


async def test_a_database_that_does_not_say_it_loses_no_failure(world: World) -> None:
    """It is told without."""
    await world.follow("a")
    watcher = world.watcher(store=store_with(world.store, finished_jobs=Forgetful(world.store.finished_jobs)))
    world.suite.set("a", status="FAILED", error_message=ERROR.format(512))
    await world.live(300, watcher)
    assert world.kinds() == [Failed]
    assert len(await _remembered(world)) == 1

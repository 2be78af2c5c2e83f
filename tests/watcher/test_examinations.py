"""What jobs log is looked at while they run: for the run doctor, and for those who wait for a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from bot.domain.job import JobStatus
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult, MetricsFinding
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Mode, SubscribeRequest
from bot.domain.subscriptions.watch_state import first_state
from bot.watcher import crash_points
from bot.watcher.watcher import Watcher
from tests.watcher.test_together import Killed, killer
from tests.watcher.world import LEASE_SECONDS, RARE, World

MINUTE, HOUR = 60.0, 3_600.0
ILL = [2.0 - 0.02 * n for n in range(40)] + [1.2 + 0.2 * n for n in range(40)]


def logs(world: World, *values: float, key: str = "loss", request_id: str = "a", first: int = 1) -> None:
    """The job has logged these, a step each."""
    now = world.clock.now().isoformat()
    points = [
        {"key": key, "value": value, "step": step, "timestamp": now}
        for step, value in enumerate(values, start=first)
    ]
    world.suite.log(request_id, *points)


async def waits(world: World, condition: str, user_id: str = "U1", **wish: Any) -> None:
    """Somebody waits for this of job a."""
    if world.suite.document("a") is None:
        world.suite.set("a", status="RUNNING", progress=10)
    job, now = (await world.api.job("a", refresh=True)).job, world.clock.now()
    asked = SubscribeRequest("T1", "C1", world.suite.org_id, "a", user_id, condition=condition, **wish)
    await world.store.subscriptions.subscribe(asked, first_state(job, now), job, now)


async def examined(world: World, seconds: float, watcher: Watcher) -> int:
    """How often metrics were asked for in so much time."""
    world.asked()
    before = world.examined
    await world.live(seconds, watcher)
    world.asked()
    return world.examined - before


def said(world: World, kind: type[Notification] = AlertResult) -> Sequence[str | None]:
    """The evidence of what was told."""
    return [told.evidence for _, told in world.told if isinstance(told, kind)]


async def test_a_finding_is_told_once(world: World) -> None:
    """When somebody subscribes; however often it is seen."""
    world.bounds = RARE
    await world.follow("a")
    logs(world, *ILL)
    await world.live(25 * MINUTE, world.watcher())
    assert world.kinds() == [MetricsFinding]
    ((_, told),) = world.told
    assert (told.finding, told.once_key) == ("diverging", "1:diverging")
    assert told.evidence
    assert told.evidence.startswith("loss rose from 1.2")
    assert told.advice


async def test_what_helps_nobody_is_not_told(world: World) -> None:
    """Of this job."""
    await world.follow("a", "b")
    for each in ("a", "b"):
        logs(world, *ILL, request_id=each)
    await world.store.metrics_checks.silence(world.suite.org_id, "a", "diverging", world.clock.now())
    await world.live(5 * MINUTE, world.watcher())
    assert world.kinds("a") == []
    assert world.kinds("b") == [MetricsFinding]


async def test_nobody_to_tell_is_nothing_to_ask(world: World) -> None:
    """Threads that hear only of the end."""
    world.suite.set("a", status="RUNNING", progress=10)
    job, now = (await world.api.job("a")).job, world.clock.now()
    wish = SubscribeRequest("T1", "C1", world.suite.org_id, "a", "U1", Mode.FINAL)
    await world.store.subscriptions.subscribe(wish, first_state(job, now), job, now)
    logs(world, *ILL)
    watcher = world.watcher()
    assert await examined(world, 10 * MINUTE, watcher) == 0
    assert await world.store.metrics_checks.next_metrics_check_at(world.suite.org_id) is None


async def test_a_value_that_comes_is_told_once(world: World) -> None:
    """With the value, where it was reached, to whoever waited; and nothing else."""
    await waits(world, "eval_loss < 1.2")
    logs(world, 1.5, 1.3, key="eval_loss")
    watcher = world.watcher()
    await world.live(10 * MINUTE, watcher)
    assert world.told == []
    logs(world, 1.18, key="eval_loss", first=3)
    await world.live(6 * MINUTE, watcher)
    ((_, told),) = world.told
    assert (type(told), told.user_id, told.is_met) == (AlertResult, "U1", True)
    assert (told.condition, told.evidence) == ("eval_loss < 1.2", "eval_loss hit 1.18 at step 3")
    world.suite.set("a", status="COMPLETED")
    await world.live(HOUR, watcher)
    assert len(world.told) == 1


async def test_what_is_there_already_is_told_at_once(world: World) -> None:
    """At the first round."""
    world.suite.set("a", status="RUNNING", progress=10)
    logs(world, 1.1, key="eval_loss")
    await waits(world, "eval_loss < 1.2")
    await world.live(2, world.watcher())
    assert said(world) == ["eval_loss hit 1.1 at step 1"]


async def test_what_comes_and_goes_between_two_looks_counts(world: World) -> None:
    """If it was logged after somebody asked for it, by the training suite's clock."""
    world.suite.set("a", status="RUNNING", progress=10)
    logs(world, 1.0, 1.4, key="eval_loss")
    world.clock.advance(MINUTE)
    await waits(world, "eval_loss < 1.2")
    watcher = world.watcher()
    await world.live(5, watcher)
    assert world.told == []
    logs(world, 1.15, 1.5, key="eval_loss", first=3)
    await world.live(6 * MINUTE, watcher)
    assert said(world) == ["eval_loss hit 1.15 at step 3"]


@pytest.mark.parametrize(
    ("status", "evidence"),
    [("COMPLETED", "last value 1.34 at step 2"), ("FAILED", "last value 1.34 at step 2")],
)
async def test_a_job_that_ends_without_it_says_so(world: World, status: str, evidence: str) -> None:
    """With the last value."""
    await waits(world, "eval_loss < 1.2")
    await waits(world, "bleu > 30", user_id="U2")
    logs(world, 1.5, 1.34, key="eval_loss")
    watcher = world.watcher()
    await world.live(MINUTE, watcher)
    world.suite.set("a", status=status)
    await world.live(10 * MINUTE, watcher)
    assert set(said(world)) == {evidence, "it never logged that metric"}
    assert {told.ended_as for _, told in world.told} == {JobStatus(status)}
    assert not any(told.is_met for _, told in world.told)


async def test_progress_and_time_are_waited_for_without_asking(world: World) -> None:
    """What is known of the job says it."""
    world.suite.set("a", status="RUNNING", progress=10)
    await waits(world, "progress >= 80%")
    await waits(world, "eta < 30m")
    watcher = world.watcher()
    assert await examined(world, 10 * MINUTE, watcher) == 0
    assert world.told == []
    world.suite.set("a", progress=81)
    assert await examined(world, 10 * MINUTE, watcher) == 0
    left, progress = sorted(map(str, said(world)))
    assert progress == "progress hit 81%"
    assert left.startswith("about ")
    assert left.endswith(" left")


async def test_a_silent_training_suite_is_asked_less_and_less(world: World) -> None:
    """Nobody is told of that here; when it answers, what came is told."""
    world.bounds = RARE
    await waits(world, "loss < 1")
    logs(world, 0.5)
    world.suite.switches.server_error = True
    watcher = world.watcher()
    assert 3 <= await examined(world, HOUR, watcher) <= 12
    assert world.told == []
    world.suite.switches.server_error = False
    await world.live(HOUR, watcher)
    assert said(world) == ["loss hit 0.5 at step 1"]


@pytest.mark.parametrize(
    "step",
    [
        crash_points.EXAM_CLAIMED,
        crash_points.EXAM_ANSWERED,
        crash_points.EXAM_JUDGED,
        crash_points.EXAM_FINISHED,
    ],
)
async def test_an_examination_that_was_killed_is_made_by_another(world: World, step: str) -> None:
    """Once the lease is over; what it found is told once."""
    await world.follow("a")
    logs(world, *ILL)
    passed: list[str] = []
    with pytest.raises((Killed, BaseExceptionGroup)):
        await world.live(HOUR, world.watcher(killer(step, passed)))
    assert passed[-1] == step
    await world.live(LEASE_SECONDS + 2 * MINUTE, world.watcher())
    assert world.kinds() == [MetricsFinding]


async def test_a_job_that_runs_again_is_examined_again(world: World) -> None:
    """The same thing may be wrong with it once more."""
    await world.follow("a")
    logs(world, *ILL)
    watcher = world.watcher()
    await world.live(5 * MINUTE, watcher)
    world.suite.set("a", status="FAILED")
    await world.live(10 * MINUTE, watcher)
    world.suite.set("a", status="RUNNING", progress=2)
    await world.live(15 * MINUTE, watcher)
    found = [told.once_key for _, told in world.told if isinstance(told, MetricsFinding)]
    assert found == ["1:diverging", "2:diverging"]

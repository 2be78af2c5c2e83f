"""kill -9 while a group is looked at or told about: each failure once, and one last word, whoever dies."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.delivery import crash_points as delivery
from bot.domain.groups.group import Group, Member
from bot.domain.job import JobStatus
from bot.domain.subscriptions.subscription import Ending, SubscribeRequest, Subscription
from bot.playground.workspace import ME, TRAINING, Message
from bot.watcher import crash_points
from tests.chaos.world import World, world

LOOKING = (
    crash_points.GROUP_CLAIMED,
    crash_points.GROUP_ANSWERED,
    crash_points.GROUP_JUDGED,
    crash_points.GROUP_FINISHED,
)
SENDING = (delivery.BEFORE_SEND, delivery.POST_SENT)
_SUBJECT = "name:sweep-*"


async def test_whoever_dies_over_a_group_tells_each_failure_and_the_end_once(
    database_url: str, tmp_path: Path
) -> None:
    """At each step a member fails; the last one ends the group, and its first message is killed twice."""
    steps = (*LOOKING, *SENDING)
    names = [f"sweep-{number}" for number in range(len(steps) + 1)]
    async with world(database_url, tmp_path) as here:
        group = await _subscribe(here, names)
        worker = here.start_worker()
        await here.until(lambda: _told(here, f"{_SUBJECT}: "))
        for name, step in zip(names, steps, strict=False):
            here.doom(worker, step)
            here.suite.set(name, status="FAILED", updated_at=here.clock.now().isoformat())
            await here.death(worker, step, limit_seconds=60.0)
            worker = here.start_worker()
            await here.until(lambda name=name: _told(here, f"{name} failed"), 120.0)
            await here.quiet()
        here.doom(worker, crash_points.GROUP_JUDGED)
        here.suite.set(names[-1], progress=10, updated_at=here.clock.now().isoformat())
        await _alerted(here)
        await here.death(worker, crash_points.GROUP_JUDGED, limit_seconds=60.0)
        worker = here.start_worker(delivery.POST_SENT)
        await here.death(worker, delivery.POST_SENT, limit_seconds=60.0)
        worker = here.start_worker()
        await here.until(lambda: _told(here, "progress hit 10%"), 120.0)
        await here.quiet()
        here.doom(worker, crash_points.GROUP_JUDGED)
        here.suite.set(names[-1], status="COMPLETED", updated_at=here.clock.now().isoformat())
        await here.death(worker, crash_points.GROUP_JUDGED, limit_seconds=60.0)
        worker = here.start_worker(delivery.POST_SENT)
        await here.death(worker, delivery.POST_SENT, limit_seconds=60.0)
        here.start_worker()
        await here.until(lambda: _told(here, "finished: "), 120.0)
        await here.quiet()
        await here.clock.sleep(120.0)
        last = f"{_SUBJECT} finished: ", "progress hit 10%"
        for words in (*(f"{name} failed" for name in names[:-1]), *last):
            told = [each for each in _told(here, words) if each.thread_ts is not None]
            assert len(told) == 1, (words, here.story())
        found = await here.store.subscriptions.subscription(group.id)
        assert found is not None
        assert found.ended is Ending.FINISHED


async def _subscribe(here: World, names: list[str]) -> Subscription:
    """To jobs that run since long: the group is over when the last has ended."""
    now = here.clock.now()
    for name in names:
        here.suite.set(name, experiment_name=name, status="RUNNING", updated_at=now.isoformat())
    began = now - timedelta(hours=1)
    members = tuple(Member(name, began, name, JobStatus.RUNNING) for name in names)
    group = Group('{"names":["sweep-"]}', began, members=members, newest_joined_at=began, looked_at=now)
    wish = SubscribeRequest(here.workspace.identity.team_id, TRAINING, here.suite.org_id, _SUBJECT, ME)
    came = await here.store.subscriptions.subscribe_to_group(wish, group, now)
    assert came is not None
    return came.subscription


async def _alerted(here: World) -> None:
    """Somebody sets an alert that is met already."""
    now = here.clock.now()
    wish = SubscribeRequest(
        here.workspace.identity.team_id, TRAINING, here.suite.org_id, _SUBJECT, ME, condition="progress > 5%"
    )
    group = Group('{"names":["sweep-"]}', now)
    assert await here.store.subscriptions.subscribe_to_group(wish, group, now) is not None


def _told(here: World, words: str) -> list[Message]:
    return [each for each in here.workspace.messages(TRAINING) if words in each.text]

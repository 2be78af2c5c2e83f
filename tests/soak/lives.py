"""The jobs' lives: each goes on when its thread got the last turn, and what people have to see of them."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from bot.domain.ports import Clock
from tests.soak.judge import Thread
from tests.soak.plan import FAILS, LAST_TURN_SECONDS, Job, Plan, Role, workspace_name
from tests.soak.slack import DIGEST, FEED, GROUP, POST, Received, channel_id
from tests.soak.training_api import TrainingApis

CONDITION: Final = "loss < 1.5"
ALERT: Final = "your alert: loss &lt; 1.5"
_TICK_SECONDS: Final = 1.0
LOSSES: Final = [2.0 - 0.02 * step for step in range(40)]
_SINGLE_CHANNELS: Final = 2


def team_id(workspace: int) -> str:
    """The workspace's ID at Slack."""
    return f"T0{workspace_name(workspace).upper()}"


def channel_of(job: Job) -> str:
    """Where people subscribed to the job, or to its group."""
    room = GROUP if job.role is Role.GROUP else job.number % _SINGLE_CHANNELS
    return channel_id(job.workspace, room)


def group_subject(workspace: int) -> str:
    """What people subscribed to."""
    return f"name:{workspace_name(workspace)}-{Role.GROUP}*"


class Lives:
    """All jobs."""

    def __init__(self, plan: Plan, apis: TrainingApis, clock: Clock) -> None:
        self._plan = plan
        self._apis = apis
        self._clock = clock
        self._jobs = {job.name: job for job in plan.jobs}
        self._began_at = 0.0
        self._taken = dict.fromkeys(self._jobs, 0)
        """How many turns each took."""
        self._told = dict.fromkeys(self._jobs, 0)
        self._alerted: set[str] = set()
        self._due: list[tuple[float, str]] = []
        self.failed_elsewhere: Callable[[], Iterable[tuple[int, str]]] = tuple
        """The workspaces and names of other jobs that failed, which the feeds post too."""

    @property
    def turns(self) -> int:
        """How many turns were taken in all."""
        return sum(self._taken.values())

    async def run(self) -> None:
        """Until the plan's last turn."""
        began = self._clock.monotonic()
        self._due = [(began + job.begins_at + job.pauses[0], job.name) for job in self._plan.jobs]
        heapq.heapify(self._due)
        while (now := self._clock.monotonic()) < began + self._plan.seconds - LAST_TURN_SECONDS:
            while self._due and self._due[0][0] <= now:
                self._take(self._jobs[heapq.heappop(self._due)[1]])
            await self._clock.sleep(_TICK_SECONDS)

    def heard(self, received: Received) -> None:
        """Slack took a call: the job whose last turn it told goes on."""
        if received.method != POST or not received.thread_ts:
            return
        job = self._jobs.get(received.text.split(" ", 1)[0].rstrip(":"))
        if job is None or job.role is Role.GROUP or received.channel_id != channel_of(job):
            return
        told = self._told[job.name]
        if told < self._taken[job.name] and job.turns[told].told in received.text:
            self._told[job.name] += 1
            self._plan_next(job)

    def threads(self) -> Iterator[Thread]:
        """What people have to have seen."""
        for number in range(len(self._apis.suites)):
            yield Thread(team_id(number), channel_id(number, DIGEST), "Daily digest")
            yield self._group(number)
        for job in self._plan.jobs:
            if job.role is Role.SINGLE:
                alert = (ALERT,) if job.name in self._alerted else ()
                told = [turn.told for turn in job.turns[: self._taken[job.name]]]
                yield Thread(team_id(job.workspace), channel_of(job), job.name, told, alert)
        failed = [(job.workspace, job.name) for job in self._plan.jobs if self._has_failed(job)]
        for workspace, name in (*failed, *self.failed_elsewhere()):
            yield Thread(team_id(workspace), channel_id(workspace, FEED), name, (name,))

    def _group(self, workspace: int) -> Thread:
        members = [each for each in self._plan.jobs if (each.workspace, each.role) == (workspace, Role.GROUP)]
        failed = [f"{each.name} failed" for each in members if self._has_failed(each)]
        is_over = all(self._taken[each.name] == len(each.turns) for each in members)
        ends = ("finished: ",) if is_over else ()
        return Thread(
            team_id(workspace), channel_id(workspace, GROUP), group_subject(workspace), ends, failed
        )

    def _has_failed(self, job: Job) -> bool:
        return self._taken[job.name] == len(job.turns) and job.turns[-1] is FAILS

    def _take(self, job: Job) -> None:
        turn, suite = job.turns[self._taken[job.name]], self._apis.suites[job.workspace]
        suite.set(job.name, status=turn.status, progress=turn.progress)
        self._taken[job.name] += 1
        if job.has_alert and self._taken[job.name] == 1:
            points = ({"key": "loss", "value": value, "step": step} for step, value in enumerate(LOSSES, 1))
            suite.log(job.name, *points)
            self._alerted.add(job.name)
        if job.role is Role.GROUP:
            self._plan_next(job)

    def _plan_next(self, job: Job) -> None:
        taken = self._taken[job.name]
        if taken < len(job.turns):
            heapq.heappush(self._due, (self._clock.monotonic() + job.pauses[taken], job.name))

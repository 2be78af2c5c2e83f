"""A soak: four processes on one PostgreSQL, many workspaces, and whatever can go wrong meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from bot.playground.serving import serving
from bot.store.store import open_store
from bot.tenants.sealing import Sealer, new_key
from tests.chaos.processes import Processes
from tests.chaos.shared_clock import SharedClock, SharedMemory
from tests.chaos.worker import Orders
from tests.soak.before import Before
from tests.soak.faults import Faults
from tests.soak.fleet import Fleet
from tests.soak.judge import Finding, judged
from tests.soak.lives import Lives, team_id
from tests.soak.people.acting import Stage
from tests.soak.people.answers import Trouble, answers_judged
from tests.soak.people.asking import Asking
from tests.soak.people.balancer import Balancer
from tests.soak.people.crowd import Crowd
from tests.soak.people.plan import PeoplePlan, planned_people
from tests.soak.plan import CALM_SECONDS, Plan, Role, Size, planned, workspace_name
from tests.soak.record import write_record
from tests.soak.slack import Slack
from tests.soak.training_api import TrainingApis

_GRAIN_SECONDS: Final = 0.2
"""Of the shared clock: with each, all processes say that they wait, which on a busy machine takes a while."""
_MIN_SECONDS, _MAX_SECONDS = 2.0, 15.0
"""Between two looks at a job or a list."""
_DRAIN_SECONDS: Final = 900.0
"""At most so long after the last turn everything has been told; a list that was refused rests for 300 s."""
_AFTERWARDS_SECONDS: Final = 60.0
"""In which nothing may come twice."""


@dataclass
class Outcome:
    """What came of it."""

    findings: list[Finding] = field(default_factory=list)
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass
class Soak:
    """Everything around the processes."""

    plan: Plan
    clock: SharedClock
    slack: Slack
    apis: TrainingApis
    lives: Lives
    fleet: Fleet
    faults: Faults
    asking: Asking
    crowd: Crowd

    def findings(self) -> list[Finding]:
        """What is wrong by now."""
        names = {team_id(number): workspace_name(number) for number in range(len(self.slack.workspaces))}
        crossed = [Finding("across tenants", each) for each in self.apis.crossed]
        threads = (*self.lives.threads(), *self.crowd.threads())
        trouble = Trouble(self.fleet.died_at, self.faults.stopped_at)
        return [
            *judged(self.slack.journal, threads, names, self.asking.threads),
            *answers_judged(self.asking.journal, self.asking.answers, trouble),
            *crossed,
        ]

    def _rest(self) -> list[str]:
        """What was not told yet, and who is still at something."""
        return [
            *(str(each) for each in self.findings() if each.kind == "lost"),
            *map(str, self.crowd.under_way),
        ]

    async def run(self, say: Callable[[str], None]) -> None:
        """From the first job to the last message."""
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(self.fleet.keep())
            await self.clock.sleep(CALM_SECONDS)
            failing = group.create_task(self.faults.run(self.plan.faults))
            telling = group.create_task(self._tell(say))
            acting = group.create_task(self.crowd.run())
            await self.lives.run()
            failing.cancel()
            self.faults.end()
            say("the last turn is over")
            until = self.clock.monotonic() + _DRAIN_SECONDS
            while self.clock.monotonic() < until and (rest := self._rest()):
                say(f"at {self.clock.monotonic():.0f} s: still to come {len(rest)}, {rest[0]}")
                await self.clock.sleep(30.0)
            await self.clock.sleep(_AFTERWARDS_SECONDS)
            for each in (telling, acting, keeping):
                each.cancel()

    async def _tell(self, say: Callable[[str], None]) -> None:
        while True:
            await self.clock.sleep(30.0)
            self.fleet.measure()
            seconds, turns, asked = self.clock.monotonic(), self.lives.turns, len(self.asking.journal)
            posted, deaths = self.slack.posted, len(self.fleet.died_at)
            say(f"at {seconds:.0f} s: {turns} turns, {asked} asked, {posted} messages, {deaths} deaths")


async def soaked(
    seed: int, size: Size, database_url: str, folder: Path, say: Callable[[str], None]
) -> Outcome:
    """Run one, and judge it."""
    began = time.monotonic()
    async with _opened(seed, size, database_url, folder) as soak:
        say(f"{size.workspaces} workspaces and {size.jobs} jobs are set up")
        await soak.run(say)
        write_record(folder / "record.txt", soak.slack.journal, soak.faults, soak.fleet)
        figures = {
            "messages judged": soak.slack.posted,
            "calls judged": len(soak.slack.journal),
            "turns of jobs": soak.lives.turns,
            "questions and changes that people asked for": len(soak.asking.journal),
            "processes that died": len(soak.fleet.died_at),
            **{f"faults, {kind}": count for kind, count in sorted(soak.faults.done.items())},
            "MB, the largest process": round(soak.fleet.peak_megabytes),
            "seconds on the shared clock": round(soak.clock.monotonic()),
            "seconds on the machine's": round(time.monotonic() - began),
        }
        left = [Finding("lost", f"still at it: {each}") for each in soak.crowd.under_way]
        return Outcome([*soak.findings(), *left], figures)


@asynccontextmanager
async def _opened(seed: int, size: Size, database_url: str, folder: Path) -> AsyncIterator[Soak]:
    memory, key = folder / "clock", new_key()
    plan, people = planned(seed, size), planned_people(seed, size)
    clock = SharedClock(SharedMemory(memory))
    slack, apis = Slack(clock, size.workspaces), TrainingApis(clock, size.workspaces)
    async with AsyncExitStack() as opening:
        slack_url = await opening.enter_async_context(serving(slack.app()))
        opening.push_async_callback(slack.aclose)
        training_api_url = await opening.enter_async_context(serving(apis.app()))
        lives = Lives(plan, apis, clock)
        slack.on_taken = lives.heard
        store = open_store(database_url)
        await _ask(plan, people, slack, apis, Before(store, Sealer([key]), clock))
        await store.database.close()

        def orders(number: int) -> Orders:
            return Orders(
                number=number,
                memory=memory,
                log=folder / f"process-{number}.log",
                database_url=database_url,
                slack_api_url=f"{slack_url}/api/",
                training_api_url=training_api_url,
                org_id="",
                bot_token="",
                training_token="",
                signing_secret=slack.workspaces[0].identity.signing_secret,
                client_secret=slack.workspaces[0].grants.client_secret,
                min_seconds=_MIN_SECONDS,
                max_seconds=_MAX_SECONDS,
            )

        for workspace in slack.workspaces:
            workspace.base_url = slack_url
        balancer, processes = Balancer(clock), Processes(clock, orders)
        asking = Asking(slack, balancer, clock)
        fleet = Fleet(processes, key, Random(seed), balancer.serve)  # noqa: S311  (as the plan's)
        faults = Faults(clock, fleet, slack, apis, database_url)
        stage = Stage(asking, slack, apis, clock, faults.trouble_of, faults.is_awake)
        crowd = Crowd(people, stage, clock)
        lives.failed_elsewhere = crowd.failed
        clock.lead(processes.awaited, grain_seconds=_GRAIN_SECONDS)
        opening.callback(clock.stop)
        opening.push_async_callback(processes.end)
        yield Soak(plan, clock, slack, apis, lives, fleet, faults, asking, crowd)


async def _ask(plan: Plan, people: PeoplePlan, slack: Slack, apis: TrainingApis, asked: Before) -> None:
    for workspace, suite in zip(slack.workspaces, apis.suites, strict=True):
        await asked.install(workspace, suite)
    for place, name in people.jobs:
        apis.suites[place].set(name, experiment_name=name, status="QUEUED")
    for job in plan.jobs:
        suite = apis.suites[job.workspace]
        suite.set(job.name, experiment_name=job.name, status="QUEUED")
        if job.role is Role.SINGLE:
            await asked.subscribe(job, suite)
    for number, suite in enumerate(apis.suites):
        await asked.in_channels(number, suite, plan)

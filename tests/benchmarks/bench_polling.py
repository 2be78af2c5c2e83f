"""Requests a job and time until its end is seen, against asking every 30 s: 1,000 simulated jobs of 2-20 h.

What it takes to examine what jobs log is counted too. The decisions are the bot's own; only time, the
training suite and the loop around them are simulated. Nothing may be lost: every end has to be told exactly
once.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from statistics import quantiles

from bot.domain.job import JobStatus, JobSummary, TrainingJob
from bot.domain.job.changes import Changes
from bot.domain.polling.intervals import Bounds, next_list_seconds, next_look_seconds
from bot.domain.polling.metrics_checks import FIRST_METRICS_CHECK, MetricsCheck
from bot.domain.ports import ClaimedMetricsCheck
from bot.domain.subscriptions.notifications.job_updates import JobEnd
from bot.domain.subscriptions.rules import notifications
from bot.domain.subscriptions.watch_state import (
    WatchedState,
    first_state,
    needs_details,
    seen,
    seen_in_list,
    unchanged,
)
from tests.benchmarks.ratio import Ratio, table
from tests.benchmarks.simulated_jobs import EPOCH, HOUR, SimulatedJob, moment

JOBS, TOGETHER = 1_000, 100
FIXED_SECONDS = 30.0
BOUNDS = Bounds(15.0, 120.0)
LOOKS_AFTER = 5
"""Looks after the end, which have to tell nothing."""
_SEED = 20_260_301


@dataclass
class Tally:
    """What it cost and how soon ends were seen."""

    requests: int = 0
    delays: list[float] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)

    def p(self, percent: int) -> float:
        """A percentile of the delays, in seconds."""
        return quantiles(self.delays, n=100)[percent - 1]

    def line(self, name: str) -> str:
        """The figures in words."""
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(self.told.items()))
        return (
            f"  {name}: {self.requests / len(self.delays):,.1f} requests a job, end seen after"
            f" {self.p(50):.0f} s (p50), {self.p(95):.0f} s (p95); told: {told or 'nothing'}"
        )


class Follower:
    """One watched job and what was told of it."""

    def __init__(self, job: SimulatedJob, now: float, tally: Tally) -> None:
        self.job, self.tally = job, tally
        self.state = first_state(job.document(now), moment(now))
        self.mark = 0
        self.due = now
        self.ends_told = 0

    @property
    def is_over(self) -> bool:
        """Whether its end was told."""
        return self.ends_told > 0

    def fetch(self, now: float) -> None:
        """Look at the job's own document; what is asked after the end is not counted."""
        self.tally.requests += not self.is_over
        job, at = self.job.document(now), moment(now)
        self._become(seen(self.state, job, at), at, job)

    def hear(self, now: float, mark: int, row: JobSummary) -> None:
        """Take in a row that has changed."""
        previous, self.mark, at = self.state, mark, moment(now)
        self._become(seen_in_list(previous, row, at), at)
        if needs_details(previous, self.state):
            self.fetch(now)

    def rest(self, now: float) -> None:
        """Take in that the row is as it was."""
        at = moment(now)
        self._become(unchanged(self.state, at), at)

    def schedule(self, now: float, chance: random.Random) -> None:
        """Decide when to look next."""
        self.due = now + next_look_seconds(self.state, moment(now), BOUNDS, chance.random())

    def _become(self, state: WatchedState, at: datetime, document: TrainingJob | None = None) -> None:
        for notification in notifications(self.state, state, at, document):
            self.tally.told[notification.kind] += 1
            if isinstance(notification, JobEnd):
                self._end(notification.status, (at - EPOCH).total_seconds())
        self.state = state

    def _end(self, status: JobStatus, now: float) -> None:
        self.ends_told += 1
        self.tally.delays.append(now - self.job.ends)
        self.tally.requests += examinations(self.job.runs_seconds)
        if status != self.job.end or self.ends_told > 1:
            msg = f"{self.job.name} ended as {self.job.end}, told for the {self.ends_told}. time as {status}"
            raise AssertionError(msg)


@lru_cache
def examinations(seconds: float) -> int:
    """How often the metrics of a job that runs for so long are asked for, once of these when it has ended."""
    job = TrainingJob(status="RUNNING", started_at=EPOCH)
    state = WatchedState(job=job, first_seen_at=EPOCH, seen_at=EPOCH, has_started=True)
    at, count = EPOCH + FIRST_METRICS_CHECK, 1
    while (at - EPOCH).total_seconds() < seconds:
        claim = ClaimedMetricsCheck(
            "org", "job", 0, state, at, failures=0, silenced=frozenset(), tells_findings=True, waiters=()
        )
        examination = MetricsCheck(claim, at)
        count += examination.needs_metrics
        at = examination.came(()).next_at or datetime.max.replace(tzinfo=UTC)
    return count


def measure() -> list[Ratio]:
    """Requests a job, and when an end is seen: each job alone, and 100 in an organisation."""
    with ProcessPoolExecutor() as processes:
        ways = [processes.submit(way) for way in (_alone, _together)]
        fixed = _fixed()
        alone, together = (way.result() for way in ways)
    print()
    for name, tally in (("every 30 s", fixed), ("alone", alone), ("100 in a list", together)):
        print(tally.line(name))
    return list(_ratios(fixed, alone, together))


def _lives() -> tuple[random.Random, list[SimulatedJob]]:
    """The same jobs for each way to follow them."""
    chance = random.Random(_SEED)  # noqa: S311  (lives, not secrets)
    return chance, [SimulatedJob(f"job-{n}", chance.uniform(0, 12 * HOUR), chance) for n in range(JOBS)]


def _ratios(fixed: Tally, alone: Tally, together: Tally) -> Iterator[Ratio]:
    asked = fixed.requests / JOBS
    late = fixed.p(95) + 60
    yield Ratio(
        "watching alone: requests, against every 30 s", alone.requests / JOBS, asked, "/job", "<= 0.35"
    )
    yield Ratio("watching alone: end seen p95, against + 60 s", alone.p(95), late, "s", "<= 1")
    yield Ratio(
        "watching 100: requests, against every 30 s", together.requests / JOBS, asked, "/job", "<= 0.05"
    )
    yield Ratio("watching 100: end seen p95, against 60 s", together.p(95), 60, "s", "<= 1")


def _fixed() -> Tally:
    """What asking every 30 s comes to needs no simulation."""
    chance, jobs = _lives()
    tally = Tally()
    for job in jobs:
        first = job.created + chance.uniform(0, FIXED_SECONDS)
        looks = max(0, -int((first - job.ends) // FIXED_SECONDS))
        tally.requests += looks + 1
        tally.delays.append(first + looks * FIXED_SECONDS - job.ends)
    return tally


def _alone() -> Tally:
    chance, jobs = _lives()
    tally = Tally()
    for job in jobs:
        _follow(job, tally, chance)
    return tally


def _together() -> Tally:
    chance, jobs = _lives()
    tally = Tally()
    for first in range(0, JOBS, TOGETHER):
        _follow_together(jobs[first : first + TOGETHER], tally, chance)
    return tally


def _follow(job: SimulatedJob, tally: Tally, chance: random.Random) -> None:
    now = job.created + 1
    follower = Follower(job, now, tally)
    rest = LOOKS_AFTER
    while rest:
        follower.schedule(now, chance)
        now = follower.due
        follower.fetch(now)
        rest -= follower.is_over


def _follow_together(jobs: Sequence[SimulatedJob], tally: Tally, chance: random.Random) -> None:
    waiting = sorted(jobs, key=lambda job: job.created, reverse=True)
    followed: dict[str, Follower] = {}
    now = waiting[-1].created + 1
    while waiting or followed:
        while waiting and waiting[-1].created < now:
            job = waiting.pop()
            followed[job.name] = Follower(job, now, tally)
        if followed:
            tally.requests += 1
            _list(followed, now, chance)
        followed = {name: each for name, each in followed.items() if not each.is_over}
        earliest = min((each.due for each in followed.values()), default=None)
        at = None if earliest is None else moment(earliest)
        now += next_list_seconds(at, moment(now), BOUNDS, chance.random())


def _list(followed: dict[str, Follower], now: float, chance: random.Random) -> None:
    changes = Changes({name: each.mark for name, each in followed.items()}, most=len(followed))
    for each in followed.values():
        changes.take(each.job.row(now))
    assert not changes.missing()
    for name, (mark, row) in changes.changed.items():
        followed[name].hear(now, mark, row)
        followed[name].schedule(now, chance)
    for each in followed.values():
        if each.due <= now:
            each.rest(now)
            each.schedule(now, chance)


def main() -> None:
    """Print the ratios."""
    print(table(measure()))


if __name__ == "__main__":
    main()

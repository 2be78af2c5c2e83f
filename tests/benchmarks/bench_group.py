"""A sweep of 200 jobs with one subscription to all: what the training suite and Slack are asked, and memory.

The decisions are the bot's own: who belongs to it, what is asked, what is told, when the card changes. Time,
the training suite and Slack are simulated; a look asks about eight members at a time. Beside it stands every
job polled each 30 s. Every failure has to be told once, and the end once.
"""

from __future__ import annotations

import math
import random
import tracemalloc
from collections import Counter
from dataclasses import replace

from bot.domain.groups.group import MOST_MEMBERS, Group
from bot.domain.groups.learning import Learned, learn, wanted
from bot.domain.groups.looking import look
from bot.domain.groups.rounds import GroupRound, conclude
from bot.domain.job import JobStatus, JobSummary, MetricPoint
from bot.domain.subscriptions.notifications.group_updates import notifications_of
from tests.benchmarks.ratio import Ratio, table
from tests.benchmarks.simulated_jobs import HOUR, SimulatedJob, moment

BETWEEN_STARTS_SECONDS = 90.0
FIXED_SECONDS = 30.0
AT_ONCE = 8
_POINTS = 400
_SEED = 20_260_302


def measure() -> list[Ratio]:
    """Requests, calls to Slack and memory until the sweep is over."""
    chance = random.Random(_SEED)  # noqa: S311  (lives, not secrets)
    jobs = [SimulatedJob(f"sweep-{n}", n * BETWEEN_STARTS_SECONDS, chance) for n in range(MOST_MEMBERS)]
    asked, sent, group, seconds = _live(jobs)
    failed = sum(job.end is JobStatus.FAILED for job in jobs)
    if (sent["group_failure"], sent["group_ended"], len(group.members)) != (failed, 1, len(jobs)):
        msg = f"{failed} failed; told: {dict(sent)}"
        raise AssertionError(msg)
    polled = sum((job.ends - job.created) // FIXED_SECONDS + 1 for job in jobs)
    stored, held = len(group.to_json()), _memory(group)
    print()
    print(f"  {len(jobs)} jobs, over after {seconds / HOUR:.1f} h; {failed} failed")
    print(f"  the training suite was asked for {dict(asked)}; every 30 s: {polled:,.0f} documents")
    print(f"  Slack was sent {dict(sent)}; {stored / 1024:.0f} KB stored, {held / 1024:.0f} KB in memory")
    messages = sent.total() - sent["edits"]
    return [
        Ratio("a group of 200: requests, against every 30 s", asked.total(), polled, "", "<= 0.05"),
        Ratio("a group of 200: edits, against a look each 30 s", sent["edits"], seconds / 30, "", "<= 1"),
        Ratio("a group of 200: messages, against 2 a job", messages, 2 * len(jobs), "", "<= 0.2"),
        Ratio("a group of 200: memory, against 1 MB", held / 1024**2, 1.0, "MB", "<= 0.5"),
    ]


def _live(jobs: list[SimulatedJob]) -> tuple[Counter[str], Counter[str], Group, float]:
    asked, sent = Counter[str](), Counter[str]()
    by_id = {job.name: job for job in jobs}
    group, seconds = Group('{"names":["sweep-"]}', moment(0)), 1.0
    while True:
        found = _look(group, by_id, seconds, asked)
        group = found.group
        sent["edits"] += found.is_changed
        sent.update(each.kind for each in notifications_of(found, "name:sweep-*"))
        if found.result is not None:
            return asked, sent, group, seconds
        seconds += max(1.0, (found.next_at - moment(seconds)).total_seconds())


def _look(group: Group, jobs: dict[str, SimulatedJob], seconds: float, asked: Counter[str]) -> GroupRound:
    now = moment(seconds)
    asked["lists"] += 1
    seen = look(group, [_row(job, seconds) for job in jobs.values() if job.created <= seconds], now)
    learned = {}
    for want in wanted(seen, now)[:AT_ONCE]:
        asked["documents"] += want.document
        asked["metrics"] += want.metrics
        job = jobs[want.request_id].document(seconds)
        learned[want.request_id] = Learned(job if want.document else None, points=_points(want.request_id))
    return conclude(group, learn(seen, learned, now), now)


def _row(job: SimulatedJob, seconds: float) -> JobSummary:
    return replace(job.row(seconds), experiment_name=job.name)


def _points(name: str) -> list[MetricPoint]:
    """What a job has logged, each another best value."""
    best = 1 + int(name.partition("-")[2]) / 1_000
    values = (best + math.exp(-step / 90) for step in range(_POINTS))
    return [MetricPoint(key="eval_loss", value=value, step=step) for step, value in enumerate(values)]


def _memory(group: Group) -> int:
    """What one that is read from the database takes."""
    text = group.to_json()
    tracemalloc.start()
    kept = Group.from_json(text)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept == group
    return held


def main() -> None:
    """Print the ratios."""
    print(table(measure()))


if __name__ == "__main__":
    main()

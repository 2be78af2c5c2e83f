"""A day of 500 jobs in one organisation with a channel feed: what the training suite and Slack are asked.

The decisions are the bot's own: what is news, what is posted and told, when to look next. Time, the training
suite, the database and Slack are simulated, and no edit waits for another one, as it would in a busy
channel. Beside it stands every job polled each 30 s. Every end has to be posted exactly once.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.channels.feed import Feed, read_feed_query
from bot.domain.job import JobStatus, JobSummary
from bot.domain.job.changes import Changes, status_of
from bot.domain.polling.intervals import Bounds, next_list_seconds
from bot.domain.polling.poll_outcomes import PollPolicy
from bot.domain.ports import ClaimedJob, Look
from bot.domain.subscriptions.notifications.registry import copy_for
from bot.domain.subscriptions.subscription import Mode
from bot.domain.subscriptions.watch_state import WatchedState, first_state
from tests.benchmarks.ratio import Ratio, table
from tests.benchmarks.simulated_jobs import EPOCH, HOUR, SimulatedJob

JOBS, FOLLOWED, DAY = 500, 40, 24 * HOUR
FIXED_SECONDS = 30.0
BOUNDS = Bounds(15.0, 120.0)
_ORG = "org"
_FED, _BY_PEOPLE = True, False
_SEED = 20_260_302


@dataclass
class Watched:
    """One watched job, and the threads about it: those that the feed opened, and those of people."""

    state: WatchedState
    next_look_at: datetime
    threads: list[bool]
    mark: int = 0
    ends_at: datetime | None = None


@dataclass
class Day:
    """The organisation at one moment, and what was asked and sent until then."""

    jobs: Mapping[str, SimulatedJob]
    feed: Feed
    chance: random.Random
    policy: PollPolicy
    now: datetime = EPOCH
    statuses: dict[str, str] = field(default_factory=dict)
    watched: dict[str, Watched] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    posted: Counter[str] = field(default_factory=Counter)
    """How often each job was posted by the feed."""

    @property
    def seconds(self) -> float:
        """Since the day began."""
        return (self.now - EPOCH).total_seconds()

    def rows(self) -> Iterator[JobSummary]:
        """The list, as it is now."""
        return (job.row(self.seconds) for job in self.jobs.values() if job.created <= self.seconds)

    def follow(self, name: str, *, is_fed: bool, wants_document: bool) -> None:
        """A thread is opened."""
        state = first_state(self.jobs[name].document(self.seconds), self.now)
        state = state.model_copy(update={"wants_document": wants_document})
        self.watched.setdefault(name, Watched(state, self.now, [])).threads.append(is_fed)
        self.sent["cards"] += 1
        self.sent["posts"] += is_fed

    def pass_over_list(self) -> datetime:
        """A pass over the list. Returns when the next one is due."""
        self.asked["lists"] += 1
        changes = Changes({name: each.mark for name, each in self.watched.items()}, JOBS, self.statuses)
        for row in self.rows():
            changes.take(row)
        for name, each in self.watched.items():
            claim = ClaimedJob(_ORG, name, 1, each.state, each.next_look_at)
            if name in changes.changed:
                mark, row = changes.changed[name]
                self._take(each, self.policy.in_list(claim, row, mark, self.now))
            elif each.next_look_at <= self.now + self.policy.grace:
                self._take(each, self.policy.as_before(claim, self.now))
        for row in changes.moved.values():
            self._feed(row)
        earliest = min((each.next_look_at for each in self.watched.values()), default=None)
        wanted = None if earliest is None else earliest - self.policy.grace
        return self.now + timedelta(seconds=next_list_seconds(wanted, self.now, BOUNDS, self.chance.random()))

    def look(self) -> None:
        """Ask for the documents of jobs that are due, and end what is over."""
        for name, each in self.watched.items():
            if each.next_look_at <= self.now:
                self.asked["documents"] += 1
                claim = ClaimedJob(_ORG, name, 1, each.state, each.next_look_at)
                document = self.jobs[name].document(self.seconds)
                self._take(each, self.policy.fetched(claim, document, self.now, listed=True))
        over = [name for name, each in self.watched.items() if each.ends_at and each.ends_at <= self.now]
        for name in over:
            threads = self.watched.pop(name).threads
            # A feed's post says nothing of that, so that it is not edited.
            self.sent["edits"] += threads.count(_BY_PEOPLE)
            self.sent["replies"] += threads.count(_BY_PEOPLE)

    def _feed(self, row: JobSummary) -> None:
        """Its document is asked for where it is to be posted, and where the job's end is to be remembered."""
        name, document = row.request_id, self.jobs[row.request_id].document(self.seconds)
        wants = self.feed.wants(row, self.now)
        self.asked["documents"] += wants or row.status.is_finished
        if wants and not self.feed.believes(document):
            return
        self.statuses[name] = status_of(row)
        if wants and self.feed.is_news(document):
            self.follow(name, is_fed=_FED, wants_document=False)
            self.posted[name] += 1

    def _take(self, each: Watched, look: Look) -> None:
        each.state, each.next_look_at, each.ends_at = look.state, look.next_look_at, look.ends_at
        each.mark = each.mark if look.fingerprint is None else look.fingerprint
        if look.document or look.row or look.is_redrawn:
            self.sent["edits"] += len(each.threads)
        for notification in look.notifications:
            for is_fed in each.threads:
                copy = copy_for(type(notification), Mode.MILESTONES, is_quiet=is_fed, is_fed=is_fed)
                self.sent["replies"] += copy is not None


def measure() -> list[Ratio]:
    """The day's requests and messages, against those of polling each job every 30 s."""
    chance = random.Random(_SEED)  # noqa: S311  (lives, not secrets)
    jobs = [_ending_within_the_day(f"job-{number}", chance) for number in range(JOBS)]
    feed = Feed("T1", "C1", _ORG, "U1", read_feed_query(()), EPOCH)
    day = Day({job.name: job for job in jobs}, feed, chance, PollPolicy(BOUNDS, chance.random))
    day.statuses.update({row.request_id: status_of(row) for row in day.rows()})
    _live(day, sorted(jobs[:FOLLOWED], key=lambda job: job.created, reverse=True))
    _check(day)
    polled = sum((job.ends - max(0.0, job.created)) // FIXED_SECONDS + 1 for job in jobs)
    ends = Counter(job.end.lower() for job in jobs)
    print()
    print(f"  {JOBS} jobs: {_told(ends)}; {FOLLOWED} of them followed by people too")
    print(f"  the training suite was asked for {_told(day.asked)}; every 30 s: {polled:,.0f} documents")
    print(f"  Slack was sent {_told(day.sent)}")
    asked, sent = sum(day.asked.values()), sum(day.sent.values())
    # Of a feed the post, and the card in its thread.
    messages = day.sent["posts"] + day.sent["cards"] + day.sent["replies"]
    return [
        Ratio("a feed's day: requests, against every 30 s", asked, polled, "", "<= 0.05"),
        Ratio("a feed's day: messages, against 2 a job", messages, 2 * JOBS, "", "<= 1"),
        Ratio("a feed's day: calls to Slack, against every 30 s", sent, polled, "", "<= 0.05"),
    ]


def _ending_within_the_day(name: str, chance: random.Random) -> SimulatedJob:
    job = SimulatedJob(name, 0.0, chance)
    job.created = chance.uniform(60, DAY - 600) - job.ends
    return job


def _live(day: Day, waiting: list[SimulatedJob]) -> None:
    next_list_at = day.now
    while day.seconds < DAY:
        while waiting and waiting[-1].created + 60 <= day.seconds:
            day.follow(waiting.pop().name, is_fed=_BY_PEOPLE, wants_document=True)
        if next_list_at <= day.now:
            next_list_at = day.pass_over_list()
        day.look()
        looks = [each.next_look_at for each in day.watched.values()]
        day.now = max(day.now + timedelta(seconds=1), min([next_list_at, *looks]))


def _check(day: Day) -> None:
    """Whatever failed or completed was posted once, and nothing else."""
    wanted = {name: 1 for name, job in day.jobs.items() if job.end in {JobStatus.FAILED, JobStatus.COMPLETED}}
    if day.posted != wanted:
        missing, more = wanted.keys() - day.posted.keys(), day.posted.items() - wanted.items()
        msg = f"not posted: {sorted(missing)}; posted wrongly: {sorted(more)}"
        raise AssertionError(msg)


def _told(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))


def main() -> None:
    """Print the ratios."""
    print(table(measure()))


if __name__ == "__main__":
    main()

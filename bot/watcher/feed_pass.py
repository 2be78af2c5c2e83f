"""What the list says of all jobs, for the channels that have a feed: each that moved is looked at itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final, NamedTuple

from bot.domain.channels.feed import Feed
from bot.domain.errors import InvalidIdError, JobNotFoundError, RateLimitedError, TrainingApiError
from bot.domain.history import FinishedJob, finished_job
from bot.domain.job import JobSummary, TrainingJob
from bot.domain.job.stored import kept, with_row
from bot.domain.listing import ListChanges
from bot.domain.ports import ClaimedList, FedJob, Listed
from bot.domain.subscriptions.notification import ENDS_OF_JOBS
from bot.domain.subscriptions.polling import next_look_seconds
from bot.domain.subscriptions.rules import notifications
from bot.domain.subscriptions.watch_state import first_state
from bot.tasks import aside_if_heavy, weight_of
from bot.watcher import crash_points
from bot.watcher.context import Health, Means

DOCUMENTS_AT_ONCE: Final = 8
MOST_TRIES: Final = 5
"""So many lists in a row ask for a document that is not had, or says something else than its row."""
MISSING_SECONDS: Final = 3_600.0
"""Between two times at which it is noted which jobs the list no longer has."""
_SLOWEST: Final = timedelta(seconds=8)
"""The training suite is not waited for any longer than this; with a short lease half of that is left."""


class _Outcome(NamedTuple):
    """What became of a row that some feed wants."""

    is_settled: bool = True
    """The row is kept: it is news no more."""
    is_believed: bool = False
    """The job's own document says so too: kept whatever the row's time says."""
    post: FedJob | None = None
    finished: FinishedJob | None = None


_LATER: Final = _Outcome(is_settled=False)


class FeedPass:
    """One pass over the jobs that moved. ``listed``: the next look at each may be the list's."""

    def __init__(self, means: Means, health: Health, *, listed: bool) -> None:
        self._means = means
        self._health = health
        self._listed = listed
        self._tries: dict[str, int] = {}
        """How often jobs that are still news were asked about in vain."""
        self._kept: dict[str, int] = {}
        """How often in a row jobs that nobody asked about were news: so they stay where a clock went back."""
        self._ended: dict[str, datetime | None] = {}
        """When the rows of finished jobs were updated that are kept so already."""
        self._missing_at = means.clock.monotonic()

    async def run(self, claim: ClaimedList, listed: Listed, changes: ListChanges, until: datetime) -> bool:
        """Post what the feeds want, and keep what the list says; whether there was time for all of it.

        What is left, for want of time or of a document, is not kept, so that it is news again. Before all
        of the list is known, nothing is news. ``until`` is when the claim's lease ends.
        """
        means = self._means
        if not listed.is_whole:
            await self._finish(claim, changes.moved, {}, is_whole=not changes.is_cut)
            return True
        await self._keep_up(changes)
        if not changes.moved:
            self._kept.clear()
            return True
        feeds, now = await means.store.feeds.feeds(means.org_id), means.clock.now()
        wanted = [row for row in changes.moved if any(feed.wants(row, now) for feed in feeds)]
        outcomes = await self._outcomes(wanted, feeds, until)
        late = {row.request_id for row in wanted} - outcomes.keys()
        again = late | {request_id for request_id, outcome in outcomes.items() if not outcome.is_settled}
        self._tries = {each: tries for each, tries in self._tries.items() if each in again}
        rows = [row for row in changes.moved if row.request_id not in again]
        self._kept = {row.request_id: self._kept.get(row.request_id, 0) + 1 for row in rows}
        if rows:
            await self._finish(claim, rows, outcomes)
        return not late

    async def _keep_up(self, changes: ListChanges) -> None:
        """Finished jobs of which there may be more to know, and jobs that are no more."""
        means = self._means
        rows = [row for row in changes.ended if self._ended.get(row.request_id) != row.updated_at]
        if rows:
            await means.store.feeds.refresh_listed(means.org_id, rows)
        self._ended = {row.request_id: row.updated_at for row in changes.ended}
        if (seconds := means.clock.monotonic()) >= self._missing_at:
            await means.store.feeds.note_missing(means.org_id, changes.unlisted, means.clock.now())
            self._missing_at = seconds + MISSING_SECONDS

    async def _finish(
        self,
        claim: ClaimedList,
        rows: Sequence[JobSummary],
        outcomes: Mapping[str, _Outcome],
        *,
        is_whole: bool = True,
    ) -> None:
        means, posts = self._means, [outcome.post for outcome in outcomes.values() if outcome.post]
        believed = {request_id for request_id, outcome in outcomes.items() if outcome.is_believed}
        believed |= {request_id for request_id, times in self._kept.items() if times >= MOST_TRIES}
        means.on_step(crash_points.FEED_FETCHED)
        counted = await means.store.feeds.finish_feed(
            claim, rows, posts, means.clock.now(), is_whole=is_whole, believed=believed
        )
        means.on_step(crash_points.FEED_FINISHED)
        if counted and posts:
            means.wake_delivery()
            await means.store.finished_jobs.record(
                [each.finished for each in outcomes.values() if each.finished]
            )

    async def _outcomes(
        self, rows: Sequence[JobSummary], feeds: Sequence[Feed], until: datetime
    ) -> dict[str, _Outcome]:
        """By request id, as far as there is time: after the lease somebody else may be about it."""
        outcomes: dict[str, _Outcome] = {}
        margin = min(_SLOWEST, timedelta(seconds=self._means.lease_seconds / 2))
        queue = takewhile(lambda _: self._means.clock.now() < until - margin, rows)

        async def work(queue: Iterator[JobSummary]) -> None:
            for row in queue:
                outcomes[row.request_id] = await self._look(row, feeds)

        async with asyncio.TaskGroup() as group:
            for _ in range(min(DOCUMENTS_AT_ONCE, len(rows))):
                group.create_task(work(queue))
        return outcomes

    async def _look(self, row: JobSummary, feeds: Sequence[Feed]) -> _Outcome:
        """Ask for the job's own document: the list may be behind it, or ahead."""
        means = self._means
        wanting = [feed for feed in feeds if feed.wants(row, means.clock.now())]
        try:
            job = (await means.training_api.look(row.request_id)).job
        except TrainingApiError as error:
            await self._health.failed(error)
            return self._unanswered(row, wanting, error)
        await self._health.answered()
        believing = [feed for feed in wanting if feed.believes(job)]
        if not believing:
            return _LATER if self._may_try_again(row) else _Outcome()
        now = means.clock.now()

        def outcome() -> _Outcome:
            finished = finished_job(means.org_id, row.request_id, job, now)
            return _Outcome(is_believed=True, post=self._post(row, believing, job), finished=finished)

        return await aside_if_heavy(weight_of(job), outcome, background=True)

    def _unanswered(self, row: JobSummary, wanting: Sequence[Feed], error: TrainingApiError) -> _Outcome:
        """Where the document cannot be had for long, the row is told; the watcher goes on asking."""
        if isinstance(error, JobNotFoundError | InvalidIdError):
            return _Outcome()
        was_asked = not isinstance(error, RateLimitedError) or error.status is not None
        if not was_asked or self._may_try_again(row):
            return _LATER
        job = with_row(TrainingJob.model_construct(request_id=row.request_id), row)
        return _Outcome(post=self._post(row, wanting, job, is_whole=False))

    def _may_try_again(self, row: JobSummary) -> bool:
        tries = self._tries.get(row.request_id, 0) + 1
        self._tries[row.request_id] = tries
        return tries < MOST_TRIES

    def _post(
        self, row: JobSummary, feeds: Sequence[Feed], job: TrainingJob, *, is_whole: bool = True
    ) -> FedJob | None:
        """``is_whole``: it is the job's own document, so that nobody has to ask for it at once."""
        news = tuple(feed for feed in feeds if feed.is_news(job))
        if not news:
            return None
        judge, now = self._means.judge, self._means.clock.now()
        state = first_state(job, now).model_copy(update={"wants_document": not is_whole})
        pause = timedelta(seconds=next_look_seconds(state, now, judge.bounds, judge.jitter()))
        grace = judge.grace if self._listed and is_whole else timedelta()
        going_on = state.model_copy(update={"finished_seen_at": None})
        ends = [each for each in notifications(going_on, state, now, job) if each.kind in ENDS_OF_JOBS]
        return FedJob(news, row, state, kept(job), now + pause + grace, tuple(ends))

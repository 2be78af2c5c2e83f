"""What the list says of all jobs, for the channels that have a feed: each that moved is looked at itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final

from bot.domain.channels.feed import Feed
from bot.domain.errors import TrainingApiError
from bot.domain.job import JobSummary
from bot.domain.listing import ListChanges
from bot.domain.polling.feed_outcomes import MOST_TRIES, FeedOutcome, FeedRow
from bot.domain.ports import ClaimedList, Listed
from bot.tasks import aside_if_heavy, weight_of
from bot.watcher import crash_points
from bot.watcher.context import Health, WatcherContext

DOCUMENTS_AT_ONCE: Final = 8
MISSING_SECONDS: Final = 3_600.0
"""Between two times at which it is noted which jobs the list no longer has."""
_SLOWEST: Final = timedelta(seconds=8)
"""Simplismart is not waited for any longer than this; with a short lease half of that is left."""


class FeedPass:
    """One pass over the jobs that moved. ``listed``: the next look at each may be the list's."""

    def __init__(self, context: WatcherContext, health: Health, *, listed: bool) -> None:
        self._context = context
        self._health = health
        self._listed = listed
        self._tries: dict[str, int] = {}
        """How often jobs that are still news were asked about in vain."""
        self._kept: dict[str, int] = {}
        """How often in a row jobs that nobody asked about were news: so they stay where a clock went back."""
        self._ended: dict[str, datetime | None] = {}
        """When the rows of finished jobs were updated that are kept so already."""
        self._missing_at = context.clock.monotonic()

    async def run(self, claim: ClaimedList, listed: Listed, changes: ListChanges, until: datetime) -> bool:
        """Post what the feeds want, and keep what the list says; whether there was time for all of it.

        What is left, for want of time or of a document, is not kept, so that it is news again. Before all
        of the list is known, nothing is news. ``until`` is when the claim's lease ends.
        """
        context = self._context
        if not listed.is_whole:
            await self._finish(claim, changes.moved, {}, is_whole=not changes.is_cut)
            return True
        await self._keep_up(changes)
        if not changes.moved:
            self._kept.clear()
            return True
        feeds, now = await context.store.feeds.feeds(context.org_id), context.clock.now()
        wanted = [row for row in changes.moved if any(feed.wants(row, now) for feed in feeds)]
        outcomes = await self._outcomes(wanted, feeds, until)
        late = {row.request_id for row in wanted} - outcomes.keys()
        tries = {each: outcome.tries for each, outcome in outcomes.items() if not outcome.is_settled}
        self._tries = {**{each: self._tries.get(each, 0) for each in late}, **tries}
        rows = [row for row in changes.moved if row.request_id not in self._tries]
        self._kept = {row.request_id: self._kept.get(row.request_id, 0) + 1 for row in rows}
        if rows:
            await self._finish(claim, rows, outcomes)
        return not late

    async def _keep_up(self, changes: ListChanges) -> None:
        """Finished jobs of which there may be more to know, and jobs that are no more."""
        context = self._context
        rows = [row for row in changes.ended if self._ended.get(row.request_id) != row.updated_at]
        if rows:
            await context.store.feeds.refresh_listed(context.org_id, rows)
        self._ended = {row.request_id: row.updated_at for row in changes.ended}
        if (seconds := context.clock.monotonic()) >= self._missing_at:
            await context.store.feeds.note_missing(context.org_id, changes.unlisted, context.clock.now())
            self._missing_at = seconds + MISSING_SECONDS

    async def _finish(
        self,
        claim: ClaimedList,
        rows: Sequence[JobSummary],
        outcomes: Mapping[str, FeedOutcome],
        *,
        is_whole: bool = True,
    ) -> None:
        context, posts = self._context, [outcome.post for outcome in outcomes.values() if outcome.post]
        believed = {request_id for request_id, outcome in outcomes.items() if outcome.is_believed}
        believed |= {request_id for request_id, times in self._kept.items() if times >= MOST_TRIES}
        context.on_crash_point(crash_points.FEED_FETCHED)
        counted = await context.store.feeds.finish_feed(
            claim, rows, posts, context.clock.now(), is_whole=is_whole, believed=believed
        )
        context.on_crash_point(crash_points.FEED_FINISHED)
        if counted and posts:
            context.wake_delivery()
            await context.store.finished_jobs.record(
                [each.finished for each in outcomes.values() if each.finished]
            )

    async def _outcomes(
        self, rows: Sequence[JobSummary], feeds: Sequence[Feed], until: datetime
    ) -> dict[str, FeedOutcome]:
        """By request id, as far as there is time: after the lease somebody else may be about it."""
        outcomes: dict[str, FeedOutcome] = {}
        margin = min(_SLOWEST, timedelta(seconds=self._context.lease_seconds / 2))
        queue = takewhile(lambda _: self._context.clock.now() < until - margin, rows)

        async def work(queue: Iterator[JobSummary]) -> None:
            for row in queue:
                outcomes[row.request_id] = await self._look(row, feeds)

        async with asyncio.TaskGroup() as group:
            for _ in range(min(DOCUMENTS_AT_ONCE, len(rows))):
                group.create_task(work(queue))
        return outcomes

    async def _look(self, row: JobSummary, feeds: Sequence[Feed]) -> FeedOutcome:
        """Ask for the job's own document: the list may be behind it, or ahead."""
        context = self._context
        wanting = [feed for feed in feeds if feed.wants(row, context.clock.now())]
        tries = self._tries.get(row.request_id, 0)
        wanted = FeedRow(context.policy, context.org_id, row, wanting, tries, self._listed)
        try:
            job = (await context.training_api.look(row.request_id)).job
        except TrainingApiError as error:
            await self._health.failed(error)
            return wanted.failed(error, context.clock.now())
        await self._health.answered()
        now = context.clock.now()
        return await aside_if_heavy(weight_of(job), lambda: wanted.fetched(job, now), background=True)

"""Fetches, bit by bit, the documents of jobs that the list shows finished and that are not known so far."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog
from cachetools import TTLCache

from bot.domain.errors import InvalidIdError, JobNotFoundError, RateLimitedError, TrainingApiError
from bot.domain.history import FinishedJob, finished_job, finished_row
from bot.domain.job import JobSummary, TrainingJob
from bot.tasks import aside_if_heavy, weight_of
from bot.watcher import crash_points
from bot.watcher.context import WatcherContext

AT_ONCE: Final = 10
"""In one round: nobody waits for these."""
DOUBTED_SECONDS: Final = 900.0
"""Pause before a job is asked for again whose document contradicts the list, or can't be had."""
MOST_READS: Final = 3
"""Reads of a job whose row moves, before it is read as rarely as those that are doubted."""
MOST_TRIES: Final = 5
"""Documents older than their row that are read before one is taken for the newest there is."""
LONGEST_PAUSE_SECONDS: Final = 600.0
_MOST_DOUBTED: Final = 1_000
_MOST_DOUBLINGS: Final = 10

_log = structlog.stdlib.get_logger(__name__)


class FinishedJobsPass:
    """One of the watcher's chores. Where no feed and no digest keeps the list, there is nothing to do."""

    def __init__(self, context: WatcherContext) -> None:
        self._context = context
        self._next_at = context.clock.monotonic()
        self._has_more = False
        self._failures = 0
        self._behind: TTLCache[str, int] = TTLCache(
            _MOST_DOUBTED, 2 * MOST_TRIES * DOUBTED_SECONDS, timer=context.clock.monotonic
        )
        """How often the documents of jobs were older than their rows."""
        self._read: TTLCache[str, int] = TTLCache(
            _MOST_DOUBTED, 4 * DOUBTED_SECONDS, timer=context.clock.monotonic
        )
        """How often jobs were asked about lately: the rows of some move for ever, though nothing happens."""
        self._doubted: TTLCache[str, bool] = TTLCache(
            _MOST_DOUBTED, DOUBTED_SECONDS, timer=context.clock.monotonic
        )

    async def run(self) -> float:
        """See `bot.watcher.context.PeriodicTask`."""
        context = self._context
        if (rest := self._next_at - context.clock.monotonic()) > 0:
            return rest if self._has_more else float("inf")
        doubted = set(self._doubted)
        since = await context.looked_back()
        most = context.few(AT_ONCE)
        rows = await context.store.finished_jobs.unrecorded(context.org_id, since, most + len(doubted))
        wanted = [row for row in rows if row.request_id not in doubted][:most]
        if wanted:
            await self._record(wanted)
        pause = context.policy.bounds.min_seconds * 2 ** min(self._failures, _MOST_DOUBLINGS)
        pause = max(context.policy.bounds.min_seconds, min(LONGEST_PAUSE_SECONDS, pause))
        self._next_at, self._has_more = context.clock.monotonic() + pause, bool(wanted)
        return pause if wanted else float("inf")

    async def _record(self, rows: Sequence[JobSummary]) -> None:
        found = await asyncio.gather(*map(self._ended, rows))
        self._context.on_crash_point(crash_points.HISTORY_FETCHED)
        errors = [each for each in found if isinstance(each, TrainingApiError)]
        # A few that always fail make room for others: they neither come first again nor slow them down.
        self._failures = self._failures + 1 if len(errors) == len(rows) else 0
        if errors:
            _log.info("finished jobs are asked for later", error=errors[0].code, detail=errors[0].detail)
        await self._context.store.finished_jobs.record(
            [each for each in found if isinstance(each, FinishedJob)]
        )
        self._context.on_crash_point(crash_points.HISTORY_FINISHED)

    async def _ended(self, row: JobSummary) -> FinishedJob | TrainingApiError | None:
        """How the job ended; None where its document says that it has not."""
        context = self._context
        try:
            snapshot = await context.training_api.look(row.request_id)
        except (JobNotFoundError, InvalidIdError):
            return finished_row(context.org_id, row, context.clock.now())
        except TrainingApiError as error:
            if not isinstance(error, RateLimitedError):
                self._doubted[row.request_id] = True
            return error
        answers = None if self._is_behind(snapshot.job, row) else row.updated_at
        now = context.clock.now()
        ended = await aside_if_heavy(
            weight_of(snapshot),
            lambda: finished_job(context.org_id, row.request_id, snapshot.job, now, answers=answers),
            background=True,
        )
        self._read[row.request_id] = reads = self._read.get(row.request_id, 0) + 1
        if ended is None or answers is None or reads >= MOST_READS:
            self._doubted[row.request_id] = True
        return ended

    def _is_behind(self, job: TrainingJob, row: JobSummary) -> bool:
        """Whether the document is from before its row: another server may have the newer one, for a while."""
        if job.updated_at is None or row.updated_at is None or job.updated_at >= row.updated_at:
            return False
        self._behind[row.request_id] = tries = self._behind.get(row.request_id, 0) + 1
        return tries < MOST_TRIES

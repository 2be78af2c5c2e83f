"""Looks at jobs one by one: each that is due is asked for by its own document."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

import structlog

from bot.domain.curves.run_doctor import examine
from bot.domain.errors import TrainingApiError
from bot.domain.ports import ClaimedJob, Look
from bot.domain.subscriptions.notifications.job_updates import Completed
from bot.tasks import aside_if_heavy, weight_of, within
from bot.watcher import crash_points
from bot.watcher.context import Health, WatcherContext

LOOKS_AT_ONCE = 8
MOST_CLAIMED = 200
_SLOWEST_SECONDS = 8.0
"""Simplismart is not waited for any longer than this, nor is a turn to ask it."""
END_CHECK_SECONDS = 5.0
"""How long all the ends of one pass wait for the run doctor; what it finds later comes in the thread."""

_log = structlog.stdlib.get_logger(__name__)


class JobPass:
    """One pass over what is due."""

    def __init__(self, context: WatcherContext, health: Health) -> None:
        self._context = context
        self._health = health
        self._ends_wait_until = math.inf
        """By the monotonic clock, from the first end of a pass on."""

    async def run(self, *, uses_list: bool, unlisted: frozenset[str]) -> bool:
        """Look at as many jobs as can be looked at within the lease; whether that was all there may be.

        ``uses_list``: the next look at a job may be the list's, except for the ``unlisted``. Then it is a few
        at a time: the list, which covers all others, is not kept waiting.
        """
        context, limit, now = self._context, self._limit(uses_list=uses_list), self._context.clock.now()
        claims = await context.store.watches.claim_jobs(context.org_id, now, context.lease_seconds, limit)
        if not claims:
            return True
        context.on_crash_point(crash_points.JOBS_CLAIMED)
        self._ends_wait_until = math.inf
        queue = self._in_time(claims, now + timedelta(seconds=context.lease_seconds))
        async with asyncio.TaskGroup() as group:
            for _ in range(min(LOOKS_AT_ONCE, len(claims))):
                group.create_task(self._work(queue, uses_list=uses_list, unlisted=unlisted))
        return len(claims) < limit

    def _limit(self, *, uses_list: bool) -> int:
        """Even if every answer is as late as can be, the last one comes within the lease.

        Beside a list they are few.
        """
        if uses_list:
            return self._context.few(LOOKS_AT_ONCE)
        within_lease = LOOKS_AT_ONCE * int(self._context.lease_seconds / _SLOWEST_SECONDS)
        return min(MOST_CLAIMED, max(LOOKS_AT_ONCE, within_lease))

    def _in_time(self, claims: Sequence[ClaimedJob], lease_ends_at: datetime) -> Iterator[ClaimedJob]:
        """One after the other; when the lease is over somebody else may be about the rest."""
        return takewhile(lambda _: self._context.clock.now() < lease_ends_at, claims)

    async def _work(self, queue: Iterator[ClaimedJob], *, uses_list: bool, unlisted: frozenset[str]) -> None:
        for claim in queue:
            listed = uses_list and claim.request_id not in unlisted
            look = await self._context.with_earlier(await self._look(claim, listed=listed))
            look = await self._with_findings(look)
            self._context.on_crash_point(crash_points.JOB_JUDGED)
            await self._context.finish([look])
            self._context.on_crash_point(crash_points.JOB_FINISHED)

    async def _look(self, claim: ClaimedJob, *, listed: bool) -> Look:
        context = self._context
        try:
            snapshot = await context.training_api.look(claim.request_id)
        except TrainingApiError as error:
            context.on_crash_point(crash_points.JOB_ANSWERED)
            await self._health.failed(error)
            return context.policy.failed(claim, error, context.clock.now())
        context.on_crash_point(crash_points.JOB_ANSWERED)
        await self._health.answered()
        now = context.clock.now()
        return await aside_if_heavy(
            weight_of(snapshot),
            lambda: context.policy.fetched(claim, snapshot.job, now, listed=listed),
            background=True,
        )

    async def _with_findings(self, look: Look) -> Look:
        """The look with what the run doctor finds in a job that completed, if that comes soon."""
        context = self._context
        if not any(isinstance(each, Completed) for each in look.notifications):
            return look
        now = context.clock.monotonic()
        if self._ends_wait_until == math.inf:
            self._ends_wait_until = now + END_CHECK_SECONDS
        seconds = self._ends_wait_until - now
        if seconds <= 0:
            return look
        asking = context.training_api.metrics(look.claim.request_id, background=True)
        try:
            metrics = await within(context.clock, seconds, asking)
        except (TrainingApiError, TimeoutError) as error:
            _log.info("an end is told before its metrics are known", reason=repr(error))
            return look
        progress = look.state.job.progress
        findings = await aside_if_heavy(
            weight_of(metrics), lambda: examine(metrics.points, progress=progress), background=True
        )
        context.on_crash_point(crash_points.END_CHECKED)
        return replace(look, findings=findings)

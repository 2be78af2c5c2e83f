"""Looks at jobs one by one: each that is due is asked for by its own document."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from bot.domain.errors import TrainingApiError
from bot.domain.ports import ClaimedJob, Look
from bot.tasks import aside_if_heavy, weight_of
from bot.watcher import crash_points
from bot.watcher.context import Health, Means

LOOKS_AT_ONCE = 8
MOST_CLAIMED = 200
_SLOWEST_SECONDS = 8.0
"""Simplismart is not waited for any longer than this, nor is a turn to ask it."""


class JobPass:
    """One pass over what is due."""

    def __init__(self, means: Means, health: Health) -> None:
        self._means = means
        self._health = health

    async def run(self, *, uses_list: bool, unlisted: frozenset[str]) -> bool:
        """Look at as many jobs as can be looked at within the lease; whether that was all there may be.

        ``uses_list``: the next look at a job may be the list's, except for the ``unlisted``. Then it is a few
        at a time: the list, which covers all others, is not kept waiting.
        """
        means, limit, now = self._means, self._limit(uses_list=uses_list), self._means.clock.now()
        claims = await means.store.watches.claim_jobs(means.org_id, now, means.lease_seconds, limit)
        if not claims:
            return True
        means.on_step(crash_points.JOBS_CLAIMED)
        queue = self._in_time(claims, now + timedelta(seconds=means.lease_seconds))
        async with asyncio.TaskGroup() as group:
            for _ in range(min(LOOKS_AT_ONCE, len(claims))):
                group.create_task(self._work(queue, uses_list=uses_list, unlisted=unlisted))
        return len(claims) < limit

    def _limit(self, *, uses_list: bool) -> int:
        """Even if every answer is as late as can be, the last one comes within the lease.

        Beside a list they are few.
        """
        if uses_list:
            return self._means.few(LOOKS_AT_ONCE)
        within_lease = LOOKS_AT_ONCE * int(self._means.lease_seconds / _SLOWEST_SECONDS)
        return min(MOST_CLAIMED, max(LOOKS_AT_ONCE, within_lease))

    def _in_time(self, claims: Sequence[ClaimedJob], lease_ends_at: datetime) -> Iterator[ClaimedJob]:
        """One after the other; when the lease is over somebody else may be about the rest."""
        return takewhile(lambda _: self._means.clock.now() < lease_ends_at, claims)

    async def _work(self, queue: Iterator[ClaimedJob], *, uses_list: bool, unlisted: frozenset[str]) -> None:
        for claim in queue:
            listed = uses_list and claim.request_id not in unlisted
            look = await self._means.with_earlier(await self._look(claim, listed=listed))
            self._means.on_step(crash_points.JOB_JUDGED)
            await self._means.finish([look])
            self._means.on_step(crash_points.JOB_FINISHED)

    async def _look(self, claim: ClaimedJob, *, listed: bool) -> Look:
        means = self._means
        try:
            snapshot = await means.training_api.look(claim.request_id)
        except TrainingApiError as error:
            means.on_step(crash_points.JOB_ANSWERED)
            await self._health.failed(error)
            return means.policy.failed(claim, error, means.clock.now())
        means.on_step(crash_points.JOB_ANSWERED)
        await self._health.answered()
        now = means.clock.now()
        return await aside_if_heavy(
            weight_of(snapshot),
            lambda: means.policy.fetched(claim, snapshot.job, now, listed=listed),
            background=True,
        )

"""Looks at what jobs have logged: for the run doctor, and for alerts."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from bot.domain.errors import JobNotFoundError, TrainingApiError
from bot.domain.polling.metrics_checks import MetricsCheck
from bot.domain.ports import ClaimedExamination, Examined
from bot.tasks import aside_if_heavy, weight_of
from bot.watcher import crash_points
from bot.watcher.context import Means

_AT_ONCE: Final = 8
"""Jobs of one round: looks at others do not wait for longer than these take."""

_log = structlog.stdlib.get_logger(__name__)


class ExaminationPass:
    """One of the watcher's chores."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def run(self) -> float:
        """See `bot.watcher.context.Chore`."""
        means = self._means
        next_at = await means.store.metrics_checks.next_examination_at(means.org_id)
        if next_at is None:
            return float("inf")
        now = means.clock.now()
        if next_at > now:
            return (next_at - now).total_seconds()
        most = means.few(_AT_ONCE)
        claims = await means.store.metrics_checks.claim_examinations(
            means.org_id, now, means.lease_seconds, most
        )
        if not claims:
            return 0.0
        means.on_step(crash_points.EXAM_CLAIMED)
        examined = await asyncio.gather(*map(self._examine, claims))
        means.on_step(crash_points.EXAM_JUDGED)
        counted = await means.store.metrics_checks.finish_examinations(examined, means.clock.now())
        means.on_step(crash_points.EXAM_FINISHED)
        if counted and any(each.findings or each.answers for each in examined):
            means.wake_delivery()
        return 0.0

    async def _examine(self, claim: ClaimedExamination) -> Examined:
        """One job."""
        means = self._means
        if not (check := self._check(claim)).needs_metrics:
            return check.came(())
        try:
            snapshot = await means.training_api.metrics(claim.request_id, background=True)
            failure = snapshot.failure
        except TrainingApiError as error:
            failure = error
        means.on_step(crash_points.EXAM_ANSWERED)
        check = self._check(claim)
        if failure is None:
            points = snapshot.points
            return await aside_if_heavy(weight_of(snapshot), lambda: check.came(points), background=True)
        if not isinstance(failure, JobNotFoundError):
            _log.info("no metrics to check", error=failure.code, detail=failure.detail)
        return check.failed(failure)

    def _check(self, claim: ClaimedExamination) -> MetricsCheck:
        return MetricsCheck(claim, self._means.clock.now(), self._means.prices)

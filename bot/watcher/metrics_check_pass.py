"""Looks at what jobs have logged: for the run doctor, and for alerts."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from bot.domain.errors import JobNotFoundError, TrainingApiError
from bot.domain.polling.metrics_checks import MetricsCheck
from bot.domain.ports import ClaimedMetricsCheck, MetricsCheckOutcome
from bot.tasks import aside_if_heavy, weight_of
from bot.watcher import crash_points
from bot.watcher.context import WatcherContext
from bot.watcher.due_work import claimed

_AT_ONCE: Final = 8
"""Jobs of one round: looks at others do not wait for longer than these take."""

_log = structlog.stdlib.get_logger(__name__)


class MetricsCheckPass:
    """One of the watcher's chores."""

    def __init__(self, context: WatcherContext) -> None:
        self._context = context

    async def run(self) -> float:
        """See `bot.watcher.context.PeriodicTask`."""
        context = self._context
        checks = context.store.metrics_checks
        claims = await claimed(
            context,
            checks.next_metrics_check_at,
            checks.claim_metrics_checks,
            most=context.few(_AT_ONCE),
            crash_point=crash_points.EXAM_CLAIMED,
        )
        if isinstance(claims, float):
            return claims
        examined = await asyncio.gather(*map(self._examine, claims))
        context.on_crash_point(crash_points.EXAM_JUDGED)
        counted = await context.store.metrics_checks.finish_metrics_checks(examined, context.clock.now())
        context.on_crash_point(crash_points.EXAM_FINISHED)
        if counted and any(each.findings or each.answers for each in examined):
            context.wake_delivery()
        return 0.0

    async def _examine(self, claim: ClaimedMetricsCheck) -> MetricsCheckOutcome:
        """One job."""
        context = self._context
        if not (check := self._check(claim)).needs_metrics:
            return check.came(())
        try:
            snapshot = await context.training_api.metrics(claim.request_id, background=True)
            failure = snapshot.failure
        except TrainingApiError as error:
            failure = error
        context.on_crash_point(crash_points.EXAM_ANSWERED)
        check = self._check(claim)
        if failure is None:
            points = snapshot.points
            return await aside_if_heavy(weight_of(snapshot), lambda: check.came(points), background=True)
        if not isinstance(failure, JobNotFoundError):
            _log.info("no metrics to check", error=failure.code, detail=failure.detail)
        return check.failed(failure)

    def _check(self, claim: ClaimedMetricsCheck) -> MetricsCheck:
        return MetricsCheck(claim, self._context.clock.now(), self._context.prices)

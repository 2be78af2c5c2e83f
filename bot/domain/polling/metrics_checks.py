"""What a metrics check comes to: whom to notify of what was logged, and when the next one is due. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.domain.commands.conditions.condition import Condition
from bot.domain.commands.conditions.reading import read_condition
from bot.domain.curves.run_doctor import Finding, examine
from bot.domain.errors import JobNotFoundError, NotUnderstoodError, TrainingApiError
from bot.domain.job import JobStatus, MetricPoint
from bot.domain.ports import AlertSubscriber, ClaimedMetricsCheck, MetricsCheckOutcome
from bot.domain.subscriptions.alerts.alerts import Logged, Prices, Situation, verdict
from bot.domain.subscriptions.alerts.verdict import Verdict
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult, MetricsFinding

FIRST_METRICS_CHECK: Final = timedelta(minutes=10)
"""Time after its start at which a job has logged enough to be checked."""
_RAREST: Final = timedelta(hours=1)
_PART: Final = 3
"""Between metrics checks goes this part of the time the job has run, within those bounds."""
_METRIC_PART: Final = 20
_METRIC_OFTENEST, _METRIC_RAREST = timedelta(minutes=1), timedelta(minutes=5)
"""Where an alert is on a metric."""
_STATE_PAUSE: Final = timedelta(minutes=1)
"""Where an alert is on the job's state: nothing is asked for that."""
_LONGEST_RUN: Final = timedelta(days=60)
"""No subscription lasts longer."""
_LONGEST_BACKOFF: Final = timedelta(hours=1)
_MOST_FAILURES: Final = 5
"""Tries in vain to get the metrics of a job that ended."""


@dataclass(frozen=True, slots=True)
class MetricsCheck:
    """One claimed job, at one moment."""

    claim: ClaimedMetricsCheck
    now: datetime
    prices: Prices = field(default_factory=dict)
    """Of a GPU-hour, for alerts on what a job costs."""

    @property
    def has_ended(self) -> bool:
        """The job ended: this is the last metrics check, unless it restarts."""
        return self.claim.state.finished_seen_at is not None

    @property
    def needs_metrics(self) -> bool:
        """Whether anything the job has logged would be told to anybody."""
        if self.claim.state.job.status is JobStatus.QUEUED:
            return False
        return any(each.is_metric for _, each in self._waiting()) or self._looks_for_findings()

    def came(self, points: Sequence[MetricPoint]) -> MetricsCheckOutcome:
        """With what the job has logged; nothing where that was not needed."""
        standing = self._standing(points) if self._looks_for_findings() else None
        return self._examined(points, standing, is_over=self.has_ended)

    def failed(self, error: TrainingApiError) -> MetricsCheckOutcome:
        """There were no metrics. What that says of the job itself is told by those who poll it."""
        if isinstance(error, JobNotFoundError):  # it has logged nothing yet
            return self.came(())
        wait = timedelta(seconds=error.retry_after_seconds or 0.0)
        if not error.was_asked:
            return MetricsCheckOutcome(self.claim, self.now + max(_STATE_PAUSE, wait), self.claim.failures)
        failures = self.claim.failures + 1
        if self.has_ended and failures >= _MOST_FAILURES:
            return self._examined(None, None, is_over=True)
        pause = min(_LONGEST_BACKOFF, _STATE_PAUSE * 2 ** min(failures - 1, 10))
        return MetricsCheckOutcome(self.claim, self.now + max(pause, wait), failures)

    def _examined(
        self, points: Sequence[MetricPoint] | None, standing: tuple[Finding, ...] | None, *, is_over: bool
    ) -> MetricsCheckOutcome:
        situation = Situation(self.claim.state, Logged.of(points or ()), self.now, self.prices)
        waiting, answers = list[Condition](), list[tuple[AlertSubscriber, AlertResult]]()
        for waiter, condition in self._waiting():
            found = verdict(condition, situation, waiter.since)
            if points is None and condition.is_metric:
                found = Verdict(is_met=False, evidence="its metrics could not be read")
            if found.is_met or is_over:
                answers.append((waiter, self._answer(waiter, condition, found)))
            else:
                waiting.append(condition)
        next_at = None if is_over else self._next_at(waiting)
        return MetricsCheckOutcome(
            self.claim, next_at, 0, self._told(standing or ()), standing=standing, answers=tuple(answers)
        )

    def _waiting(self) -> Iterable[tuple[AlertSubscriber, Condition]]:
        """The alerts; what cannot be read was written by a newer version."""
        for waiter in self.claim.waiters:
            try:
                yield waiter, read_condition(waiter.condition)
            except NotUnderstoodError:
                continue

    def _standing(self, points: Sequence[MetricPoint]) -> tuple[Finding, ...]:
        return examine(points, progress=self.claim.state.job.progress) if points else ()

    def _told(self, standing: Sequence[Finding]) -> tuple[MetricsFinding, ...]:
        state = self.claim.state
        return tuple(
            MetricsFinding.of(finding, run=state.run, at=self.now, name=state.job.experiment_name)
            for finding in standing
            if finding.name not in self.claim.silenced
        )

    def _answer(self, waiter: AlertSubscriber, condition: Condition, found: Verdict) -> AlertResult:
        state = self.claim.state
        return AlertResult(
            once_key=waiter.id,
            at=self.now,
            name=state.job.experiment_name,
            condition=condition.text,
            evidence=found.evidence,
            is_met=found.is_met,
            ended_as=state.job.status if state.job.status.is_finished and not found.is_met else None,
            user_id=waiter.user_id,
        )

    def _looks_for_findings(self) -> bool:
        """Where an alert is on the job's state, most metrics checks are only for that."""
        if not self.claim.tells_findings:
            return False
        conditions = [each for _, each in self._waiting()]
        if self.has_ended or not conditions or any(each.is_metric for each in conditions):
            return True
        return self._next_doctor_at(self.claim.due_at - _STATE_PAUSE) <= self.now

    def _next_at(self, waiting: Sequence[Condition]) -> datetime | None:
        state, times = self.claim.state, list[datetime]()
        if any(not each.is_metric for each in waiting):
            times.append(self.now + _STATE_PAUSE)
        if any(each.is_metric for each in waiting):
            pause = (self.now - self._began_at) / _METRIC_PART
            is_queued = state.job.status is JobStatus.QUEUED
            pause = _METRIC_RAREST if is_queued else max(_METRIC_OFTENEST, min(_METRIC_RAREST, pause))
            times.append(self.now + pause)
        # Who waits brings the doctor along when he is due.
        if not times and self.claim.tells_findings and state.has_started:
            times.append(self._next_doctor_at(self.now))
        return min(times, default=None)

    def _next_doctor_at(self, moment: datetime) -> datetime:
        """The first time after that moment at which the run doctor is due: the same whenever it is asked."""
        due = self._began_at + FIRST_METRICS_CHECK
        while due <= moment:
            due += max(FIRST_METRICS_CHECK, min(_RAREST, (due - self._began_at) / _PART))
        return due

    @property
    def _began_at(self) -> datetime:
        """When this run began, as far as we know; not in the future, nor longer ago than any subscription."""
        state = self.claim.state
        began = state.job.started_at or state.first_seen_at
        return min(self.now, max(began, self.now - _LONGEST_RUN))

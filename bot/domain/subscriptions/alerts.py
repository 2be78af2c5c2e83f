"""Whether an alert's condition is met: from a job's state and what it has logged. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.commands.condition import ETA, PROGRESS, Condition
from bot.domain.curves.attempts import current_points
from bot.domain.curves.broken import Broken
from bot.domain.curves.curves import Curve, curves, named, never
from bot.domain.job import JobStatus, MetricPoint
from bot.domain.job.forecast import remaining_seconds
from bot.domain.spelling import duration_text, measured
from bot.domain.subscriptions.watch_state import WatchedState

_WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Logged:
    """What a job has logged, read once for everybody who waits."""

    points: Mapping[str, Sequence[MetricPoint]]
    known: Mapping[str, Curve]
    never: Mapping[str, Broken]
    """Series that never were a number."""

    @classmethod
    def of(cls, points: Iterable[MetricPoint]) -> Logged:
        """What this attempt has logged: see `bot.domain.curves.attempts`."""
        current = current_points(points)
        all_points = [each for found in current.values() for each in found]
        return cls(current, curves(all_points), never(all_points))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a condition so far."""

    is_met: bool
    evidence: str
    """The value that decides, in words. Holds names of metrics, which come from outside."""


def verdict(
    condition: Condition, state: WatchedState, logged: Logged, since: datetime, now: datetime
) -> Verdict:
    """Whether the condition is met.

    Of a metric the last value decides, or any that Simplismart says was logged after ``since``: what
    comes and goes between two polls counts too. A series that is no number any more has no last value.
    """
    if condition.key == PROGRESS:
        return _progress(condition, state)
    if condition.key == ETA:
        return _eta(condition, state, now)
    curve = named(logged.known, condition.key)
    if curve is not None:
        return _metric(condition, curve, logged, since)
    broken = named(logged.never, condition.key)
    said = f"{broken.key} is {broken.words}" if broken else "it never logged that metric"
    return Verdict(is_met=False, evidence=said)


def _metric(condition: Condition, curve: Curve, logged: Logged, since: datetime) -> Verdict:
    last = len(curve.values) - 1
    if curve.broken is None and condition.holds(curve.values[last]):
        return Verdict(is_met=True, evidence=f"{curve.key} hit {_at(curve, last)}")
    passed = {point.step for point in logged.points[curve.key] if point.timestamp and point.timestamp > since}
    for index, step in enumerate(curve.steps):
        if curve.has_steps and step in passed and condition.holds(curve.values[index]):
            return Verdict(is_met=True, evidence=f"{curve.key} hit {_at(curve, index)}")
    if curve.broken is None:
        return Verdict(is_met=False, evidence=f"last value {_at(curve, last)}")
    said = f"{curve.key} is {curve.broken.words}, last number {_at(curve, last)}"
    return Verdict(is_met=False, evidence=said)


def _at(curve: Curve, index: int) -> str:
    value = measured(curve.values[index])
    return f"{value} at step {curve.steps[index]:,}" if curve.has_steps else value


def _progress(condition: Condition, state: WatchedState) -> Verdict:
    job = state.job
    progress = _WHOLE if job.status is JobStatus.COMPLETED else job.progress
    if progress is None:
        return Verdict(is_met=False, evidence="its progress is unknown")
    is_met = condition.holds(progress) and job.status is not JobStatus.QUEUED
    said = f"{measured(progress)}%"
    return Verdict(is_met, f"progress hit {said}" if is_met else f"last value {said}")


def _eta(condition: Condition, state: WatchedState, now: datetime) -> Verdict:
    if state.job.status is JobStatus.COMPLETED:
        return Verdict(condition.holds(0.0), "it has completed")
    moved_at = state.movement.moved_at
    since_seconds = 0.0 if moved_at is None else max(0.0, (now - moved_at).total_seconds())
    seconds = remaining_seconds(state.job, since_seconds)
    if seconds is None:
        return Verdict(is_met=False, evidence="the time left is unknown")
    return Verdict(condition.holds(seconds), f"about {duration_text(seconds)} left")

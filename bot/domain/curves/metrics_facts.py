"""What cards say of a job's metrics: its loss in a line, and what the run doctor finds.

Metrics may be tens of thousands of points: what was read in them goes with them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from statistics import fmean, pstdev
from typing import Final
from weakref import WeakKeyDictionary

from bot.domain.curves.broken import Broken
from bot.domain.curves.curves import Curve, curves, find, never, summary
from bot.domain.curves.loss_names import EVAL_LOSS, TRAIN_LOSS
from bot.domain.curves.run_doctor import Finding, examine
from bot.domain.job import JobStatus, MetricPoint, TrainingJob
from bot.domain.listing import MetricsSnapshot

_FEWEST: Final = 4
"""Values that show a trend."""
_WINDOW: Final = 4
"""The trend is that of the last part of a curve: one of so many."""
_LEAST_WINDOW: Final = 8
_NOISE: Final = 2.0
"""A change counts that is so many times its standard error."""
_LEAST_CHANGE: Final = 0.005
"""And at least this part of the value."""


class Trend(Enum):
    """Where a curve went lately."""

    FALLING = "falling"
    LEVEL = "level"
    RISING = "rising"


@dataclass(frozen=True, slots=True)
class Best:
    """The lowest value of a loss and the first step that had it."""

    value: float
    step: int
    has_steps: bool
    """False where the points came without steps: they are counted then."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One curve of a loss."""

    last: float
    best: Best
    trend: Trend | None
    """None where too little was logged to tell."""
    broken: Broken | None
    """Where it ends in values that are no numbers."""


@dataclass(frozen=True, slots=True)
class LossFacts:
    """What a job's metrics say of its loss."""

    train: Loss | None = None
    evaluation: Loss | None = None
    never: Broken | None = None
    """A loss that never was a number, where there is no curve."""


_SHOWN: Final = frozenset(
    {JobStatus.RUNNING, JobStatus.COMPLETED, JobStatus.CANCELLED, JobStatus.ENDED, JobStatus.UNKNOWN}
)
"""Of a job that failed something else matters, and one that is queued has none."""
_CURRENT_FOR: Final = timedelta(minutes=15)
"""How long a loss that was read stands beside newer progress."""


def may_show_loss(job: TrainingJob) -> bool:
    """Whether a card of this job says something of its loss."""
    return job.status in _SHOWN


def shows_loss(job: TrainingJob, metrics: MetricsSnapshot, now: datetime) -> bool:
    """Whether these metrics go with the job as it is at ``now`` (aware, UTC): of one that ended, all."""
    if job.status.is_finished and job.completed_at is not None:
        return may_show_loss(job) and metrics.fetched_at >= job.completed_at
    return may_show_loss(job) and now - metrics.fetched_at <= _CURRENT_FOR


_losses: Final[WeakKeyDictionary[MetricsSnapshot, LossFacts | None]] = WeakKeyDictionary()
_findings: Final[WeakKeyDictionary[MetricsSnapshot, dict[float | None, tuple[Finding, ...]]]] = (
    WeakKeyDictionary()
)
"""By the job's progress."""


def loss_facts(metrics: MetricsSnapshot) -> LossFacts | None:
    """Of all that a job has logged; None where none of it is a loss. Remembered with the metrics."""
    if metrics not in _losses:
        _losses[metrics] = _read(metrics.points)
    return _losses[metrics]


def findings(metrics: MetricsSnapshot, job: TrainingJob) -> tuple[Finding, ...]:
    """All that the run doctor finds, the worst first. Remembered with the metrics."""
    known = _findings.setdefault(metrics, {})
    if job.progress not in known:
        known[job.progress] = examine(metrics.points, progress=job.progress)
    return known[job.progress]


def first_of(found: Iterable[Finding], hidden: Collection[str]) -> Finding | None:
    """The worst one that nobody hid."""
    return next((each for each in found if each.name not in hidden), None)


def _read(logged: Sequence[MetricPoint]) -> LossFacts | None:
    known = curves(logged)
    train, evaluation = find(known, TRAIN_LOSS), find(known, EVAL_LOSS)
    if train is None and evaluation is None:
        broken = find(never(logged), (*TRAIN_LOSS, *EVAL_LOSS))
        return None if broken is None else LossFacts(never=broken)
    return LossFacts(
        None if train is None else _loss(train), None if evaluation is None else _loss(evaluation)
    )


def _loss(curve: Curve) -> Loss:
    known = summary(curve)
    best = Best(known.lowest, known.lowest_step, curve.has_steps)
    return Loss(known.last, best, trend_of(curve.values), curve.broken)


def trend_of(values: Sequence[float]) -> Trend | None:
    """Where the last quarter of these values goes, beyond its noise; None where there are too few."""
    if len(values) < _FEWEST:
        return None
    lately = values[-max(_LEAST_WINDOW, len(values) // _WINDOW) :]
    largest = max(map(abs, lately))
    if largest == 0:
        return Trend.LEVEL
    scaled = [value / largest for value in lately]  # so that no sum of them is infinite
    half = len(scaled) // 2
    before, after = scaled[:half], scaled[-half:]
    change = fmean(after) - fmean(before)
    error = ((pstdev(before) ** 2 + pstdev(after) ** 2) / half) ** 0.5
    if abs(change) <= max(_NOISE * error, _LEAST_CHANGE * abs(fmean(before))):
        return Trend.LEVEL
    return Trend.FALLING if change < 0 else Trend.RISING

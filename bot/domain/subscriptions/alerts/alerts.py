"""Whether an alert's condition is met: from a job's state and what it has logged. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from bot.domain.commands.conditions.condition import (
    COST,
    ETA,
    GPU_HOURS,
    NO_BETTER,
    PROGRESS,
    QUEUED,
    Condition,
)
from bot.domain.curves.attempts import current_points
from bot.domain.curves.broken import Broken
from bot.domain.curves.curves import Curve, Direction, curves, direction_of, named, never
from bot.domain.errors import NotUnderstoodError
from bot.domain.job import MetricPoint, TrainingJob
from bot.domain.job.cost import SIGNS, Money, type_name
from bot.domain.subscriptions.alerts.job_values import (
    cost_verdict,
    eta_verdict,
    gpu_hours_verdict,
    progress_verdict,
    queued_verdict,
)
from bot.domain.subscriptions.alerts.metric_values import metric_verdict
from bot.domain.subscriptions.alerts.verdict import Verdict
from bot.domain.subscriptions.watch_state import WatchedState

Prices = Mapping[str, Money]
"""Of a GPU-hour, by `bot.domain.job.cost.type_name`."""

NO_PRICES: Final[Prices] = MappingProxyType({})
_CODES: Final = {"$": "USD", "€": "EUR", "£": "GBP", "₹": "INR"}
"""What a sign most likely stands for: somebody may type one and the operator have written the other."""


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
class Situation:
    """What is known of a job at one moment, for all of its alerts."""

    state: WatchedState
    logged: Logged
    now: datetime
    prices: Prices = field(default_factory=dict)


def objection(condition: Condition, job: TrainingJob, prices: Prices) -> NotUnderstoodError | None:
    """Why nobody could tell whether this is met, though it can be read; with what can be waited for."""
    if condition.operator == NO_BETTER and direction_of(condition.key) is Direction.NEITHER:
        reason = f"I don't know whether `{condition.key}` is better high or low. Wait for a value of it."
        return NotUnderstoodError(condition.text, reason, f"{condition.key} > 1")
    if condition.key != COST:
        return None
    price = prices.get(type_name(job.infra_config.gpu_type or ""))
    if price is None:
        reason = "No price of a GPU-hour is set for this job's GPUs, so its cost is unknown."
        return NotUnderstoodError(condition.text, reason, f"{GPU_HOURS} > 100")
    typed, counted = (_CODES.get(each, each) for each in (condition.currency, price.currency))
    if typed and counted and typed != counted:
        meant = replace(condition, currency="" if price.currency in SIGNS else price.currency)
        return NotUnderstoodError(condition.text, f"Costs are counted in {price.currency} here.", meant.text)
    return None


def objection_for_any(condition: Condition, prices: Prices) -> NotUnderstoodError | None:
    """The same for a group, whose members may run on any GPUs: where it holds for all of them."""
    priced = [TrainingJob.model_validate({"infra_config": {"gpu_type": each}}) for each in prices]
    refused = [objection(condition, job, prices) for job in priced or [TrainingJob.model_construct()]]
    return next(iter(refused)) if all(refused) else None


def verdict(condition: Condition, situation: Situation, since: datetime) -> Verdict:
    """Whether the condition of an alert that was set at ``since`` is met.

    Of a metric the last value decides, or any that Simplismart says was logged after that: what comes and
    goes between two polls counts too. A series that is no number any more has no last value.
    """
    state, now = situation.state, situation.now
    if condition.key == PROGRESS:
        return progress_verdict(condition, state)
    if condition.key == ETA:
        return eta_verdict(condition, state, now)
    if condition.key == QUEUED:
        return queued_verdict(condition, state, now)
    if condition.key == GPU_HOURS:
        return gpu_hours_verdict(condition, state, now)
    if condition.key == COST:
        return cost_verdict(condition, state, now, situation.prices)
    return _metric(condition, situation.logged, since)


def _metric(condition: Condition, logged: Logged, since: datetime) -> Verdict:
    curve = named(logged.known, condition.key)
    if curve is not None:
        points = logged.points[curve.key]
        fresh = {point.step for point in points if point.timestamp and point.timestamp > since}
        return metric_verdict(condition, curve, fresh)
    broken = named(logged.never, condition.key)
    said = f"{broken.key} is {broken.words}" if broken else "it never logged that metric"
    return Verdict(is_met=False, evidence=said)

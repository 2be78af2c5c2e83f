"""Conditions on what a job has logged: a value of a metric, a change of it, or none for too long."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import accumulate

from bot.domain.commands.conditions.condition import FALLS, NO_BETTER, Condition
from bot.domain.curves.curves import Curve, Direction, direction_of
from bot.domain.spelling import measured
from bot.domain.subscriptions.alerts.verdict import Verdict

Steps = Collection[int | None]
"""The steps that were logged since the alert was set."""


def metric_verdict(condition: Condition, curve: Curve, fresh: Steps) -> Verdict:
    """Whether the condition is met by the last value, or by any of ``fresh`` steps."""
    if condition.operator == NO_BETTER:
        return _no_better(condition, curve)
    return _change(condition, curve, fresh) if condition.is_relative else _comparison(condition, curve, fresh)


def _comparison(condition: Condition, curve: Curve, fresh: Steps) -> Verdict:
    met = [condition.holds(value) for value in curve.values]
    index = _first_met(curve, met, fresh)
    if index is not None:
        return Verdict(is_met=True, evidence=f"{curve.key} hit {_at(curve, index)}")
    return _last(curve)


def _change(condition: Condition, curve: Curve, fresh: Steps) -> Verdict:
    """Measured against the best value of the other side so far: what it had fallen to, or risen to."""
    falls = condition.operator == FALLS
    extremes = list(accumulate(curve.values, max if falls else min))
    share = condition.value / 100
    met = [
        (extreme - value if falls else value - extreme) >= share * abs(extreme) > 0
        for value, extreme in zip(curve.values, extremes, strict=True)
    ]
    index = _first_met(curve, met, fresh)
    if index is None:
        return _last(curve)
    origin = curve.values.index(extremes[index])
    verb = "fell" if falls else "rose"
    percent = 100 * abs(curve.values[index] - extremes[index]) / abs(extremes[index])
    said = f"{curve.key} {verb} {percent:.3g}% from {_at(curve, origin)} to {_at(curve, index)}"
    return Verdict(is_met=True, evidence=said)


def _no_better(condition: Condition, curve: Curve) -> Verdict:
    values = curve.values
    best = values.index(max(values) if direction_of(curve.key) is Direction.HIGHER else min(values))
    steps = curve.steps[-1] - curve.steps[best]
    if steps < condition.value:
        return Verdict(is_met=False, evidence=f"best value {_at(curve, best)}")
    unit = "steps" if curve.has_steps else "values"
    said = f"{curve.key} is no better than {_at(curve, best)} for {steps:,} {unit}"
    return Verdict(is_met=True, evidence=said)


def _first_met(curve: Curve, met: Sequence[bool], fresh: Steps) -> int | None:
    """The last value where it decides, else the first fresh one that does; None where none does."""
    last = len(curve.values) - 1
    if curve.broken is None and met[last]:
        return last
    steps = curve.steps if curve.has_steps else ()
    return next((index for index, step in enumerate(steps) if met[index] and step in fresh), None)


def _last(curve: Curve) -> Verdict:
    last = _at(curve, len(curve.values) - 1)
    if curve.broken is None:
        return Verdict(is_met=False, evidence=f"last value {last}")
    return Verdict(is_met=False, evidence=f"{curve.key} is {curve.broken.words}, last number {last}")


def _at(curve: Curve, index: int) -> str:
    value = measured(curve.values[index])
    return f"{value} at step {curve.steps[index]:,}" if curve.has_steps else value

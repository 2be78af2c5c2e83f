"""Runs that break: values that are no numbers, a loss that grows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median
from typing import Final

from bot.domain.curves.curves import EVAL_LOSS, TRAIN_LOSS, Curve
from bot.domain.curves.run_doctor.findings import Finding, FindingClass, at, where
from bot.domain.curves.run_doctor.series import Series, lasting_noise, noise
from bot.domain.job import MetricPoint
from bot.domain.spelling import measured

_FEWEST_BROKEN: Final = 3
"""One value that is no number may be an overflow that training got over."""
_FEWEST_FROM_THE_START: Final = 5
_FEWEST: Final = 20
"""Points of the loss, before it can be said to diverge."""
_LEARNED: Final = 0.8
"""The loss had fallen to this part of where it began."""
_EXPLODED: Final = 3.0
"""So many times its best, and the loss need not rise any further."""
_STILL_RISING: Final = 1.03
_GROWN: Final = 1.5
"""So many times what it began with, for a loss that never fell."""
_GRADIENTS: Final = ("grad_norm", "train/grad_norm", "gradient_norm")


def nan_metric(series: Series, _progress: float | None) -> Finding | None:
    """The loss is no number any more, and has not become one again."""
    for key, points in series.points.items():
        if key.lower() in {*TRAIN_LOSS, *EVAL_LOSS} and (evidence := _broken(key, points, series)):
            return Finding(
                FindingClass.NAN_METRIC,
                evidence,
                "Go back to a checkpoint from before that, with a lower learning rate, bf16 instead of fp16,"
                " or gradient clipping.",
            )
    return None


def _broken(key: str, points: Sequence[MetricPoint], series: Series) -> str:
    """The words for a series that ends in values that are no numbers; empty where it does not."""
    count, masked = 0, _masked_steps(series) if key.lower() in TRAIN_LOSS else frozenset()
    for point in reversed(points):
        if math.isfinite(point.value) and not (point.value == 0 and point.step in masked):
            break
        count += 1
    before, broken = points[: len(points) - count], points[len(points) - count :]
    if any(not math.isfinite(point.value) for point in before):
        return ""  # it got over that before, or logs nothing at some steps
    if count < (_FEWEST_BROKEN if before else _FEWEST_FROM_THE_START):
        return ""
    first = broken[0]
    since = f" since step {first.step:,}" if first.step is not None else ""
    value = "NaN" if first.value == 0 else measured(first.value)
    if not before:
        return f"{key} has been {value} from the start, {count:,} times"
    return f"{key} is {value}{since}, and was {measured(before[-1].value, 3)} before"


def _masked_steps(series: Series) -> frozenset[int | None]:
    """Trainers that filter NaN log a loss of exactly 0 in its place; the gradients tell at which steps."""
    gradients = next((found for name, found in series.points.items() if name.lower() in _GRADIENTS), ())
    return frozenset(each.step for each in gradients if not math.isfinite(each.value))


def diverging(series: Series, _progress: float | None) -> Finding | None:
    """The loss on the training data grows, far beyond its noise and for long."""
    curve = series.train
    if curve is None or len(curve.values) < _FEWEST or min(curve.values) <= 0:
        return None
    width = max(5, len(curve.values) // 10)
    levels = [median(curve.values[start : start + width]) for start in range(len(curve.values) - width + 1)]
    last, previous, began = levels[-1], levels[-1 - width], levels[0]
    lowest = min(range(len(levels) - width), key=levels.__getitem__)
    best = levels[lowest]
    is_rising = last >= previous * _STILL_RISING or last >= best * _EXPLODED
    before = curve.values[: lowest + width]
    is_high = min(last, previous) > best + max(6 * noise(before), 3 * lasting_noise(before))
    if not (is_rising and is_high and _is_apart(curve, lowest, width)) or last < previous * 0.97:
        return None
    had_learned = best <= began * _LEARNED and last >= began
    never_learned = best > began * _LEARNED and last >= began * _GROWN and previous >= began * 1.2
    if not (had_learned or never_learned or last >= best * _EXPLODED):
        return None
    low = min(range(lowest, lowest + width), key=curve.values.__getitem__)
    evidence = f"{curve.key} rose from {at(curve, low)} to about {measured(last, 3)}"
    return Finding(
        FindingClass.DIVERGING,
        f"{evidence} ({where(curve, len(curve.values) - 1)})",
        "Try a lower learning rate, a longer warm-up or gradient clipping.",
    )


def _is_apart(curve: Curve, lowest: int, width: int) -> bool:
    """Nearly every late value lies above nearly every value of the best stretch."""
    best = sorted(curve.values[lowest : lowest + width])
    late = sorted(curve.values[-2 * width :])
    return late[len(late) // 5] > best[-1 - len(best) // 5]

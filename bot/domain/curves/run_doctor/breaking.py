"""Runs that break: values that are no numbers, a loss that grows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import takewhile
from statistics import median
from typing import Final

from bot.domain.curves.curves import Curve
from bot.domain.curves.loss_names import TRAIN_LOSS, is_evaluation_loss
from bot.domain.curves.run_doctor.findings import Finding, FindingClass, at, where
from bot.domain.curves.run_doctor.series import Series, lasting_noise, lasts, noise
from bot.domain.job import MetricPoint
from bot.domain.spelling import measured

_FEWEST_BROKEN: Final = 3
"""One value that is no number may be an overflow that training got over."""
_FEWEST_FROM_THE_START: Final = 5
_FEWEST_EVALUATIONS: Final = 2
_FEWEST_ZERO: Final = 5
_ABOVE_ZERO: Final = 0.02
"""A loss that is this far above 0 does not come to be exactly 0 by learning from one step to the next."""
_FEWEST: Final = 20
"""Points of the loss, before it can be said to diverge."""
_LEARNED: Final = 0.8
"""The loss had fallen to this part of where it began."""
_EXPLODED: Final = 3.0
"""Multiple of its best at which the loss need not rise any further."""
_STILL_RISING: Final = 1.03
_GROWN: Final = 1.5
"""Multiple of its first value, for a loss that never fell."""
_STILL_THERE: Final = 0.97
"""A level that has fallen below this part of itself comes down again."""
_JUMPED: Final = 1.4
"""Multiple of its earlier level at which a loss that stays there has jumped: new data adds less."""
_BEFORE_A_JUMP: Final = 10
_AFTER_A_JUMP: Final = 8
_BESIDE_A_JUMP: Final = 5
_MANY_BESIDE_A_JUMP: Final = 20
_SURELY: Final = 6.0
"""Standard errors between two levels of a loss that is very noisy."""
_GRADIENTS: Final = ("grad_norm", "train/grad_norm", "gradient_norm")


def nan_metric(series: Series, _progress: float | None) -> Finding | None:
    """The loss is no number any more, and has not become one again."""
    for key, points in series.points.items():
        if evidence := _broken(key, points, series):
            return Finding(
                FindingClass.NAN_METRIC,
                evidence,
                "Go back to a checkpoint from before that, with a lower learning rate, bf16 instead of fp16,"
                " or gradient clipping.",
            )
    return None


def _broken(key: str, points: Sequence[MetricPoint], series: Series) -> str:
    """The words for a loss that ends in values that are no numbers; empty where it does not."""
    is_train = key.lower() in TRAIN_LOSS
    if not is_train and not is_evaluation_loss(key):
        return ""
    masked = _masked_steps(series) if is_train else frozenset()
    tail = list(takewhile(lambda point: _is_no_number(point, masked), reversed(points)))
    if not tail and is_train:
        return _zero(key, points, series)
    before, broken = points[: len(points) - len(tail)], points[len(points) - len(tail) :]
    if any(not math.isfinite(point.value) for point in before):
        return ""  # it got over that before, or logs nothing at some steps
    if len(broken) < (_FEWEST_BROKEN if before else _fewest_from_the_start(series, is_train=is_train)):
        return ""
    first = broken[0]
    value = "NaN" if first.value == 0 else measured(first.value)
    if not before:
        return f"{key} has been {value} from the start, {len(broken):,} times"
    return f"{key} is {value}{_since(first)}, and was {measured(before[-1].value, 3)} before"


def _is_no_number(point: MetricPoint, masked: frozenset[int | None]) -> bool:
    return not math.isfinite(point.value) or (point.value == 0 and point.step in masked)


def _fewest_from_the_start(series: Series, *, is_train: bool) -> int:
    """Evaluations are few; beside a training loss that is a number the second one makes it sure."""
    has_trained = series.train is not None and len(series.train.values) >= _FEWEST
    return _FEWEST_EVALUATIONS if has_trained and not is_train else _FEWEST_FROM_THE_START


def _zero(key: str, points: Sequence[MetricPoint], series: Series) -> str:
    """The words for a loss that fell to exactly 0 at once, as where a trainer filters NaN out."""
    if series.is_reinforcement:
        return ""
    tail = list(takewhile(lambda point: point.value == 0, reversed(points)))
    before = [point.value for point in points[: len(points) - len(tail)]][-_FEWEST_ZERO:]
    if len(tail) < _FEWEST_ZERO or len(before) < _FEWEST_ZERO or not min(before) >= _ABOVE_ZERO:
        return ""
    return f"{key} is exactly 0{_since(tail[-1])}, and was {measured(before[-1], 3)} before"


def _since(point: MetricPoint) -> str:
    return f" since step {point.step:,}" if point.step is not None else ""


def _masked_steps(series: Series) -> frozenset[int | None]:
    """Trainers that filter NaN log a loss of exactly 0 in its place; the gradients tell at which steps."""
    gradients = next((found for name, found in series.points.items() if name.lower() in _GRADIENTS), ())
    return frozenset(each.step for each in gradients if not math.isfinite(each.value))


def diverging(series: Series, _progress: float | None) -> Finding | None:
    """The loss on the training data grows, far beyond its noise and for long, or stays where it jumped to."""
    curve = series.train
    if curve is None or len(curve.values) < _FEWEST or min(curve.values) <= 0:
        return None
    best = _best_before_growth(curve)
    if best is None:
        best = _best_before_jump(curve)
    if best is None:
        return None
    width = _width(curve)
    evidence = (
        f"{curve.key} rose from {at(curve, best)} to about {measured(median(curve.values[-width:]), 3)}"
    )
    return Finding(
        FindingClass.DIVERGING,
        f"{evidence} ({where(curve, len(curve.values) - 1)})",
        "Try a lower learning rate, a longer warm-up or gradient clipping.",
    )


def _width(curve: Curve) -> int:
    return max(5, len(curve.values) // 10)


def _best_before_growth(curve: Curve) -> int | None:
    """Where the loss was lowest before it grew back to where it began, or to a multiple of its best."""
    width = _width(curve)
    levels = [median(curve.values[start : start + width]) for start in range(len(curve.values) - width + 1)]
    last, previous, began = levels[-1], levels[-1 - width], levels[0]
    lowest = min(range(len(levels) - width), key=levels.__getitem__)
    best = levels[lowest]
    is_rising = last >= previous * _STILL_RISING or last >= best * _EXPLODED
    before = curve.values[: lowest + width]
    is_high = min(last, previous) > best + max(6 * noise(before), 3 * lasting_noise(before))
    if not (is_rising and is_high and _is_apart(curve, lowest, width)) or last < previous * _STILL_THERE:
        return None
    had_learned = best <= began * _LEARNED and last >= began
    never_learned = best > began * _LEARNED and last >= began * _GROWN and previous >= began * 1.2
    if not (had_learned or never_learned or last >= best * _EXPLODED):
        return None
    return min(range(lowest, lowest + width), key=curve.values.__getitem__)


def _best_before_jump(curve: Curve) -> int | None:
    """Where the loss was lowest just before it jumped at once to a level which it has kept since.

    Nearly every value since lies above nearly every one of the stretch before, and a run that learns what is
    new in its data comes down again.
    """
    values, stretch = curve.values, max(_BEFORE_A_JUMP, len(curve.values) // 5)
    fewest = max(_AFTER_A_JUMP, len(values) // 12)
    jump = _largest_jump(values, fewest)
    if jump is None:
        return None
    before, after = values[max(0, jump - stretch) : jump], values[jump:]
    third = len(after) // 3
    fell = median(after[:third]) - median(after[-third:])
    if fell > max(median(after[:third]) * (1 - _STILL_THERE), _error(after, third)):
        return None
    if median(after) < median(before) * _JUMPED or not (
        _is_off(before, after) or _is_surely_off(before, after)
    ):
        return None
    return min(range(max(0, jump - stretch), jump), key=values.__getitem__)


def _is_off(before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether nearly every value after lies above nearly every one before, far beyond the noise."""
    low, high = sorted(before), sorted(after)
    is_far = median(after) - median(before) > 4 * lasting_noise(before)
    return is_far and high[len(high) // 10] > low[-1 - len(low) // 20]


def _is_surely_off(before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether so many values after lie above those before that noise, however great, does not explain it."""
    if min(len(before), len(after)) < _MANY_BESIDE_A_JUMP:
        return False
    low, high = sorted(before), sorted(after)
    spread = lasting_noise(after) * math.sqrt(lasts(after) / len(after) + lasts(before) / len(before))
    is_far = median(after) - median(before) > _SURELY * spread
    return is_far and high[len(high) // 4] > low[-1 - len(low) // 4]


def _error(values: Sequence[float], count: int) -> float:
    """How far the medians of two such parts of a level may lie apart by chance (three standard errors)."""
    return 3 * 1.25 * noise(values) * math.sqrt(2 / count)


def _largest_jump(values: Sequence[float], fewest: int) -> int | None:
    """Where the medians of the values before and after are furthest apart."""
    places = range(_BEFORE_A_JUMP, len(values) - fewest + 1)
    beside = _BESIDE_A_JUMP

    def height(place: int) -> float:
        return median(values[place : place + beside]) / median(values[place - beside : place])

    place = max(places, key=height, default=None)
    if place is None:
        return None
    # A median of several does not see a few that already lie on the other side; a sum does.
    nearby = range(max(places.start, place - beside // 2), min(places.stop, place + beside // 2 + 1))
    return max(nearby, key=lambda each: sum(values[each : each + beside]) - sum(values[each - beside : each]))


def _is_apart(curve: Curve, lowest: int, width: int) -> bool:
    """Nearly every late value lies above nearly every value of the best stretch."""
    best = sorted(curve.values[lowest : lowest + width])
    late = sorted(curve.values[-2 * width :])
    return late[len(late) // 5] > best[-1 - len(best) // 5]

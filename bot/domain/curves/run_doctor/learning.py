"""Runs that learn nothing more, only by heart, or too easily."""

from __future__ import annotations

import math
from statistics import median
from typing import Final

from bot.domain.curves.curves import Curve
from bot.domain.curves.run_doctor.findings import Finding, FindingClass, at, where
from bot.domain.curves.run_doctor.series import Series, lasting_noise, lasts, mean, noise

_FEWEST_EVALUATIONS: Final = 5
_LATER_EVALUATIONS: Final = 3
"""So many in a row, the last ones, are worse than the best."""
_WORSE: Final = 1.08
_TRAIN_FELL: Final = 0.95

_FEWEST_FLAT: Final = 60
_FLAT: Final = 0.0075
"""A loss is level where over half of the run it surely fell by less than this part of itself."""
_NEAR_THE_START: Final = 0.7
"""Without evaluations only a loss is called level that is still so much of what it began with."""
_PROGRESS_WITHOUT_RATE: Final = 60.0
_LATEST_PROGRESS: Final = 80.0
_EARLIEST_PROGRESS: Final = 40.0
_RATE_LEFT: Final = 0.3
"""Below this part of its highest, the learning rate alone makes a loss level."""

_LOW: Final = 0.01
_FEWEST_LOW: Final = 10
_EARLY_PROGRESS: Final = 35.0


def overfitting(series: Series, _progress: float | None) -> Finding | None:
    """The loss on held-out data rises while the one on the training data goes on falling."""
    train, held_out = series.train, series.evaluation
    if train is None or held_out is None or not (train.has_steps and held_out.has_steps):
        return None
    values = held_out.values
    best = min(range(len(values)), key=values.__getitem__)
    later = values[best + 1 :]
    if len(values) < _FEWEST_EVALUATIONS or len(later) < _LATER_EVALUATIONS or values[best] <= 0:
        return None
    recent = values[-_LATER_EVALUATIONS:]
    bar = max(values[best] * _WORSE, values[best] + 4 * noise(values))
    still_there = values[-1] >= max(later) * 0.97
    if min(recent) <= (values[best] + bar) / 2 or values[-1] <= bar or not still_there:
        return None
    fell = _train_fell(train, held_out.steps[best])
    if fell is None:
        return None
    then, now = fell
    return Finding(
        FindingClass.OVERFITTING,
        f"{held_out.key} rose from {at(held_out, best)} to {at(held_out, len(values) - 1)}"
        f" while {train.key} fell from {then:.3g} to {now:.3g}",
        "Use the checkpoint from where it was best, or try fewer epochs, a lower learning rate or more data.",
    )


def _train_fell(train: Curve, step: int) -> tuple[float, float] | None:
    """The loss on the training data around that step and now, where it fell by more than its noise."""
    width = max(3, min(10, len(train.values) // 8))
    middle = next((index for index, each in enumerate(train.steps) if each >= step), len(train.steps))
    then = train.values[max(0, middle - width) : middle + width]
    now = train.values[-width:]
    if len(train.values) - middle < width or len(then) < width or median(now) <= 0:
        return None
    before, after = median(then), median(now)
    margin = noise(train.values) / width**0.5
    return (before, after) if after < before * _TRAIN_FELL and before - after > 2 * margin else None


def plateau(series: Series, progress: float | None) -> Finding | None:
    """The loss has been level for half of the run, though the learning rate is not what keeps it there."""
    train, held_out = series.train, series.evaluation
    if train is None or len(train.values) < _FEWEST_FLAT or min(train.values) <= 0:
        return None
    if not _may_still_learn(series.learning_rate, progress):
        return None
    half = len(train.values) // 2
    if not _is_level(train.values[half:]):
        return None
    start, level = median(train.values[:5]), median(train.values[half:])
    evaluations = () if held_out is None else _since(held_out, train.steps[half])
    if len(evaluations) >= _FEWEST_EVALUATIONS:
        if not _is_level(evaluations):
            return None
    elif level < start * _NEAR_THE_START:
        return None
    return Finding(
        FindingClass.PLATEAU,
        f"{train.key} has stayed near {level:.3g} since {where(train, half)},"
        f" and the last value is {at(train, len(train.values) - 1)}",
        "If that is not good enough yet, try another learning rate, or look whether the data still has"
        " something to teach.",
    )


def _may_still_learn(rate: Curve | None, progress: float | None) -> bool:
    if progress is not None and not _EARLIEST_PROGRESS <= progress <= _LATEST_PROGRESS:
        return False
    if rate is None or max(rate.values) <= 0:
        return progress is not None and progress <= _PROGRESS_WITHOUT_RATE
    return rate.values[-1] >= max(rate.values) * _RATE_LEFT


def _is_level(values: tuple[float, ...]) -> bool:
    """Whether it surely fell by less than `_FLAT` from its first half to its second, and did not rise."""
    half = len(values) // 2
    before, after = mean(values[:half]), mean(values[-half:])
    error = lasting_noise(values) * math.sqrt(2 * lasts(values) / half)
    return abs(before - after) + 2 * error < _FLAT * before


def _since(curve: Curve, step: int) -> tuple[float, ...]:
    return tuple(value for each, value in zip(curve.steps, curve.values, strict=True) if each >= step)


def suspiciously_low_loss(series: Series, progress: float | None) -> Finding | None:
    """The loss is near zero before the data can have been learned, or on data the job should not know."""
    if series.is_preference:
        return None
    held_out, train = series.evaluation, series.train
    if held_out is not None and len(held_out.values) > 1 and all(0 <= v < _LOW for v in held_out.values[-2:]):
        return _low(held_out, "Look whether the held-out examples are among the training data.")
    if train is None or len(train.values) < _FEWEST_LOW or not _is_early(series.epoch, progress):
        return None
    if not all(0 <= value < _LOW for value in train.values[-5:]):
        return None
    if all(value == 0 for value in train.values[-5:]):
        return _low(train, "It may be that no token counts: look at the labels and the chat template.")
    return _low(train, "It may be label leakage, or the answer stands in the prompt: look at a few examples.")


def _is_early(epoch: float | None, progress: float | None) -> bool:
    """Within the first time through the data, or early in the job where that is not known."""
    if epoch is not None:
        return epoch < 1
    return progress is not None and progress <= _EARLY_PROGRESS


def _low(curve: Curve, advice: str) -> Finding:
    last = len(curve.values) - 1
    began = f", and began at {at(curve, 0)}" if curve.values[0] >= _LOW else ""
    return Finding(FindingClass.SUSPICIOUSLY_LOW_LOSS, f"{curve.key} is {at(curve, last)}{began}", advice)

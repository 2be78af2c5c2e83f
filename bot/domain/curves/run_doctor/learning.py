"""Runs that learn nothing more, only by heart, or too easily."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from bot.domain.curves.curves import Curve
from bot.domain.curves.run_doctor.findings import Finding, FindingClass, at, where
from bot.domain.curves.run_doctor.series import Series, lasting_noise, lasts, mean, noise

_FEWEST_EVALUATIONS: Final = 5
_FEW_EVALUATIONS: Final = 3
_FEWEST_BESIDE_FEW: Final = 20
"""Points of the training loss, before so few evaluations say anything."""
_CLEAR_STEP: Final = 1.08
_CLEARLY_WORSE: Final = 1.25
_LATER_EVALUATIONS: Final = 3
"""Number of last values, in a row, that are worse than the best."""
_WORSE: Final = 1.08
_BESIDE_THE_BEST: Final = 2
_TRAIN_FELL: Final = 0.95

_FEWEST_FLAT: Final = 60
_FEWEST_UNLEARNED: Final = 30
_FLAT: Final = 0.0075
"""A loss is level where over half of the run it surely fell by less than this part of itself."""
_SURE: Final = 1.2
"""Standard errors from which on a fall counts as one that goes on."""
_CONSTANT: Final = 0.9
_CHANCE: Final = 2.5
"""Fewer standard errors may be chance in any run."""
_TELLING: Final = 0.03
"""A standard error of less than this part of the loss shows whether it has fallen."""
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
    train = series.train
    if train is None or not train.has_steps:
        return None
    for held_out in series.evaluations:
        if not held_out.has_steps or not (_surely_rose(held_out.values) or _clearly_rose(held_out, train)):
            continue
        best = min(range(len(held_out.values)), key=held_out.values.__getitem__)
        fell = _train_fell(train, held_out.steps[best])
        if fell is not None:
            then, now = fell
            return Finding(
                FindingClass.OVERFITTING,
                f"{held_out.key} rose from {at(held_out, best)} to {at(held_out, len(held_out.values) - 1)}"
                f" while {train.key} fell from {then:.3g} to {now:.3g}",
                "Use the checkpoint from where it was best, or try fewer epochs, a lower learning rate or"
                " more data.",
            )
    return None


def _surely_rose(values: Sequence[float]) -> bool:
    """Whether the last of many evaluations are all worse than the best, by more than their noise."""
    best = min(range(len(values)), key=values.__getitem__)
    later = values[best + 1 :]
    if len(values) < _FEWEST_EVALUATIONS or len(later) < _LATER_EVALUATIONS or values[best] <= 0:
        return False
    recent = values[-_LATER_EVALUATIONS:]
    bar = max(values[best] * _WORSE, values[best] + 4 * noise(values))
    still_there = values[-1] >= max(later) * 0.97
    if not (min(recent) > (values[best] + bar) / 2 and values[-1] > bar and still_there):
        return False
    # The best of many is low by chance too; those beside it are less so.
    beside = median(values[max(0, best - _BESIDE_THE_BEST) : best + _BESIDE_THE_BEST + 1])
    return mean(recent) > beside + _CHANCE * noise(values)


def _clearly_rose(held_out: Curve, train: Curve) -> bool:
    """Whether a few evaluations, such as one an epoch, rise in great steps from the best to the last."""
    values = held_out.values
    if len(train.values) < _FEWEST_BESIDE_FEW or len(values) < _FEW_EVALUATIONS or min(values) <= 0:
        return False
    last = values[-_FEW_EVALUATIONS:]
    return (
        last[0] == min(values)
        and all(after >= before * _CLEAR_STEP for before, after in pairwise(last))
        and last[-1] >= last[0] * _CLEARLY_WORSE
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
    train = series.train
    if train is None or len(train.values) < _FEWEST_UNLEARNED or min(train.values) <= 0:
        return None
    if not _may_still_learn(series.learning_rate, progress):
        return None
    half = len(train.values) // 2
    if not (_is_plateau(series, train, half) or _never_fell(series, train)):
        return None
    return Finding(
        FindingClass.PLATEAU,
        f"{train.key} has stayed near {median(train.values[half:]):.3g} since {where(train, half)},"
        f" and the last value is {at(train, len(train.values) - 1)}",
        "If that is not good enough yet, try another learning rate, or look whether the data still has"
        " something to teach.",
    )


def _is_plateau(series: Series, train: Curve, half: int) -> bool:
    """Whether the loss is level and so are evaluations, or without them it is still near where it began."""
    if len(train.values) < _FEWEST_FLAT or not _is_level(train.values[half:]):
        return False
    evaluations = next((_since(each, train.steps[half]) for each in series.evaluations), ())
    if len(evaluations) >= _FEWEST_EVALUATIONS:
        return _is_level(evaluations)
    return median(train.values[half:]) >= median(train.values[:5]) * _NEAR_THE_START


def _never_fell(series: Series, train: Curve) -> bool:
    """Whether the loss is, as far as its noise lets one see, where it was in the first steps.

    Noise may hide what a slow run has learned; so this is said only of one whose rate is what it was at its
    highest, and which no evaluation shows to learn.
    """
    rate = series.learning_rate
    if rate is None or rate.values[-1] < max(rate.values) * _CONSTANT:
        return False
    if any(each.values[-1] < each.values[0] for each in series.evaluations):
        return False
    values = train.values
    tenth = max(6, len(values) // 10)
    parts = values[:tenth], values[tenth : len(values) // 2], values[len(values) // 2 :]
    began, early, late = (mean(part) for part in parts)
    error = lasting_noise(values) * math.sqrt(lasts(values) / tenth)
    return (
        error < _TELLING * late
        and abs(began - late) < _CHANCE * error
        and abs(early - late) < _CHANCE * error / 2
    )


def _may_still_learn(rate: Curve | None, progress: float | None) -> bool:
    if progress is not None and not _EARLIEST_PROGRESS <= progress <= _LATEST_PROGRESS:
        return False
    if rate is None or max(rate.values) <= 0:
        return progress is not None and progress <= _PROGRESS_WITHOUT_RATE
    return rate.values[-1] >= max(rate.values) * _RATE_LEFT


def _is_level(values: Sequence[float]) -> bool:
    """Whether it surely fell by less than `_FLAT` from its first half to its second, and did not rise.

    A fall that is surely there, however slow, is one that goes on.
    """
    half = len(values) // 2
    before, after = mean(values[:half]), mean(values[-half:])
    error = lasting_noise(values) * math.sqrt(2 * lasts(values) / half)
    return abs(before - after) + 2 * error < _FLAT * before and before - after <= _SURE * error


def _since(curve: Curve, step: int) -> tuple[float, ...]:
    return tuple(value for each, value in zip(curve.steps, curve.values, strict=True) if each >= step)


def suspiciously_low_loss(series: Series, progress: float | None) -> Finding | None:
    """The loss is near zero before the data can have been learned, or on data the job should not know."""
    if series.is_preference:
        return None
    train = series.train
    for held_out in series.evaluations:
        if len(held_out.values) > 1 and all(0 <= value < _LOW for value in held_out.values[-2:]):
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

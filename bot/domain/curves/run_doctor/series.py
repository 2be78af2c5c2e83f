"""A job's metrics made ready to be judged: of this run only, thinned, with the noise known."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Final

from bot.domain.curves.attempts import current_points
from bot.domain.curves.curves import Curve, curves, find
from bot.domain.curves.loss_names import EVAL_LOSS, TRAIN_LOSS, is_evaluation_loss
from bot.domain.job import MetricPoint

_APART: Final = 10
_MOST: Final = 400
"""Points of a series that are looked at: of a longer one the medians of neighbours."""
_LEARNING_RATES: Final = ("learning_rate", "lr", "train/learning_rate", "train/lr")
_PREFERENCE: Final = ("logps/", "logits/")
_PREFERENCE_REWARDS: Final = frozenset(
    f"rewards/{name}" for name in ("chosen", "rejected", "accuracies", "margins")
)
"""What training on preferences (DPO and its kin) logs beside its loss."""
_REINFORCEMENT: Final = frozenset(
    {"reward", "kl", "objective/kl", "policy_loss", "value_loss", "loss/policy_avg", "approx_kl"}
)
_REINFORCEMENT_PREFIXES: Final = ("rewards/", "objective/", "env/", "val/rewards", "critic/", "actor/")
"""What training by reinforcement (PPO, GRPO) logs, whose loss says nothing about quality."""


@dataclass(frozen=True, slots=True)
class Series:
    """What there is to judge."""

    points: Mapping[str, Sequence[MetricPoint]]
    """By key, in the order of their steps: also those that are no numbers."""
    train: Curve | None
    evaluations: Sequence[Curve]
    """The loss on held-out data; where only sets have one, one a set."""
    learning_rate: Curve | None
    is_preference: bool
    is_reinforcement: bool
    epoch: float | None
    """How often the data was gone through at the last point, where that is known."""


def series_of(points: Iterable[MetricPoint]) -> Series:
    """What is known, without what an earlier attempt logged beyond the checkpoint this one began at."""
    current = current_points(points)
    known = curves(each for found in current.values() for each in found)
    train = find(known, TRAIN_LOSS)
    names = {key.lower().removeprefix("train/") for key in current}
    is_preference = any(name in _PREFERENCE_REWARDS or name.startswith(_PREFERENCE) for name in names)
    last = current[train.key][-1:] if train else ()
    return Series(
        points=current,
        train=thinned(train) if train else None,
        evaluations=tuple(thinned(each) for each in _evaluations(known)),
        learning_rate=find(known, _LEARNING_RATES),
        is_preference=is_preference,
        is_reinforcement=bool(names & _REINFORCEMENT)
        or any(name.startswith(_REINFORCEMENT_PREFIXES) for name in names - _PREFERENCE_REWARDS),
        epoch=last[0].epoch if last else None,
    )


def _evaluations(known: Mapping[str, Curve]) -> Sequence[Curve]:
    whole = find(known, EVAL_LOSS)
    return (whole,) if whole else [curve for key, curve in known.items() if is_evaluation_loss(key)]


def thinned(curve: Curve) -> Curve:
    """At most `_MOST` points: each the median of some neighbours, at the last one's step."""
    if len(curve.values) <= _MOST:
        return curve
    size = -(-len(curve.values) // _MOST)
    starts = range(0, len(curve.values), size)
    return replace(
        curve,
        steps=tuple(curve.steps[min(start + size, len(curve.steps)) - 1] for start in starts),
        # Halved, since the sum of two of the largest values is no double.
        values=tuple(
            2 * median(value / 2 for value in curve.values[start : start + size]) for start in starts
        ),
    )


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; each value gives its part, since the sum of the largest ones is no double."""
    return 2 * math.fsum(value / 2 / len(values) for value in values)


def noise(values: Sequence[float]) -> float:
    """How far a value lies off the line through its neighbours, usually (a standard deviation).

    0 for fewer than four values.
    """
    if len(values) < 4:  # noqa: PLR2004  (fewer have no usual)
        return 0.0
    slopes = [after / 2 - before / 2 for before, after in pairwise(values)]
    return 2 * median(abs(after - before) for before, after in pairwise(slopes)) / 1.65


def lasting_noise(values: Sequence[float]) -> float:
    """The same for noise that lasts for several steps; the trend of the values counts too."""
    if len(values) < 4:  # noqa: PLR2004  (as above)
        return 0.0
    apart = min(_APART, len(values) // 3)
    differences = (abs(after / 2 - before / 2) for before, after in zip(values, values[apart:], strict=False))
    return max(noise(values), 2 * median(differences) / 0.954)


def lasts(values: Sequence[float]) -> float:
    """Values in a row that count as one, where noise lasts for several steps; at least 1."""
    if len(values) < 2 * _APART:
        return 1.0
    middle = mean(values)
    scaled = [value / 2 - middle / 2 for value in values]
    power = sum(each * each for each in scaled)
    if not 0 < power < math.inf:
        return 1.0
    follows = sum(before * after for before, after in pairwise(scaled)) / power
    return (1 + follows) / (1 - follows) if 0 < follows < 1 else 1.0

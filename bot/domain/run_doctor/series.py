"""A job's metrics made ready to be judged: of this run only, thinned, with the noise known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Final

from bot.domain.curves import EVAL_LOSS, TRAIN_LOSS, Curve, curves, find
from bot.domain.job import MetricPoint

_MOST: Final = 400
"""Points of a series that are looked at: of a longer one the medians of neighbours."""
_LEARNING_RATES: Final = ("learning_rate", "lr", "train/learning_rate", "train/lr")
_PREFERENCE: Final = ("rewards/", "logps/", "logits/")
"""What training on preferences (DPO) logs beside its loss."""
_REINFORCEMENT: Final = frozenset(
    {"reward", "kl", "objective/kl", "policy_loss", "value_loss", "loss/policy_avg", "train/reward"}
)
"""What training by reinforcement (PPO, GRPO) logs, whose loss says nothing about quality."""


@dataclass(frozen=True, slots=True)
class Series:
    """What there is to judge."""

    points: Mapping[str, Sequence[MetricPoint]]
    """By key, in the order of their steps: also those that are no numbers."""
    train: Curve | None
    evaluation: Curve | None
    learning_rate: Curve | None
    is_preference: bool
    is_reinforcement: bool
    epoch: float | None
    """How often the data was gone through at the last point, where that is known."""


def series_of(points: Iterable[MetricPoint]) -> Series:
    """What is known, without what an earlier attempt logged beyond the checkpoint this one began at."""
    by_key: dict[str, list[MetricPoint]] = {}
    for point in points:
        by_key.setdefault(point.key, []).append(point)
    current = {key: _current(found) for key, found in by_key.items()}
    known = curves(each for found in current.values() for each in found)
    train, evaluation = find(known, TRAIN_LOSS), find(known, EVAL_LOSS)
    names = {key.lower() for key in by_key}
    last = current[train.key][-1:] if train else ()
    return Series(
        points=current,
        train=thinned(train),
        evaluation=thinned(evaluation),
        learning_rate=find(known, _LEARNING_RATES),
        is_preference=any(name.removeprefix("train/").startswith(_PREFERENCE) for name in names),
        is_reinforcement=bool(names & _REINFORCEMENT),
        epoch=last[0].epoch if last else None,
    )


def _current(found: Sequence[MetricPoint]) -> Sequence[MetricPoint]:
    """One key's points by step; where the steps began again, without the older ones beyond."""
    if any(point.step is None for point in found):
        return found
    if all(point.timestamp is not None for point in found):
        found = sorted(found, key=_moment)
        kept: list[MetricPoint] = []
        for point in found:
            while kept and (kept[-1].step or 0) >= (point.step or 0):
                kept.pop()
            kept.append(point)
        return kept
    by_step = {point.step: point for point in found}
    return sorted(by_step.values(), key=lambda point: point.step or 0)


def _moment(point: MetricPoint) -> tuple[float, int]:
    return point.timestamp.timestamp() if point.timestamp else 0.0, point.step or 0


def thinned(curve: Curve | None) -> Curve | None:
    """At most `_MOST` points: each the median of some neighbours, at the last one's step."""
    if curve is None or len(curve.values) <= _MOST:
        return curve
    size = -(-len(curve.values) // _MOST)
    starts = range(0, len(curve.values), size)
    return replace(
        curve,
        steps=tuple(curve.steps[min(start + size, len(curve.steps)) - 1] for start in starts),
        values=tuple(median(curve.values[start : start + size]) for start in starts),
    )


def noise(values: Sequence[float]) -> float:
    """How far a value lies off the line through its neighbours, usually; 0 for fewer than four values."""
    if len(values) < 4:  # noqa: PLR2004  (fewer have no usual)
        return 0.0
    slopes = [after / 2 - before / 2 for before, after in pairwise(values)]
    return 2 * median(abs(after - before) for before, after in pairwise(slopes)) / 1.65

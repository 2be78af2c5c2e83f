"""A job's metrics as curves: one per key, what is best in each, and the few steps worth showing."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Final, TypeVar

from bot.domain.commands.typed import folded
from bot.domain.curves.broken import Broken, broken_series
from bot.domain.curves.loss_names import EVAL_LOSS, TRAIN_LOSS
from bot.domain.job import MetricPoint

MOST_POINTS: Final = 20
"""What Slack's chart takes of one series."""
_WORDS: Final = re.compile(r"[a-z]+|\d+")
_LOWER: Final = frozenset(
    {"loss", "losses", "perplexity", "ppl", "wer", "cer", "mae", "mse", "rmse", "error"}
)
_HIGHER: Final = frozenset(
    {"accuracy", "accuracies", "acc", "f", "bleu", "rouge", "precision", "recall", "auc", "score", "reward"}
)
_MARGIN: Final = "margins"
_BLOCKS: Final = "▁▂▃▄▅▆▇█"
_Series = TypeVar("_Series")


class Direction(Enum):
    """Which values of a series are good ones."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Curve:
    """One series: finite values at rising steps, at least one."""

    key: str
    steps: tuple[int, ...]
    values: tuple[float, ...]
    has_steps: bool = True
    """False where the points came without: they are counted then, from 1."""
    broken: Broken | None = None
    """Where it ends in values that are no numbers: what it has come to."""

    def at(self, step: int) -> float:
        """The value there: as measured, on the straight line between two measurements, or the nearest one."""
        after = bisect_left(self.steps, step)
        if after == len(self.steps):
            return self.values[-1]
        if after == 0 or self.steps[after] == step:
            return self.values[after]
        before = after - 1
        share = (step - self.steps[before]) / (self.steps[after] - self.steps[before])
        low, high = sorted((self.values[before], self.values[after]))
        between = self.values[before] * (1 - share) + self.values[after] * share
        return min(high, max(low, between))  # rounding shall add no new extreme


@dataclass(frozen=True, slots=True)
class Summary:
    """What is said of a curve in a line."""

    last: float
    last_step: int
    lowest: float
    lowest_step: int
    highest: float
    highest_step: int
    direction: Direction

    @property
    def best(self) -> tuple[float, int] | None:
        """The best value and the first step that had it; None where neither end is good."""
        match self.direction:
            case Direction.LOWER:
                return self.lowest, self.lowest_step
            case Direction.HIGHER:
                return self.highest, self.highest_step
        return None


def curves(points: Iterable[MetricPoint]) -> Mapping[str, Curve]:
    """All curves by key, in the order in which the keys first appear.

    A step that was logged twice counts as it was logged last: a job that began again at a checkpoint logs
    some steps anew. Values that are no finite numbers are left out, but see `Curve.broken`; and points
    without a step too where others of the key have one. Series that never were a number are in `never`.
    """
    logged = tuple(points)
    grouped: dict[str, list[MetricPoint]] = {}
    for point in logged:
        if math.isfinite(point.value):
            grouped.setdefault(point.key, []).append(point)
    broken = broken_series(logged)
    return {key: _curve(key, found, broken.get(key)) for key, found in grouped.items()}


def never(points: Iterable[MetricPoint]) -> Mapping[str, Broken]:
    """The series that have no curve, since they never were a number."""
    logged = tuple(points)
    numbers = {point.key for point in logged if math.isfinite(point.value)}
    return {key: each for key, each in broken_series(logged).items() if key not in numbers}


def _curve(key: str, points: Sequence[MetricPoint], broken: Broken | None) -> Curve:
    # Sorting keeps the order of those that cannot be compared.
    in_time = sorted(points, key=lambda point: point.timestamp.timestamp() if point.timestamp else 0.0)
    by_step = {point.step: point.value for point in in_time if point.step is not None}
    if not by_step:
        counted, values = tuple(range(1, len(in_time) + 1)), tuple(point.value for point in in_time)
        return Curve(key, counted, values, has_steps=False, broken=broken)
    steps = tuple(sorted(by_step))
    return Curve(key, steps, tuple(by_step[step] for step in steps), broken=broken)


def direction_of(key: str) -> Direction:
    """Whether a series by that name is better low, better high, or neither."""
    named = set(_WORDS.findall(key.lower()))
    if named & _LOWER or key.lower().endswith("loss"):
        return Direction.LOWER
    return Direction.HIGHER if named & _HIGHER or _MARGIN in named else Direction.NEITHER


def summary(curve: Curve) -> Summary:
    """Its last, lowest and highest value, the latter two at the first step that had them."""
    values, steps = curve.values, curve.steps
    low, high = values.index(min(values)), values.index(max(values))
    return Summary(
        last=values[-1],
        last_step=steps[-1],
        lowest=values[low],
        lowest_step=steps[low],
        highest=values[high],
        highest_step=steps[high],
        direction=direction_of(curve.key),
    )


def losses(known: Mapping[str, _Series]) -> tuple[_Series, ...]:
    """The series people mean by "the loss": of training and of evaluation, as far as they are there."""
    found = (find(known, TRAIN_LOSS), find(known, EVAL_LOSS))
    return tuple(series for series in found if series is not None)


def find(known: Mapping[str, _Series], names: Sequence[str]) -> _Series | None:
    """The series by the first of these names that there is; case is ignored."""
    by_name = {folded(key): curve for key, curve in reversed(tuple(known.items()))}
    return next((by_name[folded(name)] for name in names if folded(name) in by_name), None)


def named(known: Mapping[str, _Series], name: str) -> _Series | None:
    """The series somebody means: by its key, or by any usual name of a loss."""
    exact = known.get(name) or find(known, (name,))
    if exact is not None:
        return exact
    for usual in (TRAIN_LOSS, EVAL_LOSS):
        if folded(name) in usual:
            return find(known, usual)
    return None


def shared_steps(shown: Sequence[Curve], most: int = MOST_POINTS) -> tuple[int, ...]:
    """The steps at which these curves are shown together, rising, at most ``most``.

    Each curve's last value, its lowest and its highest are always among them: ``most`` is more than three
    times the number of curves. The rest is spread evenly, on whatever stands out there.
    """
    everything = sorted({step for curve in shown for step in curve.steps})
    if len(everything) <= most:
        return tuple(everything)
    kept = {everything[0]}
    for curve in shown:
        told = summary(curve)
        kept |= {told.last_step, told.lowest_step, told.highest_step}
    prominence = _prominence(shown)
    chosen = kept
    for parts in range(most - len(kept), most + 1):
        more = kept | _outstanding(everything, kept, prominence, parts)
        if len(more) > most:
            break
        chosen = more
    return tuple(sorted(chosen))


def _outstanding(
    steps: Sequence[int], kept: set[int], prominence: Mapping[int, float], parts: int
) -> set[int]:
    """Of each of ``parts`` equal stretches that holds nothing kept: the step that stands out most."""
    first, height = steps[0], steps[-1] - steps[0]
    ends = [bisect_left(steps, first + height * part // parts) for part in range(1, parts)]
    stretches = [steps[start:end] for start, end in pairwise((0, *ends, len(steps)))]
    return {
        max(stretch, key=prominence.__getitem__)
        for stretch in stretches
        if stretch and kept.isdisjoint(stretch)
    }


def _prominence(shown: Sequence[Curve]) -> Mapping[int, float]:
    """How far each step's value lies from those beside it, as a share of its curve's height."""
    found: dict[int, float] = {}
    for curve in shown:
        low, high = min(curve.values), max(curve.values)
        scaled = [_share(value, low, high) for value in curve.values]
        beside = [scaled[0], *scaled, scaled[-1]]
        for index, step in enumerate(curve.steps):
            away = abs(beside[index + 1] - (beside[index] + beside[index + 2]) / 2)
            found[step] = max(found.get(step, 0.0), away)
    return found


def _share(value: float, low: float, high: float) -> float:
    """Where a value lies between two others, from 0 to 1; halved first, so that no difference is infinite."""
    height = high / 2 - low / 2
    return (value / 2 - low / 2) / height if height > 0 else 0.0


def sparkline(curve: Curve, most: int = MOST_POINTS) -> str:
    """The curve as a row of little bars, one for each of its `shared_steps`."""
    values = [curve.at(step) for step in shared_steps((curve,), most)]
    low, high = min(values), max(values)
    if low == high:
        return _BLOCKS[len(_BLOCKS) // 2 - 1] * len(values)
    return "".join(_BLOCKS[round(_share(value, low, high) * (len(_BLOCKS) - 1))] for value in values)

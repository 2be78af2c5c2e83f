"""Series that end in values that are no numbers, and since when: no earlier value is the last one.

Trainers log NaN or infinity where a run breaks. Some also log nothing at all (null) at the steps at which a
value is not measured: gaps as long as a series had before do not count as its end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.domain.curves.attempts import current_points
from bot.domain.job import MetricPoint
from bot.domain.spelling import measured


@dataclass(frozen=True, slots=True)
class Broken:
    """What a series has come to."""

    key: str
    value: float
    """The first of its last values: NaN or an infinity."""
    step: int
    """Where that was; the points are counted where they have no steps."""
    has_steps: bool = True
    is_whole: bool = False
    """It never was a number."""

    @property
    def words(self) -> str:
        """Since when: ``NaN since step 30``."""
        since = f"{measured(self.value)} since {'step' if self.has_steps else 'point'} {self.step:,}"
        return f"{since}, never a number" if self.is_whole else since


def broken_series(points: Iterable[MetricPoint]) -> Mapping[str, Broken]:
    """Those of the series that end so, by key; of a job that began again only this attempt counts."""
    found = ((key, _broken(key, each)) for key, each in current_points(points).items())
    return {key: each for key, each in found if each is not None}


def _broken(key: str, points: Sequence[MetricPoint]) -> Broken | None:
    if not points or math.isfinite(points[-1].value):
        return None
    runs = [(is_number, len(list(run))) for is_number, run in groupby(map(_is_number, points))]
    tail = runs[-1][1]
    if tail <= max((length for is_number, length in runs[:-1] if not is_number), default=0):
        return None
    first = points[-tail]
    step = first.step if first.step is not None else len(points) - tail + 1
    return Broken(key, first.value, step, first.step is not None, is_whole=len(runs) == 1)


def _is_number(point: MetricPoint) -> bool:
    return math.isfinite(point.value)

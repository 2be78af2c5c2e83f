"""What a job has logged since it last began at a checkpoint: the rest no longer counts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.domain.job import MetricPoint

_FEWEST_OF_AN_ATTEMPT: Final = 3
"""Fewer points that came out of order are a log that was written late."""


def current_points(points: Iterable[MetricPoint]) -> Mapping[str, Sequence[MetricPoint]]:
    """Every key's points by step, in the order in which the keys first appear.

    Where time tells that steps began again, what was logged before for those steps and beyond is left out.
    Points that have no steps stay in the order in which they came.
    """
    by_key: dict[str, list[MetricPoint]] = {}
    for point in points:
        by_key.setdefault(point.key, []).append(point)
    return {key: _current(found) for key, found in by_key.items()}


def _current(found: Sequence[MetricPoint]) -> Sequence[MetricPoint]:
    if any(point.step is None for point in found):
        return found
    if any(point.timestamp is None for point in found):
        by_step = {point.step: point for point in found}
        return sorted(by_step.values(), key=lambda point: point.step or 0)
    kept: list[MetricPoint] = []
    for attempt in _attempts(sorted(found, key=_moment)):
        _join(kept, list({_step(point): point for point in attempt}.values()))
    return kept


def _attempts(in_time: Sequence[MetricPoint]) -> Iterable[Sequence[MetricPoint]]:
    """The stretches in which the steps do not go back; a step may be logged twice."""
    start = 0
    for index in range(1, len(in_time)):
        if _step(in_time[index]) < _step(in_time[index - 1]):
            yield in_time[start:index]
            start = index
    if in_time:
        yield in_time[start:]


def _join(kept: list[MetricPoint], attempt: Sequence[MetricPoint]) -> None:
    """Add one more attempt, which usually replaces what is kept from its first step on.

    A machine whose clock is behind may log the later steps with the earlier times. What came first then
    begins later and goes on further than what came after it, which no attempt does that begins a run.
    """
    first, last = _step(attempt[0]), _step(attempt[-1])
    if len(kept) >= _FEWEST_OF_AN_ATTEMPT and first < _step(kept[0]) and last < _step(kept[-1]):
        kept[:0] = attempt[: bisect_left(attempt, _step(kept[0]), key=_step)]
        return
    del kept[bisect_left(kept, first, key=_step) :]
    kept.extend(attempt)


def _step(point: MetricPoint) -> int:
    return point.step or 0


def _moment(point: MetricPoint) -> tuple[float, int]:
    return point.timestamp.timestamp() if point.timestamp else 0.0, point.step or 0

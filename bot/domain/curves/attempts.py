"""What a job has logged since it last began at a checkpoint: the rest no longer counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.job import MetricPoint


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
    for point in sorted(found, key=_moment):
        while kept and (kept[-1].step or 0) >= (point.step or 0):
            kept.pop()
        kept.append(point)
    return kept


def _moment(point: MetricPoint) -> tuple[float, int]:
    return point.timestamp.timestamp() if point.timestamp else 0.0, point.step or 0

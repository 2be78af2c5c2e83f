"""What was counted and timed, in prometheus-client's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import inf

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.utils import floatToGoString

Labels = tuple[str, ...]


def counter(name: str, about: str, names: Labels, counts: Mapping[Labels, int]) -> Metric:
    """A counter with these counts, by the values of its labels."""
    family = CounterMetricFamily(name, about, labels=names)
    for values, count in counts.items():
        family.add_metric(values, count)
    return family


def histogram(
    name: str,
    about: str,
    names: Labels,
    bounds: Sequence[float],
    timings: Mapping[Labels, tuple[Sequence[int], float]],
) -> Metric:
    """A histogram with these sums and counts, each of one bucket alone; told is also what is shorter."""
    family = HistogramMetricFamily(name, about, labels=names)
    ends = [floatToGoString(each) for each in (*bounds, inf)]  # type: ignore[no-untyped-call]  # theirs
    for values, (counts, total) in timings.items():
        family.add_metric(values, list(zip(ends, accumulate(counts), strict=True)), total)
    return family

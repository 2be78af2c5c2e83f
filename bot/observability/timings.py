"""A histogram that costs little to add to: what takes time is done when Prometheus asks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import inf

from prometheus_client import Metric
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString


class Timing:
    """One series. Added to by the event loop alone, so that nothing has to be locked."""

    __slots__ = ("_bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        """Those of each bucket alone, and of what is longer than all."""
        self.total = 0.0

    def observe(self, seconds: float) -> None:
        """Add one."""
        self.counts[bisect_left(self._bounds, seconds)] += 1
        self.total += seconds


class Timings(Collector):
    """A histogram of seconds, with a series for each combination of labels that was asked for.

    prometheus-client's own walks through the bounds one by one and takes two locks for each value.
    """

    def __init__(self, name: str, about: str, bounds: Sequence[float], labels: Sequence[str] = ()) -> None:
        self._name = name
        self._about = about
        self._bounds = tuple(bounds)
        self._labels = tuple(labels)
        self._series: dict[tuple[str, ...], Timing] = {}
        if not labels:
            self.labels()

    def labels(self, *values: str) -> Timing:
        """The series with these labels."""
        if (series := self._series.get(values)) is None:
            series = self._series[values] = Timing(self._bounds)
        return series

    def collect(self) -> Iterator[Metric]:
        """All of them, each bucket with what is shorter."""
        family = HistogramMetricFamily(self._name, self._about, labels=self._labels)
        names = [floatToGoString(each) for each in (*self._bounds, inf)]  # type: ignore[no-untyped-call]
        for labels, series in self._series.items():
            buckets = list(zip(names, accumulate(series.counts), strict=True))
            family.add_metric(labels, buckets, series.total)
        yield family

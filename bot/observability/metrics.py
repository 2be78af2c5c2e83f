"""The metrics, as Prometheus reads them.

No label says who, where or which job: each has one of a few values that are known beforehand, and whatever
else comes is ``other``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import accumulate
from math import inf
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Metric,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from bot.domain.errors import JobBotError, TrainingApiError
from bot.domain.health.incidents import LATE_SECONDS, Incident
from bot.domain.ports.monitoring.measures import (
    CommandOutcome,
    DeliveryOutcome,
    Endpoint,
    SettlementOutcome,
)
from bot.observability.incidents import IncidentCounts
from bot.observability.slack_methods import SLACK_METHODS

OK: Final = "ok"
OTHER: Final = "other"
_NO_SPAN: Final = nullcontext()

_ACK_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
"""Up to Slack's limit for an ack."""
_ANSWER_SECONDS: Final = (0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 30)
_TOLD_SECONDS: Final = (5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_800, 3_600)


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


class Metrics:
    """Implements `bot.domain.ports.monitoring.measures.Measures`; one registry a process.

    ``commands`` are the names that may stand in a label.
    """

    def __init__(self, commands: Collection[str]) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a further series of each, which nobody needs
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._commands = frozenset(commands)
        self._outcomes = frozenset({OK, *_codes(TrainingApiError)})
        about = "From a verified delivery of Slack's to its acknowledgment."
        self._ack = self._timings("jobbot_ack_seconds", about, _ACK_SECONDS).labels()
        self.acknowledged = self._ack.observe
        """See the port. Without a step between: every delivery waits for it."""
        about = "From an understood command to its last answer."
        labels = "command", "outcome"
        self._command = self._timings("jobbot_command_seconds", about, _ANSWER_SECONDS, *labels)
        about = "From the end of a job, by Simplismart's clock, to the message about it."
        self._end_told = self._timings("jobbot_end_told_delay_seconds", about, _TOLD_SECONDS).labels()
        about = "Tries to post or edit a message."
        self._deliveries = self._counter("jobbot_deliveries_total", about, "outcome")
        about = "Searches for a message that may have been sent."
        self._settlements = self._counter("jobbot_settlements_total", about, "outcome")
        about, name = "Requests to Simplismart.", "jobbot_training_api_requests_total"
        self._requests = self._counter(name, about, "endpoint", "outcome")
        about, name = "Duration of requests to Simplismart.", "jobbot_training_api_request_seconds"
        self._request_seconds = self._timings(name, about, _ANSWER_SECONDS, "endpoint")
        about = "What was asked of the cache of Simplismart's answers."
        self._cache = self._counter("jobbot_cache_requests_total", about, "endpoint", "outcome")
        about = "Calls that Slack answered with 429."
        self._limited = self._counter("jobbot_slack_limited_total", about, "method")
        about = "Work that another process took over."
        self._leases_lost = self._counter("jobbot_leases_lost_total", about)
        self._known_commands: dict[tuple[str, CommandOutcome], Timing] = {}
        self._cached: dict[tuple[Endpoint, bool], Counter] = {}
        """Looked up once: finding a metric by its labels costs more than counting."""
        self.incidents = IncidentCounts()
        self.begin_span: Callable[..., AbstractContextManager[object]] | None = None
        """What begins a span, where there are traces."""
        self._begin_at_zero()

    def page(self) -> bytes:
        """All of it, in Prometheus's text format."""
        return generate_latest(self.registry)

    def commanded(self, command: str, outcome: CommandOutcome, seconds: float) -> None:
        """See the port."""
        key = command, outcome
        if (known := self._known_commands.get(key)) is None:
            known = self._command.labels(_one_of(self._commands, command), outcome.value)
            if command in self._commands:
                self._known_commands[key] = known
        known.observe(seconds)

    def end_told(self, org_id: str, seconds: float) -> None:
        """See the port. Clocks differ: an end that lies ahead was told at once."""
        self._end_told.observe(max(0.0, seconds))
        if seconds > LATE_SECONDS:
            self.incidents.happened(org_id, Incident.LATE)

    def delivered(self, org_id: str, outcome: DeliveryOutcome) -> None:
        """See the port."""
        if outcome is DeliveryOutcome.PARKED:
            self.incidents.happened(org_id, Incident.PARKED)
        self._deliveries.labels(outcome.value).inc()

    def settled(self, outcome: SettlementOutcome) -> None:
        """See the port."""
        self._settlements.labels(outcome.value).inc()

    def asked(self, endpoint: Endpoint, outcome: str, seconds: float) -> None:
        """See the port."""
        self._requests.labels(endpoint.value, _one_of(self._outcomes, outcome)).inc()
        self._request_seconds.labels(endpoint.value).observe(seconds)

    def cached(self, endpoint: Endpoint, *, is_hit: bool) -> None:
        """See the port."""
        self._cached[endpoint, is_hit].inc()

    def slack_limited(self, org_id: str, method: str) -> None:
        """See the port."""
        self.incidents.happened(org_id, Incident.LIMITED)
        self._limited.labels(_one_of(SLACK_METHODS, method)).inc()

    def lease_lost(self) -> None:
        """See the port."""
        self._leases_lost.inc()

    def span(self, name: str, **facts: str) -> AbstractContextManager[object]:
        """See the port."""
        return _NO_SPAN if self.begin_span is None else self.begin_span(name, **facts)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(name, about, labels, registry=self.registry)

    def _timings(self, name: str, about: str, bounds: Sequence[float], *labels: str) -> Timings:
        timings = Timings(name, about, bounds, labels)
        self.registry.register(timings)
        return timings

    def _begin_at_zero(self) -> None:
        """What never happened yet is 0, so that its first time shows as an increase."""
        for delivery in DeliveryOutcome:
            self._deliveries.labels(delivery.value)
        for settlement in SettlementOutcome:
            self._settlements.labels(settlement.value)
        for endpoint in Endpoint:
            self._request_seconds.labels(endpoint.value)
            for outcome in self._outcomes:
                self._requests.labels(endpoint.value, outcome)
            for is_hit, found in ((True, "hit"), (False, "miss")):
                self._cached[endpoint, is_hit] = self._cache.labels(endpoint.value, found)


def _one_of(known: Collection[str], value: str) -> str:
    return value if value in known else OTHER


def _codes(error: type[JobBotError]) -> Iterator[str]:
    yield error.code
    for each in error.__subclasses__():
        yield from _codes(each)

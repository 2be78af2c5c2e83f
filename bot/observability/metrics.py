"""The metrics, as Prometheus reads them.

No label says who, where or which job: each has one of a few values that are known beforehand, and whatever
else comes is ``other``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from time import perf_counter
from typing import Final, Generic, TypeVar

from prometheus_client import CollectorRegistry, Metric, ProcessCollector, generate_latest
from prometheus_client.registry import Collector

from bot.domain.health.incidents import LATE_SECONDS, Incident
from bot.domain.ports.monitoring.measures import (
    CommandOutcome,
    DeliveryOutcome,
    Endpoint,
    SettlementOutcome,
)
from bot.observability.exposition import counter, histogram
from bot.observability.incidents import IncidentCounts
from bot.observability.label_values import API_OUTCOMES, OTHER, SLACK_METHODS

_NO_SPAN: Final = nullcontext()

_ACK_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
"""Up to Slack's limit for an ack."""
_ANSWER_SECONDS: Final = (0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 30)
_TOLD_SECONDS: Final = (5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_800, 3_600)

_Series = TypeVar("_Series")


class Tally:
    """How often something happened: one series of a counter. No lock: the event loop alone adds to it."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0

    def add(self) -> None:
        """Count one."""
        self.count += 1


class Timing:
    """How long something took: one series of a histogram. As `Tally`; prometheus-client's take two locks."""

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


class _Labelled(Collector, Generic[_Series]):
    """A series for each combination of labels that was asked for; without labels the one."""

    def __init__(self, begin: Callable[[], _Series], name: str, about: str, labels: Sequence[str]) -> None:
        self._begin, self._name, self._about, self._labels = begin, name, about, tuple(labels)
        self._series: dict[tuple[str, ...], _Series] = {}
        if not labels:
            self.labels()

    def labels(self, *values: str) -> _Series:
        """The series with these labels."""
        if (series := self._series.get(values)) is None:
            series = self._series[values] = self._begin()
        return series


class Tallies(_Labelled[Tally]):
    """A counter."""

    def __init__(self, name: str, about: str, labels: Sequence[str] = ()) -> None:
        super().__init__(Tally, name, about, labels)

    def collect(self) -> Iterator[Metric]:
        """All series."""
        counts = {values: series.count for values, series in self._series.items()}
        yield counter(self._name, self._about, self._labels, counts)


class Timings(_Labelled[Timing]):
    """A histogram of seconds, whose buckets end at these bounds."""

    def __init__(self, name: str, about: str, bounds: Sequence[float], labels: Sequence[str] = ()) -> None:
        self._bounds = tuple(bounds)
        super().__init__(partial(Timing, self._bounds), name, about, labels)

    def collect(self) -> Iterator[Metric]:
        """All series."""
        timings = {values: (series.counts, series.total) for values, series in self._series.items()}
        yield histogram(self._name, self._about, self._labels, self._bounds, timings)


class _Acknowledging:
    """Times what happens in the block; the ack of every delivery waits for it."""

    __slots__ = ("_began_at", "_timing")

    def __init__(self, timing: Timing) -> None:
        self._timing = timing

    def __enter__(self) -> None:
        self._began_at = perf_counter()

    def __exit__(self, *_: object) -> None:
        self._timing.observe(perf_counter() - self._began_at)


class Metrics:
    """Implements `bot.domain.ports.monitoring.measures.Measures`; one registry a process.

    ``commands`` are the names that may stand in a label.
    """

    def __init__(self, commands: Collection[str]) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._commands = frozenset(commands)
        about = "From a verified delivery of Slack's to its acknowledgment."
        self._ack = self._timings("jobbot_ack_seconds", about, _ACK_SECONDS).labels()
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
        self._leases_lost = self._counter("jobbot_leases_lost_total", about).labels()
        self._known_commands: dict[tuple[str, CommandOutcome], Timing] = {}
        self._cached: dict[tuple[Endpoint, bool], Tally] = {}
        """Looked up once: finding a metric by its labels costs more than counting."""
        self.incidents = IncidentCounts()
        self.begin_span: Callable[..., AbstractContextManager[object]] | None = None
        """What begins a span, where there are traces."""
        self._begin_at_zero()

    def page(self) -> bytes:
        """All of it, in Prometheus's text format."""
        return generate_latest(self.registry)

    def acknowledging(self) -> AbstractContextManager[object]:
        """See the port."""
        timed = _Acknowledging(self._ack)
        return timed if self.begin_span is None else self._traced(timed)

    def commanded(self, command: str, outcome: CommandOutcome, seconds: float) -> None:
        """See the port."""
        key = command, outcome
        if (known := self._known_commands.get(key)) is None:
            known = self._command.labels(_one_of(self._commands, command), outcome.value)
            if command in self._commands:
                self._known_commands[key] = known
        known.observe(seconds)

    def end_told(self, team_id: str, org_id: str, seconds: float) -> None:
        """See the port. Clocks differ: an end that lies ahead was told at once."""
        self._end_told.observe(max(0.0, seconds))
        if seconds > LATE_SECONDS:
            self.incidents.happened(team_id, org_id, Incident.LATE)

    def delivered(self, team_id: str, org_id: str, outcome: DeliveryOutcome) -> None:
        """See the port."""
        if outcome is DeliveryOutcome.PARKED:
            self.incidents.happened(team_id, org_id, Incident.PARKED)
        self._deliveries.labels(outcome.value).add()

    def settled(self, outcome: SettlementOutcome) -> None:
        """See the port."""
        self._settlements.labels(outcome.value).add()

    def asked(self, endpoint: Endpoint, outcome: str, seconds: float) -> None:
        """See the port."""
        self._requests.labels(endpoint.value, _one_of(API_OUTCOMES, outcome)).add()
        self._request_seconds.labels(endpoint.value).observe(seconds)

    def cached(self, endpoint: Endpoint, *, is_hit: bool) -> None:
        """See the port."""
        self._cached[endpoint, is_hit].add()

    def slack_limited(self, team_id: str, org_id: str, method: str) -> None:
        """See the port."""
        self.incidents.happened(team_id, org_id, Incident.LIMITED)
        self._limited.labels(_one_of(SLACK_METHODS, method)).add()

    def lease_lost(self) -> None:
        """See the port."""
        self._leases_lost.add()

    def span(self, name: str, **facts: str) -> AbstractContextManager[object]:
        """See the port."""
        return _NO_SPAN if self.begin_span is None else self.begin_span(name, **facts)

    @contextmanager
    def _traced(self, timed: _Acknowledging) -> Iterator[None]:
        with timed, self.span("delivery"):
            yield

    def _counter(self, name: str, about: str, *labels: str) -> Tallies:
        self.registry.register(tallies := Tallies(name, about, labels))
        return tallies

    def _timings(self, name: str, about: str, bounds: Sequence[float], *labels: str) -> Timings:
        self.registry.register(timings := Timings(name, about, bounds, labels))
        return timings

    def _begin_at_zero(self) -> None:
        """What never happened yet is 0, so that its first time shows as an increase."""
        for delivery in DeliveryOutcome:
            self._deliveries.labels(delivery.value)
        for settlement in SettlementOutcome:
            self._settlements.labels(settlement.value)
        for endpoint in Endpoint:
            self._request_seconds.labels(endpoint.value)
            for outcome in API_OUTCOMES:
                self._requests.labels(endpoint.value, outcome)
            for is_hit, found in ((True, "hit"), (False, "miss")):
                self._cached[endpoint, is_hit] = self._cache.labels(endpoint.value, found)


def _one_of(known: Collection[str], value: str) -> str:
    return value if value in known else OTHER
